"""The one tree of errors: each class carries the exit code that its failure ends the program with.

The text of an error is one sentence for the person at the terminal: what happened and what to do next.
It lives apart from everything else so that no module needs an import cycle to raise.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """Numbers that a command ends with, for scripts."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    FOUND = 3
    NOT_FOUND = 4
    BUG = 70
    INTERRUPTED = 130


class ClaimregError(Exception):
    """An expected failure; its text is shown as it is."""

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED


class UsageError(ClaimregError):
    """The command was called in a way that it cannot be carried out (bad date, unknown language tag, …)."""

    exit_code: ClassVar[ExitCode] = ExitCode.USAGE


class NotFoundError(ClaimregError):
    """No record has the id that was given."""

    exit_code: ClassVar[ExitCode] = ExitCode.NOT_FOUND


class InputError(ClaimregError):
    """A document or a text that was handed in cannot be used (missing, empty, not UTF-8, a folder)."""


class NewerBundleError(InputError):
    """A bundle was written by a newer claimreg."""


class UnsupportedDocumentError(InputError):
    """A document is of a kind that no text can be read from (an image, an archive, an older office format)."""


class SparkError(ClaimregError):
    """Spark cannot be used, or gave the work up."""


class NeedsAnswerError(ClaimregError):
    """A question must be answered by a person, and nobody can be asked."""


class ChangedMeanwhileError(ClaimregError):
    """Something was changed, decided or removed by somebody else since it was shown to a person who decides on it."""


class CannotUndoError(ClaimregError):
    """A transaction cannot be taken back: what it did was changed since, or is never taken back."""


class StoreError(ClaimregError):
    """The registry cannot be read or written."""


class DamagedRegistryError(StoreError):
    """The registry's files are not what claimreg wrote."""


class BusyRegistryError(StoreError):
    """Another process holds the registry for longer than we wait."""


class WithheldError(ClaimregError):
    """Something is of a withheld source, and the user of a shared registry may not see those."""


class NewerRegistryError(StoreError):
    """The registry was written by a newer claimreg."""
