"""Questions that recording a statement may put to a person: who is meant, and whether the claim is one more."""

from claimreg.cli.context import Session, tell
from claimreg.errors import NeedsAnswerError
from claimreg.model import Claim, Party
from claimreg.services.recording.parties import Resolution
from claimreg.services.surroundings import NearlySame


class PersonAsked:
    """Ask the person at the terminal; `--yes` answers every question."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def party(self, name: str, resolution: Resolution) -> Party | None:
        """The party that a name means; ``None`` for a new one. Likeness alone never decides: a person does, or it stays new."""
        if resolution.party is not None:
            if not resolution.as_written and resolution.party.name != name:
                tell(f"“{name}” is taken for {resolution.party.id} {resolution.party.name}.")
            return resolution.party
        if not resolution.candidates:
            return None
        best = resolution.candidates[0]
        others = ", ".join(f"{party.id} {party.name}" for party in resolution.candidates)
        try:
            same = self._session.confirm(f"Is “{name}” the party {best.id} {best.name}?", "")
        except NeedsAnswerError:
            tell(f"“{name}” is recorded as a new party; it is like {others}: `claimreg party merge` if it is the same.")
            return None
        if same:
            tell(f"“{name}” is taken for {best.id} {best.name}.")
        return best if same else None

    def nearly_same(self, claim: Claim, name: str, *, speaks_already: bool) -> NearlySame:
        """Ask whether to add the party of this name to the claim, or where it speaks there already, whether to record one more."""
        session = self._session
        if session.may_ask or session.yes:
            tell(f"{claim.id} says nearly the same: {claim.text}")
        hint = f"run `claimreg attribute {claim.id} …` to add a party to it, or `add … --yes` to record one more claim."
        refusal = f"Nothing was recorded: {claim.id} says nearly the same; {hint}"
        if session.yes or speaks_already:
            return NearlySame.NEW_CLAIM if session.confirm("Record it as one more claim?", refusal) else NearlySame.NOTHING
        return NearlySame.SAME_CLAIM if session.confirm(f"Add {name} to {claim.id} instead?", refusal) else NearlySame.NOTHING
