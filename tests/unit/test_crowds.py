"""Names of nobody are told from names, in every language of the project."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.interchange import crowds
from claimreg.interchange.crowds import is_crowd
from claimreg.languages import languages

NOBODY = {
    "ar": "مستخدمو مواقع التواصل الاجتماعي", "az": "Sosial şəbəkə istifadəçiləri", "be": "карыстальнікі сацыяльных сетак",
    "bg": "потребители в социалните мрежи", "bn": "সোশ্যাল মিডিয়া ব্যবহারকারী", "ca": "Diverses fonts", "cs": "Různé zdroje",
    "da": "Brugere på sociale medier", "de": "Verschiedene Facebook-Nutzer", "el": "Διάφορες πηγές",
    "en": "Social media users", "es": "usuarios de redes sociales", "et": "sotsiaalmeedia kasutajad", "fa": "کاربران شبکه‌های اجتماعی",
    "fi": "Sosiaalisen median käyttäjät", "fr": "Des utilisateurs d’Instagram", "he": "גולשים ברשתות החברתיות", "hi": "सोशल मीडिया यूजर",
    "hr": "korisnici društvenih mreža", "hu": "közösségi média felhasználók",
    "hy": "Սոցիալական ցանցերի օգտատերեր", "id": "Pengguna media sosial", "it": "Utenti dei social", "ja": "ソーシャルメディアのユーザー",
    "ka": "სოციალური ქსელის მომხმარებლები", "kk": "Әлеуметтік желі қолданушылары", "ko": "소셜 미디어 이용자들",
    "ky": "социалдык тармак колдонуучулары", "lt": "Socialinių tinklų vartotojai", "lv": "Dažādi avoti",
    "mk": "Корисници на социјалните мрежи",
    "mn": "Олон нийтийн сүлжээний хэрэглэгчид", "ms": "Pelbagai sumber", "nl": "Verschillende bronnen",
    "no": "Ukjent", "pl": "Użytkownicy mediów społecznościowych", "pt": "várias fontes", "ro": "Utilizatori ai rețelelor sociale",
    "ru": "Пользователи социальных сетей", "sk": "rôzne zdroje", "sl": "uporabniki družbenih omrežij",
    "sq": "Përdoruesit e rrjeteve sociale",
    "sr": "Корисници друштвених мрежа", "sv": "Användare på sociala medier", "th": "ผู้ใช้โซเชียลมีเดีย", "tr": "Sosyal medya kullanıcıları",
    "uk": "Користувачі соцмереж", "ur": "سوشل میڈیا صارفین", "uz": "Ijtimoiy tarmoq foydalanuvchilari", "vi": "Người dùng mạng xã hội",
    "zh": "社交媒体用户",
}  # fmt: skip
SOMEBODY = (
    "Ann", "X", "A", "Danh", "Harbour master", "Ministry of Social Affairs", "Social Democrats", "Facebook user Ann Harbour",
    "Anonymous collective Harbour", "Media Users Association", "The Sources Gazette", "Қазақстан Республикасының Үкіметі",
    "Министерство цифрового развития", "Wikipedia", "Jean Dupont", "新华社", "人民日报", "共同通信", "Tổng cục Thống kê", "", "…", "12",
    "An unnamed official of the Ministry", "Facebook Page - Harbour", "Twitter Inc.",
)  # fmt: skip


@pytest.mark.parametrize("name", NOBODY.values(), ids=NOBODY)
def test_a_crowd_is_told_in_its_language(name: str) -> None:
    for written in (name, name.upper(), f" {name}. ", f"«{name}»"):
        assert is_crowd(written)
    assert not is_crowd(f"{name} Qwertz")


@pytest.mark.parametrize("name", SOMEBODY)
def test_a_name_with_any_other_word_is_somebodys(name: str) -> None:
    assert not is_crowd(name)


def test_places_where_people_post_are_a_crowd_together_and_alone() -> None:
    assert all(map(is_crowd, ("Facebook", "WhatsApp, Facebook & Telegram", "Facebook/Twitter users", "фейсбук")))


def test_every_language_with_data_has_its_words_and_words_of_ones_own_only() -> None:
    import tomllib

    tables = tomllib.loads(crowds.WORDS.read_text(encoding="utf-8"))
    assert {one.tag for one in languages()} <= set(tables)
    assert all(
        set(table) <= {"who", "beside", "unspaced"} and table["who"].split() and table["beside"].split() for table in tables.values()
    )
    longest = {
        spaced: max(len(crowds._words(one.replace("_", " "))) for table in tables.values() if table.get("unspaced", False) is not spaced
                    for one in table["who"].split() + table["beside"].split())
        for spaced in (True, False)
    }  # fmt: skip
    assert all(longest[spaced] <= most for spaced, most in crowds._LONGEST_PHRASE.items())


@given(st.text(max_size=300))
def test_any_name_is_one_or_the_other(name: str) -> None:
    assert is_crowd(name) in (True, False)
