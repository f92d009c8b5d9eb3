"""Which names a person is asked about, and which not."""

from collections.abc import Callable

import pytest
from growth import assert_fair_growth
from hypothesis import given
from hypothesis import strategies as st

from claimreg.text.name_keys import name_key, name_skeleton
from claimreg.text.names import ASK_BAR, closest_names, name_similarity

SAME = [
    ("Joe Biden", "Джо Байден"),
    ("ООО «Вега»", "Вега"),
    ("АҚ «Жол»", "«Жол» ЖШС"),
    ("«Самрук-Қазына» АҚ", "Samruk-Kazyna JSC"),
    ("William Browder", "Уильям Браудер"),
    ("MINISTRY OF JUSTICE", "Ministry of Justice"),
    ("Марат Жыланбаевқа", "Zhylanbayev Marat"),
    ("Ильяшев", "Ильяшевке"),
    ("Ильяшев", "Ильяшевті"),
    ("Ильяшевке", "Ильяшевті"),
    ("Ильяшева", "Ильяшеву"),
    ("Әлнұр Ильяшев", "Ильяшев Әлнұрға"),
    ("Алнур Ильяшев", "Alnur Ilyashev"),
    ("Әлнұр Ильяшевтің", "Alnur Ilyashev"),
    ("А. Ильяшев", "Алнур Ильяшев"),
    ("Ilyashev A.", "Алнур Ильяшев"),
    ("Ильяшев", "Әлнұр Ильяшевке"),
    ("Ингибьёрг Сольрун Гисладоттир (ханым)", "Ingibjörg Sólrún Gísladóttir"),
    ("г-н Токаев", "Токаев"),
    ("Касым-Жомарт Токаев", "Қасым-Жомарт Тоқаевтың"),
    ("Qasym-Jomart Toqaev", "Касым-Жомарт Токаев"),
    ("К.К. Токаев", "Касым-Жомарт Токаев"),
    ("Mr Smith", "Smith"),
    ("ТОО «Қарлығаш»", "Карлыгаш LLP"),
    ("ТОО «Ромашка»", "Ромашка"),
    ("Amnesty International", "Эмнести Интернешнл"),
    ("Almaty court", "Almaty Court"),
    ("Алматы соты", "Алматы сотының"),
    ("«Нұр Отан» партиясы", "Нур Отан"),
    ("Nur Otan", "«Нұр Отан» партиясын"),
    ("US Senate", "U.S. Senate"),
    ("KazMunayGas", "Каз Мунай Газ"),
    ("School No. 1", "School № 1"),
    ("Школа №5", "Школы № 5"),
    ("Верховный суд", "Верховного суда"),
    ("Иванов Иван Петрович", "Иванов И.П."),
    ("Никола Јокић", "Nikola Jokić"),
    ("Volodymyr Zelenskyy", "Володимир Зеленський"),
    ("Зеленський", "Зеленського"),
    ("Human Rights Watch", "Хьюман Райтс Вотч"),
    ("Радио Азаттық", "Radio Azattyq"),
    ("Министерство юстиции", "Министерства юстиции"),
    ("Әділет министрлігі", "Әділет министрлігінің"),
    ("Джон Смит", "John Smith"),
    ("Сара Джонсон", "Sarah Johnson"),
    ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos"),
    ("ЕҚЫҰ", "ЕҚЫҰ-ға"),
    ("Dr. Иван Петров", "Министр Иван Петров"),
    ("Almaty court", "Алматы соты"),
    ("Алматинский суд", "Алматы соты"),
    ("Бостандықский районный суд Алматы", "Бостандық ауданы соты, Алматы қ."),
    ("Дональд Трамп", "Donald Trump"),
    ("Мұхтар Әуезов", "Mukhtar Auezov"),
    ("Алматы қалалық соты", "Алматы соты"),
    ("Аlmaty сourt", "Almaty court"),
    ("Elizabeth II", "Elizabeth II"),
    ("ЖШС Береке", "Береке ТОО"),
    ("Reuters", "Рейтер"),
    ("Евгений Жовтис", "Yevgeniy Zhovtis"),
    ("Бақытжан Сағынтаев", "Bakytzhan Sagintayev"),
]
OTHER = [
    ("Jon Smith", "Jane Smith"),
    ("Fox News", "Sky News"),
    ("Марат Ильяшев", "Мурат Серіков"),
    ("Алматы әкімдігі", "Астана әкімдігі"),
    ("Халық банкі", "Ұлттық банк"),
    ("Ақ жол", "Ата жол"),
    ("ООО Вега", "ООО Лира"),
    ("Almaty court", "Astana court"),
    ("Ministry of Justice", "Ministry of Health"),
    ("School No. 1", "School No. 2"),
    ("Court", "Almaty court"),
    ("Ministry", "Ministry of Health"),
    ("Алматы соты", "Астана соты"),
    ("Министерство юстиции", "Министерство здравоохранения"),
    ("Elizabeth I", "Elizabeth II"),
    ("Almaty", "Almaty court"),
    ("Almaty court", "Almaty police"),
    ("A. Ivanov", "B. Ivanov"),
    ("Иван Петров", "Иван Павлов"),
    ("Марат Ильяшев", "Асель Ильяшева"),
    ("Kazakhstan", "Amnesty Kazakhstan"),
    ("BBC", "ABC"),
    ("НТВ", "КТК"),
    ("Суд", "Министерство"),
    ("Әділет министрлігі", "Денсаулық министрлігі"),
    ("Шымкент соты", "Алматы соты"),
    ("Nazarbayev", "Nazarbayev University"),
    ("Школа №5", "Школа"),
    ("Almaty city court", "Almaty regional court"),
    ("Amnesty International", "Transparency International"),
    ("Human Rights Watch", "Human Rights Foundation"),
    ("Нұр Отан партиясы", "Ақ жол партиясы"),
    ("Smith", "Jones"),
    ("John Smith", "John Brown"),
    ("Верховный суд", "Конституционный суд"),
    ("Верховный суд", "Суд"),
    ("Habar", "Habar 24"),
    ("Токаев", "Назарбаев"),
    ("", ""),
    ("", "Smith"),
    ("United States", "United Nations"),
    ("Supreme Court of Kazakhstan", "Supreme Court of Russia"),
    ("Радио Свобода", "Радио Маяк"),
    ("Казахстан", "Узбекистан"),
    ("Medeu district court of Almaty", "Bostandyk district court of Almaty"),
    ("Ministry of Justice of the Republic of Kazakhstan", "Ministry of Health of the Republic of Kazakhstan"),
]

WORDS = ["Алматы", "соты", "court", "Astana", "Ильяшевке", "Ilyashev", "А.", "B", "№1", "II", "ТОО", "г-н", "of", "Мың", "-ға", "«Х»"]
NAMES = st.text() | st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)


@pytest.mark.parametrize(("a", "b"), SAME)
def test_one_party_is_asked_about(a: str, b: str) -> None:
    assert name_similarity(a, b) >= ASK_BAR


@pytest.mark.parametrize(("a", "b"), OTHER)
def test_two_parties_are_not_asked_about(a: str, b: str) -> None:
    assert name_similarity(a, b) < ASK_BAR


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("«Нұр  Отан»", 'нұр "отан"'),
        ("О'Коннор", "О’Коннор"),
        ("Королёв", "КОРОЛЕВ"),
        ("Аlmaty", "Almaty"),
        ("Қaзaқстан", "Қазақстан"),
        ("Смит, Джон", "Смит Джон"),
        ("ＢＢＣ", "bbc"),
        ("СОР", "cop"),
    ],
)
def test_keys_meet(a: str, b: str) -> None:
    assert name_key(a) == name_key(b)


@pytest.mark.parametrize(("a", "b"), [("Астана", "Астаны"), ("School 1", "School 2"), ("Нұр", "Нур"), ("हिंदी", "हदी")])
def test_keys_stay_apart(a: str, b: str) -> None:
    assert name_key(a) != name_key(b)


def test_skeleton_is_shared_by_scripts() -> None:
    assert name_skeleton("Қасым-Жомарт Тоқаев") == name_skeleton("Qasym-Jomart Toqaev") == "kasim jomart tokaev"


def test_closest_names_are_best_first_and_each_party_once() -> None:
    candidates = [
        ("p1", "Марат Ильяшев"),
        ("p2", "Әлнұр Ильяшев"),
        ("p2", "Alnur Ilyashev"),
        ("p3", "Алматы соты"),
        ("p4", "Ильяшев"),
    ]
    found = closest_names("Алнур Ильяшевке", candidates)
    assert [party for party, _, _ in found] == ["p2", "p4"]
    assert found == sorted(found, key=lambda one: -one[2])
    assert all(likeness >= ASK_BAR for _, _, likeness in found)


@pytest.mark.parametrize(("limit", "count"), [(0, 0), (-1, 0), (1, 1), (9, 5)])
def test_closest_names_keep_to_the_limit(limit: int, count: int) -> None:
    assert len(closest_names("Ильяшев", [(str(i), "Ильяшева") for i in range(5)], limit)) == count


def test_closest_names_take_what_their_number_takes() -> None:
    given_names = ["Айдос", "Марат", "Динара", "Peter", "Anna"]
    runs = iter(range(100))

    def work(size: int) -> Callable[[], object]:
        def ask() -> object:
            run = next(runs)  # other names each time, as those that are known are remembered
            return closest_names(
                "Динара Ахметова",
                [(str(i), f"{given_names[i % 5]} {chr(0x430 + i % 32)}{chr(0x430 + i % 29)}бай{i % 97}ов{run}") for i in range(size)],
            )

        return ask

    assert_fair_growth(work, 1_000)


@given(NAMES, NAMES)
def test_similarity_is_symmetric_and_in_range(a: str, b: str) -> None:
    likeness = name_similarity(a, b)
    assert 0 <= likeness <= 100
    assert likeness == name_similarity(b, a)


@given(NAMES)
def test_a_name_is_like_itself(name: str) -> None:
    assert name_similarity(name, name) in {0.0, 100.0}


@given(NAMES)
def test_key_of_a_key_is_itself(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4))
def test_word_order_does_not_matter_much(words: list[str]) -> None:
    assert name_similarity(" ".join(["Смит", *words]), " ".join([*reversed(words), "Смит"])) >= ASK_BAR
