"""Workers that are stopped from outside, at whatever moment, are told of and waited for by nobody."""

import gc
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from typing import Any

import pytest

from claimreg.errors import ClaimregError, InputError
from claimreg.services.bulk.collecting import seldom_collected
from claimreg.services.bulk.crew import Crew

pytestmark = pytest.mark.timeout(120)


def refused() -> None:
    raise InputError("this cannot be read")


def test_what_is_handed_in_is_done_by_processes_of_their_own() -> None:
    with Crew(2) as crew:
        answers = [crew.submit(divmod, number, 7) for number in range(200)]
        assert [answer.result() for answer in answers] == [divmod(number, 7) for number in range(200)]
        assert crew.submit(os.getpid).result() in {child.pid for child in multiprocessing.active_children()}
    assert not multiprocessing.active_children()


def test_what_a_worker_hands_back_may_be_large_both_ways() -> None:
    with Crew(2) as crew:
        answers = [crew.submit(bytes.upper, b"a" * 3_000_000) for _ in range(6)]
        assert all(answer.result() == b"A" * 3_000_000 for answer in answers)


def test_an_error_of_a_worker_is_raised_and_the_worker_works_on() -> None:
    with Crew(1) as crew:
        with pytest.raises(InputError, match="this cannot be read"):
            crew.submit(refused).result()
        with pytest.raises(RuntimeError, match=r"(?s)a worker ended with.*ZeroDivisionError"):
            crew.submit(divmod, 1, 0).result()
        assert crew.submit(divmod, 9, 2).result() == (4, 1)


def test_cycles_are_looked_for_seldom_by_workers_and_as_before_by_whoever_started_them() -> None:
    before = gc.get_threshold()
    with Crew(1) as crew:
        assert crew.submit(gc.get_threshold).result() > before
        assert gc.get_threshold() == before
    with seldom_collected():
        assert gc.get_threshold() > before
    with pytest.raises(InputError), seldom_collected():
        refused()
    assert gc.get_threshold() == before


@pytest.mark.parametrize("moment", ["starting", "idle", "busy", "answering", "all done"])
def test_a_worker_that_is_killed_is_told_of_and_not_waited_for(moment: str) -> None:
    with Crew(2) as crew:
        if moment != "starting":
            [answer.result() for answer in [crew.submit(time.sleep, 0.2) for _ in range(2)]]
        answers: list[Future[Any]] = []
        if moment in {"busy", "answering"}:
            answers = [crew.submit(time.sleep, 30) if moment == "busy" else crew.submit(bytes, 50_000_000) for _ in range(6)]
            time.sleep(0.2)
        for child in multiprocessing.active_children()[: 2 if moment == "busy" else 1]:
            child.kill()
        if moment != "all done":
            answers = answers or [crew.submit(time.sleep, 0.01) for _ in range(60)]
            with pytest.raises(ClaimregError, match="stopped from outside"):
                [answer.result() for answer in answers]
    assert not multiprocessing.active_children()


def test_a_crew_can_be_closed_while_it_starts_and_while_it_works() -> None:
    chance = random.Random(2)  # noqa: S311
    for _ in range(4):
        began = time.monotonic()
        with Crew(2) as crew:
            for _ in range(chance.randint(0, 6)):
                crew.submit(time.sleep, 60)
            time.sleep(chance.random() * 0.6)
        assert time.monotonic() - began < 30
    assert not multiprocessing.active_children()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_workers_end_with_their_parent() -> None:
    code = (
        "import multiprocessing, time\n"
        "from claimreg.services.bulk.crew import Crew\n"
        "if __name__ == '__main__':\n"
        "    crew = Crew(2)\n"
        "    [answer.result() for answer in [crew.submit(time.sleep, 0.2) for _ in range(2)]]\n"
        "    print(*(child.pid for child in multiprocessing.active_children()), flush=True)\n"
        "    crew.submit(time.sleep, 600).result()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        children = list(map(int, process.stdout.readline().split()))
        process.send_signal(signal.SIGKILL)
    assert len(children) == 2
    deadline = time.monotonic() + 30
    while any(is_there(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(is_there(child) for child in children)


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
