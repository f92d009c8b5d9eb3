"""A review at a terminal: shows what is asked, takes one key, writes what was decided, says so, and goes on."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.text import Text

from claimreg.cli.context import user_name
from claimreg.cli.editor import edited
from claimreg.cli.registry import OpenRegistry
from claimreg.cli.review_drafts import SPEAKERS, accepted_in_words, changes_in, draft_keys, form_of
from claimreg.cli.review_meanwhile import Meanwhile
from claimreg.cli.review_queue import Queue
from claimreg.cli.review_screen import Page, Screen, read_source
from claimreg.errors import ChangedMeanwhileError, DamagedRegistryError, InputError, StoreError, UsageError, WithheldError
from claimreg.model import Capture, Draft, DraftState, Link, LinkState, Record, Relation, RelationKind
from claimreg.render.labels import ENGLISH, RELATIONS, Words, message
from claimreg.render.review import kind_of_question, question_renderable
from claimreg.services.lookup import require
from claimreg.services.recording.places import lies_outside
from claimreg.services.recording.sources import text_of, whole_text_of
from claimreg.services.reviewing import queue
from claimreg.services.reviewing.queue import DraftItem, DraftQuestion, Item, LinkItem, LinkQuestion, PairItem, PairQuestion, Question
from claimreg.services.reviewing.undo import ACCEPTED, DECIDED, EDITED, UNDONE, last_decision, undo
from claimreg.services.withholding import is_withheld

if TYPE_CHECKING:
    from rich.console import RenderableType

    from claimreg.cli.keys import Keyboard

_COMMON = (("s", message("skip")), ("u", message("undo")), ("?", message("help")), ("q", message("quit")))
LINK_KEYS = (("y", message("confirm")), ("n", message("reject")), ("e", message("edit quote")), ("o", message("open source")), *_COMMON)
PAIR_KEYS = (("r", message("repeats")), ("x", message("contradicts")), ("n", message("neither")), *_COMMON)

END_KEYS = (("u", message("undo")), ("q", message("quit")))

DONE = {
    "confirmed": message("{number} confirmed"),
    "rejected": message("{number} rejected"),
    "accepted": message("{number} accepted"),
    "edited": message("{number} edited"),
    "related": message("{number} related"),
    "held apart": message("{number} held apart"),
    "undone": message("{number} undone"),
}
"""Words for how many items were treated in each way."""

DRAFT_STATES = {
    DraftState.PROPOSED: message("proposed"),
    DraftState.ACCEPTED: message("accepted"),
    DraftState.REJECTED: message("rejected"),
}
_STATES = {"y": LinkState.CONFIRMED, "n": LinkState.REJECTED}
_KINDS = {"r": RelationKind.REPEATS, "x": RelationKind.CONTRADICTS, "n": RelationKind.DIFFERS}

_LOOK_AGAIN_SECONDS = 0.3  # how soon a window that changed its size is drawn anew, and what others recorded is told

_ELSEWHERE = "answered elsewhere"  # in the place of a key

_TOLD_EVERY = 25  # claims

HELP = message("""A link says: these words of the source are the quote.
  y  confirm: it is so
  n  reject: it is not; this place is never proposed again
  e  edit the quote in your editor; it is looked for again
  o  open the source at this place (q closes it)
A draft says: in this source, somebody says these words.
  y  accept: records claim, attribution and link, by the party that is named
  a  accept, and the speaker's name becomes one more name of that party
  p  accept, and the speaker becomes a new party
  n  reject: it is never proposed again
  e  edit claim, speaker, stance or quote in your editor
  o  open the source at this place
Two claims that say nearly the same:
  r  the later one repeats the earlier one
  x  the later one contradicts the earlier one
  n  neither: the two are not proposed again
Always:
  s  skip: comes again at the end, and the next time
  u  undo the last decision, also one of an earlier session
  q  quit; `claimreg review` goes on from here
  ↑ ↓ space  scroll

Each decision is kept when it is said to be. Words that differ are underlined;
the line “changed” says how, the source's word first.
The same keys work with a Russian or Kazakh layout.""")


@dataclass
class ReviewSession:
    """One person at one terminal. ``find_pairs`` gives the pairs of claims when the links are done, see `waiting_pairs`.

    ``revealed`` says whether the person wants to see what is withheld; ``words`` are those of the language that all is shown in.
    """

    registry: OpenRegistry
    queue: Queue
    find_pairs: Callable[[Callable[[int], bool]], Iterable[Item]] | None
    screen: Screen
    meanwhile: Meanwhile
    words: Words = ENGLISH
    revealed: bool = False
    said: str = ""
    done: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        """Go through the queue until it ends or the person does not want to go on."""
        with self.screen.open() as keyboard:
            while True:
                if (item := self._next(keyboard)) is None:
                    if not self._goes_back(keyboard):
                        return
                    continue
                asked = self._question(item)
                if asked is not None and not self._answer(asked, keyboard):
                    return

    def told(self) -> str:
        """Say in a sentence what was done."""
        made = ", ".join(self._done()) or self.words.say("Nothing was decided")
        if left := len(self.queue.waiting) + len(self.queue.skipped):
            sentence = self.words.say("{number} left, {command} goes on")
            return f"{made}; {sentence.format(number=self.words.number(left), command='`claimreg review`')}."
        return f"{made}; {self.words.say('nothing is left')}."

    def _done(self) -> list[str]:
        """Say how many items were treated in each way."""
        return [self.words.say(DONE[what]).format(number=self.words.number(count)) for what, count in self.done.items() if count]

    def _next(self, keyboard: "Keyboard") -> Item | None:
        if self.queue.current is None and self.find_pairs is not None:
            find, self.find_pairs = self.find_pairs, None
            self.queue.waiting.extend(find(lambda claims: self._looks_on(claims, keyboard)))
        if self.queue.current is None and self.queue.begin_second_round():
            self.said += f" {self.words.say('These are the ones that you skipped.')}"
        return self.queue.current

    def _question(self, item: Item) -> Question | None:
        try:
            with self.registry.store.snapshot() as reader:
                return queue.question(reader, item, revealed=self.revealed)
        except ChangedMeanwhileError as error:
            self.queue.pass_over()
            self.said = str(error)
        return None

    def _answer(self, asked: Question, keyboard: "Keyboard") -> bool:
        """Show a question until a key says what is to become of it; whether to go on."""
        # What was typed before this was on the screen was not meant for it.
        keyboard.forget()
        keys, say = self._keys_of(asked), self.words.say
        item, drawn = self.queue.waiting[0], lambda: question_renderable(asked, self.screen.size()[0], self.words)
        while True:
            key = self._key(drawn, keys, keyboard, lambda: self._place(asked), lambda: not self._is_answered(item, asked))
            if key == "q":
                return False
            if key == _ELSEWHERE:
                # A key that was meant for this question must not answer the next one.
                self._key(drawn, ((say("any key"), say("goes on")),), keyboard, lambda: self._place(asked))
                return True
            if key in ("?", "h", ","):
                self._key(lambda: Text(say(HELP)), ((say("any key"), say("goes back")),), keyboard, lambda: say("Help"))
                self.said = ""
            elif key not in dict(keys):
                self.said = say("“{key}” is no key here; the keys are below.").format(key=key) if key else ""
            else:
                try:
                    self._do(key, asked)
                except DamagedRegistryError:
                    raise
                except (ChangedMeanwhileError, StoreError, WithheldError, InputError, UsageError) as error:
                    self.said = str(error)
                return True

    def _goes_back(self, keyboard: "Keyboard") -> bool:
        """Ask at the end; return whether the last decision was undone, so that there is something to look at again."""
        keyboard.forget()
        # A key in the rhythm of deciding must not end up as a command of the shell.
        say = self.words.say
        keys = self._said_keys(END_KEYS)
        drawn, place = (lambda: Text(say("Nothing is left to be reviewed."))), (lambda: say("The end"))
        while (key := self._key(drawn, keys, keyboard, place, lambda: self.queue.current is None)) != "q":
            if key == "u":
                self._undo()
            if self.queue.current is not None:
                return True
        return False

    def _do(self, key: str, asked: Question) -> None:
        if key == "u":
            self._undo()
        elif key == "s":
            self.queue.skip()
            again = not self.queue.is_second_round
            self.said = self.words.say("Skipped; it comes again at the end.") if again else self.words.say("Skipped until the next time.")
        elif isinstance(asked, PairQuestion):
            self._relate(asked, _KINDS[key])
        elif key == "o":
            self._open(asked)
        elif isinstance(asked, DraftQuestion):
            self._do_with_draft(key, asked)
        elif key == "e":
            self._edit(asked)
        else:
            self._decide(asked, _STATES[key])

    def _decide(self, asked: LinkQuestion, state: LinkState) -> None:
        with self.registry.write(DECIDED) as writer:
            link = queue.decide_link(writer, asked.link.id, state, asked)
        self.queue.decided(link.id)
        self.done[state.value] += 1
        self.said = f"{link.id} {self.words.state(state)}."

    def _do_with_draft(self, key: str, asked: DraftQuestion) -> None:
        if key == "e":
            self._edit_draft(asked)
        elif key == "n":
            with self.registry.write(DECIDED) as writer:
                draft = queue.reject_draft(writer, asked)
            self.queue.decided(draft.id)
            self.done["rejected"] += 1
            self.said = f"{draft.id} {self.words.state(LinkState.REJECTED)}."
        else:
            from claimreg.linker import LayeredLinker

            with self.registry.write(ACCEPTED) as writer:
                made = queue.accept_draft(writer, asked, SPEAKERS[key], LayeredLinker())
            self.queue.decided(made.draft.id)
            self.done["accepted"] += 1
            self.said = accepted_in_words(made, self.words)

    def _edit_draft(self, asked: DraftQuestion) -> None:
        with self.screen.away():
            form = edited(form_of(asked, self.words))
        with self.registry.write(DECIDED) as writer:
            draft = queue.edit_draft(writer, asked, changes_in(form, asked))
        self.queue.decided(draft.id, (DraftItem(draft.id),))
        self.done["edited"] += 1
        self.said = self.words.say("{record} was edited.").format(record=draft.id)

    def _relate(self, asked: PairQuestion, kind: RelationKind) -> None:
        with self.registry.write(DECIDED) as writer:
            relation = queue.decide_pair(writer, asked, kind)
        self.queue.decided(relation.id)
        self.done["related" if kind is not RelationKind.DIFFERS else "held apart"] += 1
        sentence = self.words.say("{claim} {relation} {other}: recorded as {record}.")
        self.said = sentence.format(
            claim=relation.claim_id, relation=self._related(kind), other=relation.other_claim_id, record=relation.id
        )

    def _edit(self, asked: LinkQuestion) -> None:
        from claimreg.linker import LayeredLinker

        with self.screen.away():
            words = edited(asked.stated.attribution.quote or "")
        with self.registry.write(EDITED) as writer:
            changes = queue.edit_quote(writer, asked, words, LayeredLinker())
        added, withdrawn = ([LinkItem(one.id) for one in links] for links in (changes.added, changes.withdrawn))
        self.queue.decided(asked.stated.attribution.id, added, withdrawn)
        self.done["edited"] += 1
        places = ", ".join(one.id for one in changes.added) or self.words.say("it stands nowhere in the sources looked through")
        sentence = self.words.say("The quote of {record} was edited and looked for again: {places}.")
        self.said = sentence.format(record=asked.stated.attribution.id, places=places)

    def _open(self, asked: LinkQuestion | DraftQuestion) -> None:
        place = asked.draft if isinstance(asked, DraftQuestion) else asked.link
        if is_withheld(place):
            sentence = self.words.say("{source} is withheld; {command} shows what is around its words, for your own eyes.")
            self.said = sentence.format(source=asked.source.id, command="`claimreg review --reveal`")
            return
        with self.registry.store.snapshot() as reader:
            capture = require(reader, Capture, place.capture_id, withdrawn=True)
            text = whole_text_of(reader, capture) if lies_outside(place.start, capture.length) else text_of(reader, capture)
        with self.screen.away():
            read_source(text, place, self.words)
        self.said = ""

    def _undo(self) -> None:
        last = self.queue.steps[-1] if self.queue.steps else None
        if last is not None and last.object_id is None:
            self.queue.take_back()
            self.said = self.words.say("Back to what you skipped.")
            return
        with self.registry.write(UNDONE) as writer:
            undone = undo(writer, last_decision(writer, user_name(), last.object_id if last is not None else None))
        if last is not None:
            # Where somebody else went on from the decision it cannot be undone, and there is nothing more to try.
            self.queue.take_back() if undone else self.queue.steps.pop()
        else:
            self.queue.put_first(_items_of(undone))
        if undone:
            self.done["undone"] += 1
            self.said = self.words.say("Undone: {what}.").format(what=self._in_words(undone))
        elif last is not None:
            self.said = self.words.say("Somebody else changed it since; it was not undone.")
        else:
            self.said = self.words.say("There is no decision of yours to undo.")

    def _is_answered(self, item: Item, asked: Question) -> bool:
        """Return whether somebody else answered or changed what is asked, and say so."""
        told = self.meanwhile.answer_to(item, asked)
        self.said = told or self.said
        return bool(told)

    def _key(
        self,
        content: "Callable[[], RenderableType]",
        keys: tuple[tuple[str, str], ...],
        keyboard: "Keyboard",
        place: Callable[[], str],
        stays: Callable[[], bool] | None = None,
    ) -> str:
        """Draw, and wait for a key other than those that scroll; a window of another size is drawn anew.

        What others record meanwhile is said; where the page is not to stay after that, the answer is `_ELSEWHERE`.
        """
        offset = 0
        while True:
            state = self.screen.state()
            last = self.screen.draw(Page(place(), self._tally(), content(), self.said, keys), offset)
            page = max(1, state[1] // 2)
            key = news = None
            while key is None and news is None and self.screen.state() == state:
                key = keyboard.key(_LOOK_AGAIN_SECONDS)
                news = self.meanwhile.look(self.queue) if key is None and stays is not None else None
            self.said = news or self.said
            if news is not None and stays is not None and not stays():
                return _ELSEWHERE
            step = {"up": -1, "down": 1, "page up": -page, "page down": page}.get(key or "")
            if step is not None:
                offset = min(last, max(0, offset + step))
            elif key is not None:
                return key

    def _looks_on(self, claims: int, keyboard: "Keyboard") -> bool:
        """Tell how many claims were looked at; a key ends the search."""
        if claims % _TOLD_EVERY != 1:
            return True
        say = self.words.say
        sentence = say("Looking for claims that say nearly the same: {number} looked at …").format(number=self.words.number(claims - 1))
        keys = ((say("any key"), say("goes on with those found so far")),)
        self.screen.draw(Page(say("Review"), self._tally(), Text(sentence), self.said, keys), 0)
        return keyboard.key(0) is None

    def _place(self, asked: Question) -> str:
        number, total = self.words.number(self.queue.seen + 1), self.words.number(self.queue.total)
        place = self.words.say("{number} of {total}").format(number=number, total=total)
        return f"{place} · {kind_of_question(asked, self.words)}"

    def _tally(self) -> str:
        skipped = (
            [self.words.say("{number} skipped").format(number=self.words.number(len(self.queue.skipped)))] if self.queue.skipped else []
        )
        return " · ".join([*self._done(), *skipped])

    def _keys_of(self, asked: Question) -> tuple[tuple[str, str], ...]:
        if isinstance(asked, DraftQuestion):
            return (*draft_keys(asked, self.words), *self._said_keys(_COMMON))
        return self._said_keys(LINK_KEYS if isinstance(asked, LinkQuestion) else PAIR_KEYS)

    def _said_keys(self, keys: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        return tuple((key, self.words.say(effect)) for key, effect in keys)

    def _related(self, kind: RelationKind) -> str:
        """Name a relation; in English by the word that commands take."""
        return kind.value if self.words.lang == ENGLISH.lang else self.words.say(RELATIONS[kind][0])

    def _in_words(self, undone: Iterable[Record]) -> str:
        """Say what became of the records of a decision that was undone."""
        say = self.words.say
        told: list[str] = []
        withdrawn: list[str] = []
        for record in undone:
            if isinstance(record, Relation):
                parts = {"claim": record.claim_id, "relation": self._related(record.kind), "other": record.other_claim_id}
                told.append(say("{claim} {relation} {other} is withdrawn").format(**parts))
            elif record.removed_at is not None:
                withdrawn.append(record.id)
            elif isinstance(record, Link):
                told.append(say("{record} is {state} again").format(record=record.id, state=self.words.state(record.state)))
            elif isinstance(record, Draft):
                told.append(say("{record} is {state} again").format(record=record.id, state=say(DRAFT_STATES[record.state])))
            else:
                told.append(say("{record} is as it was").format(record=record.id))
        gone = [say("withdrawn: {records}").format(records=", ".join(withdrawn))] if withdrawn else []
        return "; ".join([", ".join(told), *gone])


def _items_of(undone: Iterable[Record]) -> Iterable[Item]:
    """Yield the items that wait again after decisions were undone."""
    for record in undone:
        if isinstance(record, Link) and record.removed_at is None and record.state is LinkState.SUGGESTED:
            yield LinkItem(record.id)
        elif isinstance(record, Draft) and record.removed_at is None and record.state is DraftState.PROPOSED:
            yield DraftItem(record.id)
        elif isinstance(record, Relation):
            yield PairItem(record.other_claim_id, record.claim_id)
