"""The adapter to sentence-transformers: a model from a folder on this machine. Nothing is ever fetched, and no code of the folder runs."""

from __future__ import annotations

import hashlib
import io
import logging
import os
import warnings
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING

import numpy as np

from claimreg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from claimreg.rank.encoder import Encoder, Vectors

_DETERMINING = (".json", ".txt", ".model", ".safetensors")
_BATCH = 64
_UNKNOWN_PIECES = 5
"""Weight of a word that a model knows no piece of."""


class FolderEncoder:
    """A loaded model, see :class:`claimreg.rank.encoder.Encoder`."""

    def __init__(self, model: Any, name: str) -> None:  # noqa: ANN401 -- the library is an extra
        self._model = model
        self.name = name
        self.size = int(model.get_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A row of unit length for each text."""
        with _silence():
            found = self._model.encode(
                [_well_formed(text) for text in texts], batch_size=_BATCH, show_progress_bar=False, normalize_embeddings=True
            )
        return np.asarray(found, np.float32).reshape(len(texts), self.size)

    def pieces(self, texts: Sequence[str]) -> list[int]:
        """Count the pieces that the model cuts each text into; a word of which it knows none counts for several."""
        tokenizer = self._model.tokenizer
        with _silence():
            cut = tokenizer([_well_formed(text) for text in texts], add_special_tokens=False, truncation=False)["input_ids"]
        unknown = tokenizer.unk_token_id
        return [len(ids) + (_UNKNOWN_PIECES - 1) * ids.count(unknown) for ids in cut]


def load_encoder(folder: Path) -> Encoder:
    """The model in a folder; raises `InputError` where there is none, or where the extra is not installed."""
    if not folder.is_dir() or not (folder / "config.json").is_file():
        raise InputError(f"{folder} is no folder with a sentence-embedding model; give the folder that holds its config.json.")
    # Read by the libraries when they are imported: whatever happens, they ask nobody.
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", TOKENIZERS_PARALLELISM="false")
    with _silence():
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError:
            raise InputError("A model needs more than is installed; run: pip install 'claimreg[semantic]'") from None
        try:
            model = SentenceTransformer(
                str(folder.resolve()),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},  # other formats of weights may hold code
            )
            return FolderEncoder(model, _fingerprint(folder))
        except Exception as error:
            raise InputError(f"The model in {folder} cannot be loaded ({type(error).__name__}); give another folder.") from error


def _fingerprint(folder: Path) -> str:
    """A hash of the files that determine the vectors."""
    whole = hashlib.blake2b(digest_size=16)
    for path in sorted(folder.rglob("*")):
        if path.suffix in _DETERMINING and path.is_file():
            with path.open("rb") as file:
                whole.update(f"{path.relative_to(folder).as_posix()}\0{hashlib.file_digest(file, 'blake2b').hexdigest()}\n".encode())
    return whole.hexdigest()


def _well_formed(text: str) -> str:
    """A text without lone surrogates, which no tokenizer takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


@contextmanager
def _silence() -> Iterator[None]:
    """Keep progress bars, warnings and log lines of the libraries from the terminal."""
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
