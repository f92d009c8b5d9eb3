"""No public name or signature of the library goes away unnoticed."""

from __future__ import annotations

from public import LIST, lines_of, public_lines

HOW = "run: python tests/api/public.py"


def gone_and_new(before: list[str], now: list[str]) -> tuple[list[str], list[str]]:
    return [line for line in before if line not in now], [line for line in now if line not in before]


def test_the_public_names_are_those_that_were_promised() -> None:
    gone, new = gone_and_new(LIST.read_text(encoding="utf-8").splitlines(), public_lines())
    assert not gone, f"Programs that use these will break: {gone}. Put them back; where that is meant, tell it in the changelog and {HOW}"
    assert not new, f"These are new, and will have to stay: {new}. Tell them in the docs and {HOW}"


class Example:
    kept: int = 0

    def method(self, one: str, *, two: int = 2) -> bool:
        return bool(one) and bool(two)

    @property
    def told(self) -> str:
        return ""


class Changed(Example):
    def method(self, one: str, *, two: int = 3, three: int = 4) -> bool:
        return bool(one) and bool(two + three)


def test_a_name_that_went_away_and_a_signature_that_changed_are_noticed() -> None:
    before = list(lines_of("Example", Example))
    assert "Example.method(self, one: 'str', *, two: 'int' = 2) -> 'bool'" in before
    assert {"Example.told -> str", "Example.kept: int"} <= set(before)
    gone, new = gone_and_new(before, list(lines_of("Example", Changed)))
    assert "Example.method(self, one: 'str', *, two: 'int' = 2) -> 'bool'" in gone
    assert "Example.method(self, one: 'str', *, two: 'int' = 3, three: 'int' = 4) -> 'bool'" in new
