"""Tables of a language's file that tell how it reports speech: ``[speech]`` and ``[speech.*]``."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 -- read at run time, as the fields' types are
from typing import NamedTuple

Words = tuple[str, ...]


class Cue(NamedTuple):
    """Words of one kind that tell of speech: ``forms`` with a subject (said, заявил), ``dependent`` ones without their own (saying, деген).

    ``passive`` ones are said without a word of who speaks (айтылды, сообщается). A form with a hyphen at the end is the stem of those
    with the ``cue_endings`` of the language. ``unsure`` forms are nouns or infinitives, too (claims, report): they count behind a
    subject alone. ``act`` is an act of speech as :class:`claimreg.speech.types.Act` has them. ``takes`` says what may be the content:
    ``quote`` words between marks, ``clause`` one that nothing opens (said he left), ``that`` one behind a complementiser, ``nominal``
    a clause whose verb is made a noun (-ғанын), ``any`` whatever follows, ``object`` a noun phrase, ``infinitive`` one behind ``to``,
    ``verdict`` a noun phrase with one of the ``verdicts`` behind it, which makes the act a ruling;
    with ``addressee`` one who is told may stand before it.
    """

    act: str = "assertion"
    takes: Words = ("quote", "clause", "that")
    forms: Words = ()
    dependent: Words = ()
    unsure: Words = ()
    passive: Words = ()


class According(NamedTuple):
    """Words that name a source without a verb: ``before`` its name (according to, по словам) or ``after`` it (айтуынша)."""

    before: Words = ()
    after: Words = ()


class Speakers(NamedTuple):
    """Words about the noun phrase that speaks.

    ``pronouns`` stand for one; ``roles``, ``titles`` and ``organisations`` are heads of one. ``determiners`` open a phrase and
    ``relatives`` (who) a clause about it; ``boundaries`` never stand in one: conjunctions, complementisers. ``auxiliaries`` and
    ``adverbs`` may stand between it and the cue, and so may a word with one of the ``adverb_endings``. ``passives`` are auxiliaries
    that make a cue passive (was accused), ``unreal`` ones say that nothing was said (to, not, could), before the cue or, where it
    comes last, behind it. ``documents`` speak as people do (report). ``impersonal`` words are no speaker (it, there). ``behind`` words go
    on with a phrase (of, and). An ``unsure`` cue with one of the ``third_endings`` and none of ``third_not`` has a subject in the singular,
    another one in the plural: with one of the ``plurals``, or of the ``plural_words``; none of its words has a ``possessives`` ending.

    ``endings`` are of cases that no subject has. Of them, ``owners`` say that the phrase goes on (-ның), and words that end as the
    ``caseless`` do (Қазақстан) only look so. ``agents`` are endings of words that can speak (-ушы), ``plurals`` those of many,
    ``possessed`` those of what is owned; ``head_endings`` stand behind roles and organisations. ``groups`` are organisations with a
    word for their members before them (қорғаушы тарап), ``participles`` endings of verbs that only tell of who speaks (жайғасқан ұйым).
    ``modifiers`` are endings of adjectives of a subject, ``addressed`` of one who is spoken to (журналистам). The subject of a cue that
    ends as the ``masculine`` do has none of the endings of ``feminine_names``; that of a ``feminine`` one may. Cues that end as those
    of ``many`` may have no subject at all (говорят); those who speak, then, may be in one of the ``bodies`` (в полиции сообщили).
    """

    pronouns: Words = ()
    roles: Words = ()
    titles: Words = ()
    organisations: Words = ()
    determiners: Words = ()
    relatives: Words = ()
    boundaries: Words = ()
    prepositions: Words = ()
    auxiliaries: Words = ()
    adverbs: Words = ()
    adverb_endings: Words = ()
    passives: Words = ()
    unreal: Words = ()
    documents: Words = ()
    behind: Words = ()
    plural_words: Words = ()
    possessives: Words = ()
    third_endings: Words = ()
    third_not: Words = ()
    impersonal: Words = ()
    endings: Words = ()
    owners: Words = ()
    agents: Words = ()
    plurals: Words = ()
    possessed: Words = ()
    caseless: Words = ()
    head_endings: Words = ()
    modifiers: Words = ()
    addressed: Words = ()
    masculine: Words = ()
    feminine: Words = ()
    feminine_names: Words = ()
    many: Words = ()
    bodies: Words = ()
    groups: Words = ()
    participles: Words = ()


class Contents(NamedTuple):
    """Words about what is said: ``complementisers`` open it (that, что), ``cuts`` end it, ``endings`` are of verbs that are its last word.

    ``verb_endings`` are those that verbs within a clause have, by which it is told from a noun phrase (-ed). ``subordinators`` open a
    clause before the main one (although), ``contrasts`` one that is the writer's again (but). ``links`` are the complementisers that may
    stand behind somebody who is told (told them that). ``bound`` prepositions open what is said itself, not a word on where or when
    (spoke of).
    ``infinitive_endings`` are of verbs that a call ends with, ``postpositions`` stand behind what is told of, ``particles`` behind a
    subject, and ``settings`` say where it was said (брифингте). ``sources`` open a clause that only names where something is
    from (как сообщил), ``joiners`` one with the subject before (и добавил).
    ``passive_endings`` are of verbs that are what is told of in the passive (тапқаны айтылды).
    ``reasons`` stand behind what somebody is blamed for (жауапсыздық үшін). ``verdicts`` are what somebody or something is found
    to be (признал виновным).
    ``pointers`` stand for what was said before (about this, бұл туралы). ``times`` may stand between a cue and its content (Monday).
    ``withheld`` verbs tell, in an infinitive, that something is not said (not to be named); behind one of the ``refusals``, they need no
    negation (declined to comment). ``amounts`` tell how much was said, not what (said nothing about it, said as much).
    """

    complementisers: Words = ()
    infinitives: Words = ()
    cuts: Words = ()
    endings: Words = ()
    infinitive_endings: Words = ()
    passive_endings: Words = ()
    postpositions: Words = ()
    particles: Words = ()
    settings: Words = ()
    sources: Words = ()
    joiners: Words = ()
    contrasts: Words = ()
    verb_endings: Words = ()
    subordinators: Words = ()
    links: Words = ()
    bound: Words = ()
    pointers: Words = ()
    times: Words = ()
    verdicts: Words = ()
    reasons: Words = ()
    withheld: Words = ()
    refusals: Words = ()
    amounts: Words = ()


class Unspoken(NamedTuple):
    """Words beside quotation marks that say what stands in them: a name (``before``, ``after`` it), a ``title``, a ``law``, a ``term``."""

    names_before: Words = ()
    names_after: Words = ()
    titles: Words = ()
    laws: Words = ()
    terms: Words = ()


class Speech(NamedTuple):
    """Knowledge of how a language reports speech: the tables ``[speech]`` and ``[speech.*]`` at the end of its file.

    ``order`` is ``medial`` where the verb stands between its subject and what is said, ``final`` where it ends the clause.
    ``dashes`` is ``yes`` where a dash opens speech or parts it from the cue. ``abbreviations`` end in a full stop that ends no sentence.
    ``cues`` are by names of their kinds, of the file's own choice; words of a phrase are joined by ``_``. ``denials`` are the forms of
    cues whose speaker denies what is said (denied), ``relays`` of those whose speaker passes it on (reported), or their stems. ``openers``
    open what is said and say nothing themselves (that, что): a claim does without them.
    """

    order: str = "medial"
    dashes: str = ""
    abbreviations: Words = ()
    denials: Words = ()
    relays: Words = ()
    openers: Words = ()
    cue_endings: Words = ()
    cues: Mapping[str, Cue] = {}
    according: According = According()
    speakers: Speakers = Speakers()
    contents: Contents = Contents()
    unspoken: Unspoken = Unspoken()


class SpeechGolden(NamedTuple):
    """A text of a language's file and the statements in it, each a content, a speaker and a cue, as they stand there; ``-`` for none.

    ``statements`` has a line for each: content, speaker and cue, parted by `` | ``; parts of a content by `` … ``.
    """

    text: str
    statements: str = ""
