"""Linking of many quotes in a stream of documents: every position is probed at once, and the linker judges the places found.

:class:`QuoteCollector` takes quotes in, :func:`build_index` indexes them, :func:`with_other_scripts` does so for documents
of other scripts, :class:`Scanner` scans documents. All of it is picklable and pure; :func:`save_index` and
:func:`load_index` share an index between processes as one mapped file. The only user of NumPy: nothing else of the
package imports it.
"""

from __future__ import annotations

from claimreg.linker.bulk.index import QuoteIndex, build_index, rarities_of
from claimreg.linker.bulk.mapped import load_index, save_index
from claimreg.linker.bulk.other_scripts import with_other_scripts
from claimreg.linker.bulk.quotes import QuoteCollector, QuoteTable
from claimreg.linker.bulk.scanner import ScanLink, Scanner

VERSION = 7
"""Changes when the same quotes and documents may give other links than before."""

__all__ = [
    "VERSION",
    "QuoteCollector",
    "QuoteIndex",
    "QuoteTable",
    "ScanLink",
    "Scanner",
    "build_index",
    "load_index",
    "rarities_of",
    "save_index",
    "with_other_scripts",
]
