"""The first line of each docstring stands alone: a verb or a noun, never half a question."""

import ast
from collections.abc import Iterator
from pathlib import Path

import claimreg

HOME = Path(claimreg.__file__).parent
HALF = {"What", "Whether", "How", "Which", "Who", "Whom", "Where", "When", "Why", "So", "Else", "Of", "But", "By", "As", "Some", "Let"}
VERBS = {"Return", "Yield"}


def docstrings(path: Path) -> Iterator[tuple[ast.AST, int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            # In a module or a class, a string after a name tells of the name.
            for one in node.body[:1] if isinstance(node, ast.FunctionDef) else node.body:
                if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant) and isinstance(one.value.value, str):
                    yield node, one.lineno, one.value.value


def is_misread(node: ast.AST, text: str) -> bool:
    first = text.split(maxsplit=1)[0].rstrip(",.:")
    return first in HALF or text.startswith("The same ") or (first in VERBS and not isinstance(node, ast.FunctionDef))


def misread(path: Path) -> list[str]:
    return [f"{path.relative_to(HOME)}:{line}: {text[:60]}" for node, line, text in docstrings(path) if is_misread(node, text)]


def test_each_begins_with_a_verb_or_a_noun() -> None:
    paths = sorted(HOME.rglob("*.py"))
    assert sum(1 for path in paths for _ in docstrings(path)) > 1_000
    assert [one for path in paths for one in misread(path)] == []


def test_half_a_question_is_noticed() -> None:
    told = ast.parse("def is_there() -> bool:\n    '''Whether it is there.'''").body[0]
    assert is_misread(told, "Whether it is there.")
    assert not is_misread(told, "Return whether it is there.")
