"""`kill -9` of a chat at random moments, taken up by another process: the same rows come out, and one run was made."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agents.conversation.nodes import Kit
from agents.conversation.talk import Conversation, find, known, opened
from agents.rules.turns import RulesPlanner
from workflows.store import Store

pytestmark = pytest.mark.slow

SAID = ["Keep messages of at least 5 words.", "also remove exact duplicates", "only messages whose label is ham", "undo", "run"]
KILLS = 40
SEED = 7


def chat(folder: Path, messages: list[str], resume: bool) -> subprocess.Popen[bytes]:
    (folder / "said.txt").write_text("\n".join(messages) + "\n")
    how = ["--resume", "last"] if resume else ["--input", "rows.jsonl", "--output", "out.jsonl"]
    words = [sys.executable, "-c", "from winnow.cli import main; main()"]
    environment = os.environ | {"WINNOW_HOME": str(folder / ".winnow"), "XDG_STATE_HOME": str(folder / "state"), "WINNOW_KERNELS": "ready"}
    return subprocess.Popen(
        [*words, "chat", *how, "--script", "said.txt", "--json"],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def heard(folder: Path) -> int:
    """How many of the messages the conversation has taken in; -1: it never began."""
    with opened(folder / ".winnow") as connection:
        if not known(connection):
            return -1
        kit = Kit(planner=RulesPlanner(), store=Store(folder / ".winnow"), approve=lambda chosen, seen, how: "policy", workers=1)
        talk = Conversation(kit, connection, find(connection, "last"))
        state = talk.proceed()
        if not state:  # killed before the first message was taken in
            return -1
        said = sum(one["who"] == "you" for one in state["log"])
        return said + (state["at"] < len(state["versions"]) - 1) + (state.get("run") is not None)


def finished(folder: Path, kills: random.Random | None) -> int:
    """Say everything, through as many kills as come; how many did."""
    at, killed = 0, 0
    for _ in range(20):
        process = chat(folder, SAID[at:], resume=at > 0)
        if kills is not None and killed < 3:
            time.sleep(kills.uniform(0.3, 4.0))
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
                killed += 1
        out, err = process.communicate(timeout=120)
        if process.returncode == 0:
            assert json.loads(out.splitlines()[-1])["status"] == "done"
            return killed
        assert process.returncode == -signal.SIGKILL, err.decode()
        at = max(heard(folder), 0)
        if at >= len(SAID):  # the run had begun, and was ended by whoever looked
            return killed
    raise AssertionError("it never came to its end")


def test_kills_change_nothing_of_what_comes_out(tmp_path: Path) -> None:
    rows = [
        {"label": ("ham", "spam")[number % 2], "text": f"message {number % 900} of many words here" if number % 3 else "hi"} for number in range(3000)
    ]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "rows.jsonl").write_text(text)
    finished(plain, None)
    wanted = (plain / "out.jsonl").read_bytes()
    chance, killed, turn = random.Random(SEED), 0, 0
    while killed < KILLS:
        folder = tmp_path / f"kill{turn}"
        folder.mkdir()
        (folder / "rows.jsonl").write_text(text)
        killed += finished(folder, chance)
        assert (folder / "out.jsonl").read_bytes() == wanted, f"turn {turn} of seed {SEED}"
        manifests = [json.loads(path.read_text()) for path in (folder / ".winnow" / "runs").glob("*/manifest.json")]
        done = [one for one in manifests if one["status"] == "done"]
        assert len(done) == 1, f"turn {turn} of seed {SEED}"
        turn += 1
