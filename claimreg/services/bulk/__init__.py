"""Link many quotes against many documents: files in, a file out, in one process or several.

The output is the same bytes for any number of workers, and whether or not the scan was killed and gone on with.
"""

from __future__ import annotations

from claimreg.corpus.base import Documents
from claimreg.corpus.files import open_documents
from claimreg.corpus.jsonl import BadLine
from claimreg.services.bulk.quotes import Quotes, quotes_of_registry, read_quotes
from claimreg.services.bulk.run import Scan, ScanProgress, ScanSummary, scan_documents

__all__ = [
    "BadLine",
    "Documents",
    "Quotes",
    "Scan",
    "ScanProgress",
    "ScanSummary",
    "open_documents",
    "quotes_of_registry",
    "read_quotes",
    "scan_documents",
]
