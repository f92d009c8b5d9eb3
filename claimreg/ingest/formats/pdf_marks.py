"""Marks of a PDF's content, and their meaning: the text that is meant, and what belongs to the page rather than to the text.

ISO 32000-2, 14.6 (marked content), 14.7 (structure), 14.8.2.2 (artifacts), 14.9.4 (replacement text).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimreg.ingest.formats.page_lines import BESIDE, EDGE

if TYPE_CHECKING:
    from pypdf import PageObject

NUMBER = "number"
"""Role of letters that the file says are a line's number."""

_MOST_ABOVE = 20
_MOST_NODES = 10_000
_DEEPEST = 30
_LONGEST = 100_000


class Mark:
    """A replacement text. ``told`` says that there is one; ``done``, that it has been put: an element's content may come in pieces."""

    def __init__(self, text: str, *, told: bool) -> None:
        self.text = text
        self.told = told
        self.done = False


NO_MARK = Mark("", told=False)


class Marks:
    """The marked content in which a page's letters are drawn; ``replaced`` is what stands for them, ``role`` what they are."""

    def __init__(self, page: PageObject) -> None:
        self.replaced = NO_MARK
        self.role = ""
        self._stack: list[tuple[Mark, str]] = []
        self._structure = _Structure(page)

    def begin(self, tag: str, properties: Any) -> None:  # noqa: ANN401 -- an object of a file that may be damaged
        """Enter marked content; what stands outside decides, where both tell."""
        self._stack.append((self.replaced, self.role))
        if tag == "/Artifact" and not self.role:
            self.role = _role_of(properties)
        if self.replaced is NO_MARK:
            told = text_of(properties.get("/ActualText"))
            self.replaced = Mark(told, told=True) if told is not None else self._structure.mark(properties.get("/MCID"))

    def end(self) -> None:
        """Leave it."""
        if self._stack:
            self.replaced, self.role = self._stack.pop()


class _Structure:
    """The replacement texts of the document's structure, by the numbers that a page's content is marked with."""

    def __init__(self, page: PageObject) -> None:
        self._page = page
        self._parents: list[Any] | None = None
        self._marks: dict[int, Mark] = {}

    def mark(self, number: object) -> Mark:
        if not isinstance(number, float):
            return NO_MARK
        if self._parents is None:
            try:
                self._parents = self._of_page()
            except Exception:  # noqa: BLE001 -- a damaged structure, in any way at all, is no reason to lose the page
                self._parents = []
        if not 0 <= number < len(self._parents):
            return NO_MARK
        try:
            return self._told(self._parents[int(number)])
        except Exception:  # noqa: BLE001 -- as above
            return NO_MARK

    def _of_page(self) -> list[Any]:
        trailer = known(getattr(self._page.pdf, "trailer", None))
        root = known(known(trailer.get("/Root")).get("/StructTreeRoot"))
        key = self._page.get("/StructParents")
        if not isinstance(key, int) or not root:
            return []
        nodes = [(root.get("/ParentTree"), 0)]
        seen = 0
        while nodes and seen < _MOST_NODES:
            seen += 1
            value, depth = nodes.pop()
            node = known(value)
            numbers = listed(node.get("/Nums"))
            for at in range(0, len(numbers) - 1, 2):
                if numbers[at] == key:
                    return listed(numbers[at + 1])
            if depth < _DEEPEST:
                nodes.extend((kid, depth + 1) for kid in listed(node.get("/Kids")) if _may_hold(kid, key))
        return []

    def _told(self, element: object) -> Mark:
        """The replacement text of the outermost element that has one."""
        found = NO_MARK
        for _ in range(_MOST_ABOVE):
            one = known(element)
            told = text_of(one.get("/ActualText"))
            if told is not None:
                found = self._marks.setdefault(id(one), Mark(told, told=True))
            element = one.get("/P")
            if element is None:
                break
        return found


def _may_hold(kid: object, key: int) -> bool:
    limits = listed(known(kid).get("/Limits"))
    return len(limits) < 2 or limits[0] <= key <= limits[1]  # noqa: PLR2004 -- the least and the greatest


def _role_of(properties: Any) -> str:  # noqa: ANN401 -- an object of a file that may be damaged
    subtype, kind = properties.get("/Subtype"), properties.get("/Type")
    if subtype == "/LineNum":
        return NUMBER
    return EDGE if kind == "/Pagination" and subtype in {"/Header", "/Footer", "/PageNum", "/Bates", None} else BESIDE


def text_of(value: object) -> str | None:
    """The text that a PDF's string is: UTF-16 or UTF-8 with a mark, else PDFDocEncoding."""
    found = value.get_object() if hasattr(value, "get_object") else value
    if isinstance(found, bytes):
        from pypdf.generic import create_string_object

        found = create_string_object(found)
    if isinstance(found, bytes):
        found = found.decode("latin-1")
    return found[:_LONGEST] if isinstance(found, str) else None


def known(value: object) -> Any:  # noqa: ANN401 -- objects of a file that may be damaged
    """The dictionary that a value is or points to, else an empty one."""
    found = value.get_object() if hasattr(value, "get_object") else value
    return found if isinstance(found, dict) else {}


def listed(value: object) -> list[Any]:
    """The list that a value is or points to, else an empty one."""
    found = value.get_object() if hasattr(value, "get_object") else value
    return found if isinstance(found, list) else []
