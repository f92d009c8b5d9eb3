"""Ways into a registry, and out of it, for many records at once: claims of files, bundles, what other formats are written from."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from claimreg.services.transactions import Transactions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import IO, BinaryIO

    from claimreg.corpus.base import Documents
    from claimreg.corpus.jsonl import BadLine
    from claimreg.model import Claim
    from claimreg.rank.index import StatementIndex
    from claimreg.services.evidence.bundle.check import BundleCheck
    from claimreg.services.evidence.bundle.export import Exported
    from claimreg.services.evidence.bundle.merge import Imported
    from claimreg.services.evidence.bundle.scope import Scope
    from claimreg.services.exchange.casefile import CaseFile
    from claimreg.services.exchange.importing import ImportResult
    from claimreg.services.exchange.rows import Row, Told
    from claimreg.services.exchange.selection import Selection
    from claimreg.services.finding.repeats import Repeat
    from claimreg.services.linking.links import Linked


class Exchanges(Transactions):
    """The methods of a registry that files are read and written with; see `claimreg.registry.Registry`."""

    @contextmanager
    def selection(self, *claim_ids: str, case: str | None = None) -> Iterator[Selection]:
        """These claims, or a case, or everything, all of one moment, for `claimreg.interchange.formats.write` to write within the block."""
        from claimreg.services.exchange.selection import selected

        with self._store.snapshot() as reader:
            yield selected(reader, claim_ids, case)

    def import_claims(
        self, lines: Documents, *, strict: bool = False, dates: str | None = None, progress: Callable[[int, int], None] | None = None
    ) -> ImportResult:
        """Record the claims in lines of JSON: all or none, but for bad lines; see `claimreg.services.exchange.lines`.

        ``dates`` is the order of dates in numbers. ``progress`` is told how many claims were done, and how many bytes were read.
        """
        from claimreg.services.exchange.lines import read_lines
        from claimreg.services.exchange.rows import Reading, Told
        from claimreg.services.recording.fields import checked_order

        read, told = 0, Told()

        def passed(size: int) -> None:
            nonlocal read
            read += size

        rows = read_lines(lines, Reading(lines.name, told, checked_order(dates)), passed)
        tell = progress or (lambda _claims, _size: None)
        return self.import_rows(rows, told=told, strict=strict, name=lines.name, progress=lambda done: tell(done, read))

    def import_rows(
        self,
        rows: Iterable[Row | BadLine],
        *,
        told: Told | None = None,
        strict: bool = False,
        source_name: str | None = None,
        crowd: str | None = None,
        name: str = "The file",
        progress: Callable[[int], None] | None = None,
    ) -> ImportResult:
        """Record what a reader of `claimreg.interchange.formats` gives, but for what is here already: all or none, but for bad rows.

        ``source_name`` leads the ids of the file, ``crowd`` names the party of all who are nobody, ``name`` is what errors call the file.
        ``told`` is what its reader was told to tell of; ``progress`` is told how many claims were done. Nothing is fetched. After more than
        10,000 new claims the search index is left to the first search.
        """
        from claimreg.services.exchange.importing import MOST_IDS, ImportOptions, import_rows
        from claimreg.services.exchange.rows import Told
        from claimreg.services.recording.fields import checked_optional

        options = ImportOptions(strict, checked_optional(source_name, "source's name"), checked_optional(crowd, "crowd's name"), name)
        with self.write("import") as writer:
            result = import_rows(writer, rows, told=told or Told(), options=options, progress=progress or (lambda _rows: None))
        if result.new_claims.count > MOST_IDS and not self._dry_run:
            self._words_may_wait = True
            self._around.tell_aside("The search index waits: the first command that searches takes in the new claims.")
        return result

    def link_new(self, attribution_ids: Iterable[str], progress: Callable[[int], None] | None = None, *, most: int | None = None) -> Linked:
        """Look for the quotes of new attributions, each in its own source where that has a text, else in all stored texts.

        What is found is kept as suggestions; what has a link already is passed over. ``progress`` is told how many looks were taken,
        ``most`` limits those into texts that are not the quotes' own.
        """
        from claimreg.services.linking.links import LinkChanges, Linked, store_looking
        from claimreg.services.linking.new_quotes import look_for_new

        around = self._around
        found = look_for_new(self._store, attribution_ids, around.linker, around.tell_aside, progress or (lambda _looks: None), most=most)
        if found is None:
            return Linked(LinkChanges(), (), ())
        with self.write("link") as writer:
            return store_looking(writer, found)

    def near_repeats(self, claim_ids: Iterable[str], progress: Callable[[int], None] | None = None) -> list[Repeat]:
        """List those of these claims that say nearly the same as one recorded before them, with that one.

        ``progress`` is told how many claims were looked at.
        """
        from claimreg.services.finding.repeats import near_repeats

        def found(index: StatementIndex) -> list[Repeat]:
            return list(near_repeats(self._store, index, claim_ids, progress or (lambda _claims: None)))

        return self._around.ask_index(self._store, found, whole=True)

    def import_bundle(self, bundle: BinaryIO, show: Callable[[str], None] | None = None) -> tuple[Imported, BundleCheck]:
        """Check a bundle to its last byte, and let its records join; ``show`` is told each part as its check begins."""
        from claimreg.services.evidence.bundle.archive import Archive
        from claimreg.services.evidence.bundle.check import require_whole
        from claimreg.services.evidence.bundle.merge import import_bundle

        archive = Archive(bundle)
        checked = require_whole(archive, show or (lambda _area: None), self._around.read_stamp)
        with self.write("import bundle") as writer:
            return import_bundle(writer, archive, checked.registry), checked

    def export_bundle(
        self, file: IO[bytes], *claim_ids: str, case: str | None = None, software: str = "claimreg"
    ) -> tuple[Exported, Scope]:
        """Write claims, or a case, or everything, with all evidence into one file; ``software`` names who wrote it."""
        from claimreg.services.evidence.bundle.export import write_bundle
        from claimreg.services.evidence.bundle.scope import named_scope

        with self._store.snapshot() as reader:
            scope = named_scope(reader, claim_ids, case)
            return write_bundle(reader, scope, file, software), scope

    def record_case(self, file: CaseFile) -> tuple[Claim, ...]:
        """Record a whole case with its documents, and link its quotes."""
        from claimreg.services.exchange.casefile import record_case

        with self.write("import case") as writer:
            return record_case(writer, file, self._around.linker(None))
