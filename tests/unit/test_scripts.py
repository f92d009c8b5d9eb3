"""A quote in each script: as it stands, typed otherwise, with a letter wrong, and where it is not."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from claimreg.linker import LayeredLinker, Match
from claimreg.model import Flag, LinkKind

FIND = LayeredLinker().find


@dataclass(frozen=True)
class Case:
    """A text before the quote, the quote, the text after it; the quote typed otherwise, with a slip, and another quote."""

    before: str
    quote: str
    after: str
    otherwise: str
    slip: str
    absent: str

    @property
    def text(self) -> str:
        return self.before + self.quote + self.after


CASES = {
    "cyrillic": Case(
        "Бүгін Алматыда баспасөз мәслихаты өтті. Министр: «",
        "жаңа заң келесі жылдың басынан бастап күшіне енеді",
        "», – деп хабарлады. Журналистер көп сұрақ қойды.",
        "ЖАҢА ЗАҢ келесі\u00a0жыл\u00adдың басынан\nбастап күшiне енедi",
        "жаңа заң келеси жылдың басынан бастап күшіне енеді",
        "қала әкімі мектеп құрылысы туралы ештеңе айтпады",
    ),
    "russian": Case(
        "Вчера прошло заседание городского совета. Мэр заявил: «",
        "мост через реку будет закрыт на ремонт ещё до конца осени",
        "». Жители района недовольны этим решением.",
        "мост через реку БУДЕТ закрыт\n  на ремонт еще до конца осени",
        "мост через реку будет закрыт на рамонт ещё до конца осени",
        "новая больница откроется для пациентов весной",
    ),
    "latin": Case(
        "Kemal Bey toplantıda konuştu: “",
        "yeni köprü gelecek yıl şehrin doğusunda açılacak",
        "” dedi. Ardından sorular soruldu.",
        "Yeni köprü GELECEK yıl  şehrin doğu-\nsunda açılacak",
        "yeni köprü gelecek yıl şehrin doğusunda açilacka",
        "öğretmenler sendikası grev kararını geri çekti",
    ),
    "greek": Case(
        "Χθες μίλησε ο δήμαρχος στην πλατεία. «",
        "Η γέφυρα θα παραμείνει κλειστή μέχρι το τέλος του χρόνου",
        "», είπε. Οι κάτοικοι διαμαρτυρήθηκαν.",
        "Η ΓΕΦΥΡΑ ΘΑ ΠΑΡΑΜΕΙΝΕΙ ΚΛΕΙΣΤΗ ΜΕΧΡΙ ΤΟ ΤΕΛΟΣ ΤΟΥ ΧΡΟΝΟΥ",
        "Η γέφυρα θα παραμείνει κλαιστή μέχρι το τέλος του χρόνου",
        "το νοσοκομείο της πόλης χρειάζεται περισσότερους γιατρούς",
    ),
    "arabic": Case(
        "عقد مجلس المدينة اجتماعا أمس. وقال الوزير: «",
        "سيبقى الجسر القديم مغلقا حتى نهاية السنة القادمة",
        "». ثم غادر القاعة دون أن يجيب عن الأسئلة.",
        "سَيَبْقَى الجسر القديـــم مُغْلَقاً حتى نهاية السنة القادمة",
        "سيبقى الجسر القديم مغلقا حتى نهابة السنة القادمة",
        "وصلت المساعدات الطبية إلى المستشفى الكبير صباحا",
    ),
    "hebrew": Case(
        "אתמול התקיימה ישיבת המועצה. ראש העיר אמר: ״",
        "הגשר הישן יישאר סגור עד סוף השנה הבאה",
        "״. לאחר מכן עזב את האולם בלי לענות על שאלות.",
        "הַגֶּשֶׁר הַיָּשָׁן יישאר  סגור עד סוף השנה הבאה",
        "הגשר הישן יישאר סגור עד סיף השנה הבאה",
        "בית החולים החדש ייפתח בקרוב לתושבי הצפון",
    ),
    "devanagari": Case(
        "कल नगर परिषद की बैठक हुई। मंत्री ने कहा, “",
        "पुराना पुल अगले साल के अंत तक बंद रहेगा",
        "”। इसके बाद पत्रकारों ने कई सवाल पूछे।",
        "पुराना  पुल, अगले साल के\nअंत तक बंद\u200d रहेगा",
        "पुराना पुल अगले साल के अंत तक बद रहेगा",
        "नया अस्पताल गाँव के लोगों के लिए खुल गया",
    ),
    "bengali": Case(
        "গতকাল নগর পরিষদের সভা হয়েছে। মন্ত্রী বলেছেন, “",
        "পুরানো সেতু আগামী বছরের শেষ পর্যন্ত বন্ধ থাকবে",
        "”। এরপর সাংবাদিকরা অনেক প্রশ্ন করেন।",
        "পুরানো সেতু — আগামী বছরের  শেষ পর্যন্ত\nবন্ধ থাকবে",
        "পুরানো সেতু আগামী বছরের শেষ পর্জন্ত বন্ধ থাকবে",
        "নতুন হাসপাতাল গ্রামের মানুষের জন্য খুলে গেছে",
    ),
    "chinese": Case(
        "昨天市政府举行了记者会。市长表示：“",
        "旧大桥将一直关闭到明年年底，请市民改走其他道路",
        "。”随后他回答了几个问题。",
        "旧大桥将一直关闭到明年年底,请市民\n改走其他道路",
        "旧大桥将一直关闭到明年年底，请市民改走其地道路",
        "新的医院已经开始为北部居民提供服务",
    ),
    "japanese": Case(
        "昨日、市議会が開かれた。市長は「",
        "古い橋は来年の終わりまで閉鎖されたままになります",
        "」と述べた。その後、記者団の質問に答えた。",
        "古い橋は、来年の終わりまで\n閉鎖されたままになります",
        "古い橋は来年の終わりまで開鎖されたままになります",
        "新しい病院は北部の住民のために開かれる予定です",
    ),
    "korean": Case(
        "어제 시의회 회의가 열렸다. 시장은 “",
        "낡은 다리는 내년 말까지 계속 폐쇄될 것이다",
        "”라고 말했다. 이후 기자들의 질문을 받았다.",
        "낡은 다리는\u00a0내년 말까지 \u1100\u1168속 폐쇄될  것이다",
        "낡은 다리는 내년 말까지 계속 페쇄될 것이다",
        "새 병원은 북부 주민들을 위해 문을 열었다",
    ),
    "thai": Case(
        "เมื่อวานมีการประชุมสภาเมือง นายกเทศมนตรีกล่าวว่า “",
        "สะพานเก่าจะปิดต่อไปจนถึงสิ้นปีหน้าเพื่อซ่อมแซม",
        "” หลังจากนั้นเขาตอบคำถามของนักข่าว",
        "สะพานเก่าจะปิดต่อไป จนถึงสิ้นปีหน้า\nเพื่อซ่อมแซม",
        "สะพานเก่าจะปิดต่อไปจนถึงสิ้นปีหมาเพื่อซ่อมแซม",
        "โรงพยาบาลแห่งใหม่เปิดให้บริการแก่ชาวบ้านแล้ว",
    ),
}
EACH = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def only(quote: str, text: str) -> Match:
    found = FIND(quote, text).matches
    assert len(found) == 1
    assert found[0].exact == text[found[0].start : found[0].end]
    return found[0]


@EACH
def test_exact(case: Case) -> None:
    match = only(case.quote, case.text)
    assert (match.kind, match.start, match.exact) == (LinkKind.EXACT, len(case.before), case.quote)


@EACH
def test_typed_otherwise(case: Case) -> None:
    match = only(case.otherwise, case.text)
    assert (match.kind, match.exact) == (LinkKind.TYPOGRAPHIC, case.quote)


@EACH
def test_the_source_typed_otherwise(case: Case) -> None:
    match = only(case.quote, case.before + case.otherwise + case.after)
    assert (match.kind, match.exact) == (LinkKind.TYPOGRAPHIC, case.otherwise)


@EACH
def test_a_letter_wrong(case: Case) -> None:
    match = only(case.slip, case.text)
    assert match.kind in {LinkKind.NEAR, LinkKind.ALTERED}
    assert match.exact == case.quote
    assert match.edits >= 1


@EACH
def test_absent(case: Case) -> None:
    assert FIND(case.absent, case.text).matches == ()


@EACH
def test_stitched(case: Case) -> None:
    ends = len(case.quote) // 2
    spaced = case.quote.find(" ", ends - 6)
    left, right = (case.quote[:spaced], case.quote[spaced + 1 :]) if spaced > 0 else (case.quote[: ends - 1], case.quote[ends + 1 :])
    match = only(f"{left} … {right}", case.before + left + " — " + case.absent + " — " + right + case.after)
    assert match.kind is LinkKind.STITCHED
    assert match.exact.startswith(left)
    assert match.exact.endswith(right)


KAZAKH = "Кеше баспасөз хатшысы сөйледі. Қазақстан халқы биыл жаңа ауылдарға көшіп барады деп айтты ол. Содан кейін сұрақтар қойылды."
PASSAGE = "Қазақстан халқы биыл жаңа ауылдарға көшіп барады"


@pytest.mark.parametrize(
    "quote",
    [
        "Qazaqstan halqy biyl jaña auyldarğa köşıp barady",
        "Qazaqstan khalqy biyl zhana auyldarga koship barady",
        "قازاقستان حالقى بيىل جاڭا اۋىلدارعا ءكوشىپ بارادى",
    ],
)
def test_kazakh_in_other_letters(quote: str) -> None:
    match = only(quote, KAZAKH)
    assert match.kind is LinkKind.NEAR
    assert match.exact == PASSAGE
    assert all(0 <= edit.quote.start < edit.quote.end <= len(quote) for edit in match.words)


def test_other_letters_with_a_word_changed_and_the_negation_flagged() -> None:
    match = only("qazaqstan halqy biyl jaña auyldarğa köşıp barğan joq", KAZAKH)
    assert match.kind is LinkKind.ALTERED
    assert Flag.NEGATION in match.flags


def test_other_letters_stitched() -> None:
    match = only("Qazaqstan halqy biyl … köşıp barady dep aitty", KAZAKH)
    assert match.kind is LinkKind.STITCHED
    assert [KAZAKH[slice(*part)] for part in match.parts] == ["Қазақстан халқы биыл", "көшіп барады деп айтты"]


def test_other_letters_absent() -> None:
    assert FIND("Qala äkımı mektep qūrylysy turaly eşteñe aitpady", KAZAKH).matches == ()
    assert FIND("The mayor said nothing about the new school", KAZAKH).matches == ()


def test_letters_of_one_alphabet_are_not_respelled() -> None:
    assert FIND("Қазақстан халқы биыл жаңа ауылдарға көшіп барады", KAZAKH).matches[0].kind is LinkKind.EXACT
