"""A jail calls a function in a fresh cell, and what goes wrong there ends there."""

import os
import signal
import time

import psutil
import pyarrow as pa
import pytest

from sandbox.errors import Misbehaved, Raised, Refused, Stopped
from sandbox.jail import Jail
from sandbox.layers import PIP_ONLY, Limits
from sandbox.start import ENVIRONMENT

BATCH = pa.record_batch({"text": ["one", "zwei", None, "🙂"], "number": [1, 2, 3, None]})


def test_what_is_sent_comes_back(jail):
    told, batches = jail.call("cells:echo", {"deep": {"list": [1, "ä", None]}}, [BATCH, BATCH.slice(1, 2), BATCH.slice(0, 0)])
    assert told == {"order": {"deep": {"list": [1, "ä", None]}}}
    assert batches == [BATCH, BATCH.slice(1, 2), BATCH.slice(0, 0)]


def test_nested_values_and_nulls_cross(jail):
    _, (batch,) = jail.call("cells:nested")
    assert batch["nested"].to_pylist() == [[{"a": [1, None], "b": "x"}], None]
    assert batch["none"].type == pa.null()


def test_every_call_has_a_process_of_its_own_with_nothing_in_it(jail):
    one, other = (jail.call("cells:process")[0] for _ in range(2))
    assert one["process"] != other["process"]
    assert one["hash"] == other["hash"]  # sets come in the same order every time
    assert one["environment"].keys() - {"LC_CTYPE"} == ENVIRONMENT.keys()
    assert one["files"] == [0, 1, 2, 3, 4, 5, 6, 7, 8]  # the last two are copies that the mappings of what is sent and answered keep


def test_an_exception_comes_back_with_its_small_facts(jail):
    with pytest.raises(Raised) as caught:
        jail.call("cells:trouble")
    assert (caught.value.kind, caught.value.facts) == ("RowTrouble", {"position": 3, "reason": "row three \x1b[31m is bad"})
    assert "\x1b" not in str(caught.value)


def test_a_cell_that_ends_says_how_and_what_it_wrote(jail):
    with pytest.raises(Stopped, match="status 3") as caught:
        jail.call("cells:talk")
    assert "to stdout" in caught.value.said
    assert "to stderr" in caught.value.said


def test_the_next_call_works_after_any_failure(jail):
    for name in ("cells:trouble", "cells:talk", "cells:nothing", "nothing:at_all"):
        with pytest.raises((Raised, Stopped)):
            jail.call(name)
        assert jail.call("cells:echo", {"after": name})[0] == {"order": {"after": name}}


def test_an_answer_of_the_wrong_number_of_rows_is_refused(jail):
    assert len(jail.call("cells:shout", {}, [pa.record_batch({"text": ["a"]})], rows=1)[1][0]) == 1
    with pytest.raises(Misbehaved, match="rows came back where 2 went in"):
        jail.call("cells:echo", {}, [BATCH], rows=2)


def test_nothing_of_a_cell_is_left_in_the_files_that_the_next_ones_get():
    with Jail(PIP_ONLY, preload=["cells"]) as made:
        for turn in range(6):  # until all mailboxes have been used
            before, _ = made.call("cells:look_around", {"turn": turn})
        for turn in range(4):
            with pytest.raises(Misbehaved):  # its marks spoil its own answer
                made.call("cells:leave_marks", {"turn": turn, "long": "mark" * 5000})
        found = [made.call("cells:look_around", {"turn": turn})[0] for turn in range(6)]
    assert before["marks"] == 0
    assert found == [before] * 6


def test_a_mailbox_waits_until_its_cell_has_ended():
    with Jail(PIP_ONLY, preload=["cells"]) as made:
        made.call("cells:echo")
        used = made._spare.mailbox
        os.kill(made._process.pid, signal.SIGSTOP)  # nobody is killed and buried
        made.call("cells:echo")
        others = [made._mailbox(used.room, made.limits.answer) for _ in range(4)]
        os.kill(made._process.pid, signal.SIGCONT)
        assert used not in others
        assert used in made._dying.values()
        for other in others:
            other.close()
        until = time.monotonic() + 20
        while used in made._dying.values() and time.monotonic() < until:
            made._free.append(made._mailbox(used.room, made.limits.answer))
            time.sleep(0.01)
        assert used in made._free


def test_parcels_of_any_size_cross_in_any_order(jail):
    for size in (10, 3 << 20, 10, 70_000, 40 << 20, 5, 3 << 20):
        batch = pa.record_batch({"bytes": pa.array([b"x" * size])})
        assert jail.call("cells:echo", {}, [batch])[1] == [batch]


def test_cells_that_end_at_once_are_heard(jail):
    assert all(jail.call("cells:echo", {"turn": turn})[0] == {"order": {"turn": turn}} for turn in range(100))


def test_an_answer_above_the_limit_is_no_answer(jail):
    with pytest.raises((Raised, Stopped)):
        jail.call("cells:large", {"size": 2 << 20}, limits=Limits(answer=1 << 20))
    _, (batch,) = jail.call("cells:large", {"size": 2 << 20})
    assert batch["bytes"].to_pylist()[0] == b"x" * (2 << 20)


def test_threads_and_arithmetic_work_inside(jail):
    assert jail.call("cells:threads")[0] == {"sums": [3] * 8, "product": 64.0, "upper": "Ä"}


def test_closing_leaves_no_process_and_no_open_file():
    files = len(os.listdir("/proc/self/fd"))
    with Jail(PIP_ONLY, preload=["cells"]) as made:
        made.call("cells:echo")
        with pytest.raises(Stopped):
            made.call("cells:talk")
        zygote = psutil.Process(made._process.pid)
        own = {zygote, *zygote.children(recursive=True)}
        assert len(own) > 1
    assert not psutil.wait_procs(own, timeout=5)[1]
    assert len(os.listdir("/proc/self/fd")) == files


def test_a_zygote_that_was_killed_is_told_and_hangs_nobody():
    with Jail(PIP_ONLY, preload=["cells"]) as made:
        made.call("cells:echo")
        made._process.kill()
        began = time.monotonic()
        with pytest.raises(Stopped):
            made.call("cells:echo")
            made.call("cells:echo")
        assert time.monotonic() - began < 10


def test_no_layers_are_no_jail():
    with pytest.raises(Refused, match="without a jail"):
        Jail(frozenset())


def test_a_zygote_that_cannot_start_says_why():
    with pytest.raises(Refused, match="no_such_module"):
        Jail(PIP_ONLY, preload=["no_such_module"])
