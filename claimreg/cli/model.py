"""The model that a command ranks with, and where vectors made with it are kept."""

from pathlib import Path
from typing import TYPE_CHECKING

from claimreg.cli.settings import setting
from claimreg.services.transactions import MEMORY
from claimreg.store.factory import folder_of, registry_exists
from claimreg.store.locations import is_shared

if TYPE_CHECKING:
    from claimreg.rank.encoder import Encoder
    from claimreg.services.surroundings import Understanding
    from claimreg.store.vectors import VectorCache


def understanding_of(given: Path | None, registry: str | None) -> "Understanding | None":
    """The model in the folder given, else in the one that the settings name, with its vectors; ``None`` for no model.

    The vectors are kept in the folder of the ``registry``, or in the user's cache folder for a shared one, and for claims of a file,
    where it is ``None``.
    """
    named = given or (Path(own) if (own := setting("model").text) else None)
    if named is None:
        return None
    from claimreg.semantic import load_encoder
    from claimreg.services.surroundings import Understanding

    encoder = load_encoder(named)
    return Understanding(encoder, vectors_of(encoder, registry))


def vectors_of(encoder: "Encoder", registry: str | None) -> "VectorCache | None":
    """Return the place of a model's vectors; see `understanding_of`."""
    from claimreg.store.vectors import VectorCache

    if registry is not None and not is_shared(registry):
        if registry == MEMORY or not registry_exists(registry):
            return None
        return VectorCache(folder_of(registry) / ".cache" / "vectors" / encoder.name, encoder.size)
    from platformdirs import user_cache_path

    return VectorCache(user_cache_path("claimreg", appauthor=False) / "vectors" / encoder.name, encoder.size)
