"""What the tests of reading articles share: reading in this process, blocks as pairs, and a check of every place."""

from __future__ import annotations

from claimreg.ingest.articles.parsing import parse_article
from claimreg.ingest.types import Hints, Limits
from claimreg.services.articles import Article, Block, Role


def parsed(text: str | bytes, name: str = "draft.md") -> Article:
    content = text if isinstance(text, bytes) else text.encode()
    article = parse_article(content, Hints(name), Limits())
    assert_placed(article)
    return article


def told(text: str | bytes, name: str = "draft.md") -> list[tuple[str, str]]:
    """The role and the text of each block."""
    return [(block.role.value, block.text) for block in parsed(text, name).blocks]


def only(text: str, name: str = "draft.md") -> str:
    """The text of an article of one block."""
    (block,) = parsed(text, name).blocks
    return block.text


def of_role(article: Article, role: Role) -> list[Block]:
    return [block for block in article.blocks if block.role is role]


def assert_placed(article: Article) -> None:
    """Each code point stands in the file where the block says, unless the block says that it is written otherwise there."""
    for block in article.blocks:
        assert len(block.places) == len(block.text)
        assert list(block.places) == sorted(block.places)
        for offset, (sign, place) in enumerate(zip(block.text, block.places, strict=True)):
            length = block.written.get(offset)
            assert 0 <= place <= len(article.text)
            assert (length is not None and place + length <= len(article.text)) or article.text[place] == sign
