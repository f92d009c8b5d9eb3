"""Proving drafts against the registry and documents: which texts are looked in, and whose names are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import InputError, UsageError
from claimreg.frozen import replace as changed
from claimreg.model import Attribution, Party, Source
from claimreg.services.linking.likely import LikelyDocuments, all_documents, are_many, stored_collection
from claimreg.services.proofing.proof import Sources, prove
from claimreg.services.proofing.sources import RecordedStatement, SourceText
from claimreg.services.proofing.speakers import Speakers
from claimreg.services.recording.parties import canonical, resolve
from claimreg.services.recording.sources import capture_of, find_source, names_a_source, text_of
from claimreg.services.withholding import place_or_withheld

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from claimreg.linker import LayeredLinker
    from claimreg.services.proofing.proof import LanguageOf
    from claimreg.services.proofing.types import Draft, Proof, ProofPlace
    from claimreg.services.surroundings import DocumentReader, Surroundings
    from claimreg.store.port import Reader, Store
