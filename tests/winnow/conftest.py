"""A folder, a state folder and a small input of its own for each test of the front door."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from winnow import cli

if TYPE_CHECKING:
    from tests.winnow.asking import Serve

RECIPE = """\
winnow: 1
name: long-ones
goal: long ones

sources:
  chat: {path: chat.jsonl}

steps:
  - id: long_enough
    op: words@1
    from: chat
    on: text
    with: {at_least: 3}
  - id: once
    op: exact_dedup@1
    from: long_enough
    on: text

outputs:
  train: {from: once, path: out.jsonl}
"""
TEXTS = ("one", "one two three", "one two three", "a b c d", "a b c d", "\x1b[31mred \u202eevil row", "x y z")


@dataclass(frozen=True)
class Said:
    """What a command gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        found = json.loads(self.out.splitlines()[-1])
        assert isinstance(found, dict)
        return found


Call = Callable[..., Said]


@pytest.fixture()
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    here = tmp_path / "project"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.delenv("WINNOW_HOME", raising=False)
    monkeypatch.delenv("WINNOW_DEBUG", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (here / ".winnow").mkdir()
    (here / "recipe.yaml").write_text(RECIPE)
    lines = [json.dumps({"id": number, "text": text}) for number, text in enumerate(TEXTS)]
    (here / "chat.jsonl").write_text("\n".join(lines) + "\n")
    return here


@pytest.fixture()
def call(folder: Path, capfd: pytest.CaptureFixture[str]) -> Call:
    def calling(*arguments: object) -> Said:
        code = cli.call([str(one) for one in arguments])
        captured = capfd.readouterr()
        return Said(code, captured.out, captured.err)

    return calling


@pytest.fixture()
def serve(folder: Path) -> "Iterator[Serve]":
    """Makes MCP servers over the folder, each with a client that talks to it."""
    from anyio.from_thread import start_blocking_portal

    from tests.winnow.asking import serving

    with start_blocking_portal() as portal, ExitStack() as stack:
        yield serving(stack, portal, folder)
