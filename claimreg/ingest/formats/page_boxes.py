"""Boxes that lie over a page: those that ask for consent, and those that want a reader for a newsletter.

They are told by their nature: the names that the makers of such boxes give them, that they are dialogues, and, where no name says it, that
they speak of cookies and have buttons. Nothing that holds the page's article or its headline is a box.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from claimreg.ingest.formats.page_parts import CONSENT, DIALOGUE, NEWSLETTER, TOOLBAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

_PLATFORMS = re.compile(
    r"""onetrust|optanon|\bot-sdk|cookiebot|cybotcookie|didomi|usercentrics|qc-cmp|sp_message|truste\b|trustarc|consent_blackbar|iubenda-cs
    |cookie-law-info|\bcli-modal|\bcky-|borlabs|\bcmplz|\bklaro\b|osano-cm|\btermly|axeptio|tarteaucitron|\bcc-window|\bcc-banner|\bcc_banner
    |\bfc-consent|\bfc-dialog|moove_gdpr|evidon|cookiefirst|hs-eu-cookie|cookieyes|cookiehub|cookiescript|consentmanager|\bcmpbox|appconsent
    |sirdata|\beu-cookie|cookieconsent|cookieinfo|\bcmp-(?:app|container|root|wrapper)""",
    re.IGNORECASE | re.VERBOSE,
)
"""Names that the platforms in use for consent give to their boxes, by what their scripts put into pages."""

_CONSENT_NAME = re.compile(
    r"cookies?|consent|consentement|gdpr|dsgvo|rgpd|lgpd|kvkk|\brodo\b|ciasteczk|einwilligung|datenschutz-?hinweis|zgoda|soglasie",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"(?:^|\s)(?:tag|category|cat|topic|term|post|section|keyword|author|postid|page)[-_]\S*", re.IGNORECASE)
"""Names that say what an article is about, not what an element is."""

_BOX_NAME = re.compile(
    r"banner|notice|notification|[-_]bar|bar\b|pop-?up|modal|dialog|overlay|layer|wall|box|prompt|alert|hint|toast|panel|hinweis|leiste|aviso|"
    r"avis|bandeau|melding|widget|container|wrapper|wrap\b|message|manager|settings|preferences|disclaimer",
    re.IGNORECASE,
)
_NEWSLETTER_NAME = re.compile(
    r"newsletter|mailing-?list|nyhetsbrev|nyhedsbrev|nieuwsbrief|infolettre|boletin|bulletin-(?:signup|inscription)|mc_embed|mailchimp|"
    r"subscri(?:be|ption)[-_]?(?:box|form|modal|popup|banner|widget|wall)|sign-?up[-_]?(?:box|form|modal|popup|banner|widget)|rassylk|podpisk|e-?b[uü]lten",
    re.IGNORECASE,
)
_COOKIES = (
    "cookie", "куки", "кукі", "бисквитк", "печиво", "колачић", "kolačić", "piškot", "ciasteczk", "süti", "evästee", "küpsis",
    "sīkdat", "slapuk", "vafrakök", "informasjonskaps", "kakor", "galetes", "çerez", "cerez", "μπισκότ", "עוגיות",
    "ملفات تعريف الارتباط", "كوكي", "کوکی", "クッキー", "쿠키", "คุกกี้", "कुकी", "কুকি", "குக்கீ", "թխուկ", "ქუქი", "кукилер",
)  # fmt: skip
"""Names of a cookie in languages; most say it in English letters."""

_PRIVACY = (
    "traceur", "einwilligung", "privatsphäre", "datenschutz", "personenbezogen", "consent", "consenso", "privacy", "vie privée",
    "données personnelles", "privacidad", "приватност", "конфиденциальн", "персональн", "gizlilik", "құпия", "дербес дерек", "жеке дерек",
    "samtykke", "samtycke", "toestemming", "zgod", "souhlas", "prywatno", "الخصوصية", "פרטיות", "プライバシー", "개인정보", "隐私", "隱私",
)  # fmt: skip
"""Things that a box for consent speaks of beside cookies."""

_COOKIE = re.compile("|".join(_COOKIES))
_CONSENT = re.compile("|".join((*_COOKIES, *_PRIVACY)))
_SIGN_UP = re.compile(r"sign-?up|subscri|letter|lettre|inscri|abonn|mailing", re.IGNORECASE)
_OVER = re.compile(
    r"(?<![a-z])(?:modal|pop-?up|overlay|(?<!js-)lightbox(?![-_]*(?:gallery|image|img|photo|picture|link|trigger|item)))(?![a-z])",
    re.IGNORECASE,
)
"""Names of what lies over a page; where a lightbox is of pictures, its name stands at the article that they are in."""

_ARCHIVE = re.compile(r"wm-ipp", re.IGNORECASE)
_DIALOGS = frozenset({"dialog", "alertdialog"})
_ROLES = frozenset({"main", "article"})
_ROOTS = frozenset({"html", "body", "head"})
_BOXES = ("div", "section", "aside", "form", "dialog", "footer", "header", "p", "ul", "table", "center")
_WORDS = (
    "cookie", "consent", "einwilligung", "ciasteczk", "gdpr", "dsgvo", "rgpd", "lgpd", "kvkk", "rodo", "zgoda", "soglasie", "datenschutz",
    "dialog", "modal", "popup", "pop-up", "overlay", "lightbox", "inscri", "abonn", "letter", "lettre", "nyhetsbrev", "nyhedsbrev",
    "nieuwsbrief", "boletin", "bulletin", "mailing", "subscri", "sign", "mailchimp", "mc_embed", "rassylk", "podpisk", "bülten", "bulten",
    "onetrust", "didomi", "usercentrics", "qc-cmp", "sp_message", "truste", "trustarc", "iubenda", "cli-modal", "cky-", "borlabs",
    "cmplz", "klaro", "osano", "termly", "axeptio", "tarteaucitron", "cc-", "cc_banner", "fc-dialog", "evidon", "cmp", "wm-ipp",
    "optanon", "ot-sdk", "sirdata",
)  # fmt: skip
"""A word of each name above, in small letters: a page that has none of them has no box."""

_LONGEST_NAMES = 500
_LARGEST_UNNAMED = 2_500
"""Code points of a box that is told by its words alone; the longest first layers of consent boxes have some two thousand."""

_LENGTH_TO_A_WORD = 300
"""Code points of such a box to each word of consent in it; an article about consent is longer, or has fewer of them."""

_HIGHEST = 12
_MOST_BUTTONS = 100


def boxes_of(tree: HtmlElement, source: str) -> dict[HtmlElement, str]:
    """The elements that are boxes, each with the label of what is in it; ``source`` is the page's HTML."""
    from lxml.etree import iterwalk

    lowered = source.lower()
    speaks = any(word in lowered for word in (*_COOKIES, *_PRIVACY))
    if not speaks and not any(word in lowered for word in _WORDS):
        return {}
    holding = _Holding(tree)
    found: dict[HtmlElement, str] = {}
    walk = iterwalk(tree, events=("start",), tag=_BOXES)
    for _, element in walk:
        if element not in holding.articles and (label := _nature(element, holding)):
            found[element] = label
            walk.skip_subtree()
    if speaks:
        for element in _by_words(holding):
            found.setdefault(element, CONSENT)
    return found


class _Holding:
    """Elements by what they hold, themselves among it: articles, headlines, buttons, fields for an address."""

    def __init__(self, tree: HtmlElement) -> None:
        self.hearts = {*tree.iter("article", "main"), *tree.xpath("//*[@role='main' or @role='article' or @itemprop='articleBody']")}
        self.articles = _with_those_around(self.hearts)
        self.headlines = _with_those_around(tree.iter("h1"))
        self.presses = [one for one in tree.iter("button", "input", "a") if _is_button(one)]
        self.buttons = _with_those_around(self.presses)
        self.addresses = _with_those_around(one for one in tree.iter("input") if one.get("type") == "email")


def _with_those_around(elements: Iterable[HtmlElement]) -> set[HtmlElement]:
    around: set[HtmlElement] = set()
    for element in elements:
        one: HtmlElement | None = element
        while one is not None and one not in around:
            around.add(one)
            one = one.getparent()
    return around


def _is_button(element: HtmlElement) -> bool:
    if element.tag == "input":
        return element.get("type") in ("button", "submit", "checkbox")
    return element.tag == "button" or element.get("role") == "button" or (element.get("href") or "#").startswith(("#", "javascript:"))


def _nature(element: HtmlElement, holding: _Holding) -> str:
    """The label of a box, empty for what is none."""
    classes, name, role = element.get("class"), element.get("id"), element.get("role")
    if classes or name:
        label, is_platform, is_box = _named(classes, name)
        if label and (is_platform or (element not in holding.headlines and (is_box or element in holding.buttons))):
            return label
        if element in holding.addresses and element not in holding.headlines and _SIGN_UP.search(f"{classes or ''} {name or ''}"):
            return NEWSLETTER
    over = element in holding.buttons and bool(_OVER.search(f"{classes or ''} {name or ''}"))
    if element in holding.headlines:
        return ""
    if over or element.tag == "dialog" or role in _DIALOGS or element.get("aria-modal") == "true":
        return NEWSLETTER if element in holding.addresses else CONSENT if _COOKIE.search(element.text_content().lower()) else DIALOGUE
    return ""


@lru_cache(maxsize=4_096)
def _named(classes: str | None, name: str | None) -> tuple[str, bool, bool]:
    """The label that an element's names give it, whether they are a platform's, and whether they say by themselves that it is a box."""
    names = f"{classes or ''} {name or ''}"
    if len(names) > _LONGEST_NAMES:
        return "", False, False
    if _PLATFORMS.search(names):
        return CONSENT, True, True
    if _ARCHIVE.search(names):
        return TOOLBAR, True, True
    names = _SUBJECT.sub(" ", names)
    for pattern, label in ((_CONSENT_NAME, CONSENT), (_NEWSLETTER_NAME, NEWSLETTER)):
        if pattern.search(names):
            return label, False, bool(_BOX_NAME.search(pattern.sub(" ", names)))
    return "", False, False


def _by_words(holding: _Holding) -> Iterator[HtmlElement]:
    """Boxes without a name: they stand apart from article and headline, have a button, and speak of little else than consent."""
    seen: set[HtmlElement] = set()
    for button in holding.presses[:_MOST_BUTTONS]:
        box: HtmlElement | None = None
        around = button.getparent()
        for _ in range(_HIGHEST):
            if around is None or around.tag in _ROOTS or around in holding.articles or around in holding.headlines:
                break
            box, around = around, around.getparent()
        if box is None or box in seen or around in holding.hearts:
            continue
        seen.add(box)
        words = box.text_content().lower()
        if len(words) <= _LARGEST_UNNAMED and len(_CONSENT.findall(words)) * _LENGTH_TO_A_WORD >= len(words.strip()):
            yield box
