"""A quote's letter groups are the ones that a document with the same words has, though worked out without NumPy."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import example, given
from hypothesis import strategies as st

from claimreg.linker.groups import letter_groups, quote_groups


@given(st.text(max_size=80))
@example("京都の港は静かです and the harbour was quiet")
@example("𠀀𠀁𠀂 𝒳 straße ﬁn 한국어 қаңтар")
def test_a_quotes_groups_are_its_texts_groups(text: str) -> None:
    assert quote_groups(text) == letter_groups(text).tolist()


def test_a_quotes_groups_do_without_numpy() -> None:
    script = (
        "import sys; from claimreg.linker.groups import quote_groups; assert quote_groups('the harbour'); print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
