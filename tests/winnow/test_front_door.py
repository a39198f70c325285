"""What every command has in common: help, exit codes, one-line errors, nothing heavy before it is needed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.winnow.conftest import Call
from winnow import cli

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = (
    "prepare", "plan", "chat", "eval", "run", "resume", "replay", "runs", "why", "rows", "report", "profile", "compare", "save", "fmt", "show",
    "recipes", "history", "diff", "approve", "preview", "mcp", "init", "doctor", "gc", "operators list", "operators show", "operators vet",
    "models list", "models add", "models remove", "models probe",
)  # fmt: skip
HEAVY = ("pyarrow", "duckdb", "pydantic", "numpy", "rich", "ruamel", "sqlite3")


def loaded(*arguments: str) -> set[str]:
    code = f"import sys; from winnow.cli import call; call({list(arguments)!r}); print('\\n' + ' '.join(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    return set(done.stderr.splitlines()[-1].split())


def test_help_loads_nothing_heavy():
    modules = loaded("--help")
    assert "winnow.commands.running" in modules
    assert modules.isdisjoint(HEAVY)
    assert not [name for name in modules if name.partition(".")[0] in ("tools", "workflows", "agents", "sandbox")]


def test_listing_the_operators_imports_none_of_them():
    modules = loaded("operators", "list")
    assert "tools" in modules
    assert not [name for name in modules if name.startswith("tools.") or name.partition(".")[0] in ("pyarrow", "duckdb", "workflows")]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_and_speaks_json(call: Call, command: str):
    said = call(*command.split(), "--help")
    assert said.code == 0
    assert f"Example: winnow {command} " in said.out or f"Example: winnow {command}\n" in said.out
    assert "--json" in said.out


def test_the_commands_tested_are_all_there_are(call: Call):
    listed = re.findall(r"^  ([a-z]+)  ", call("--help").out.partition("Commands:")[2], re.MULTILINE)
    assert {command.split()[0] for command in COMMANDS} == set(listed)


def test_nothing_at_all_shows_the_help(call: Call):
    assert call().out == call("--help").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("run",),
        ("run", "recipe.yaml", "--workers", "0"),
        ("run", "nothing-of-that-name"),
        ("run", "missing.yaml"),
        ("run", "recipe.yaml", "--input", "a=x", "--input", "a=y"),
        ("run", "recipe.yaml", "--output", "-", "--json"),
        ("show", "../etc/passwd.yaml"),
        ("show", "No Name"),
        ("approve", "recipe.yaml"),
        ("operators",),
        ("operators", "show", "wordz"),
        ("operators", "list", "--stage", "nowhere"),
        ("diff", "recipe.yaml", "neither"),
        ("fmt", "missing.yaml"),
        ("gc", "--most", "much"),
        ("prepare", "no duplicates", "--input", "chat.jsonl"),
        ("prepare", "no duplicates", "--output", "x.jsonl"),
        ("prepare", " ", "--input", "chat.jsonl", "--output", "x.jsonl"),
        ("prepare", "no duplicates", "--input", "chat.jsonl", "--output", "x.jsonl", "--planner", "llm"),
        ("prepare", "no duplicates", "--input", "chat.jsonl", "--output", "x.jsonl", "--planner", "other"),
    ],
)
def test_bad_usage_is_one_line_and_code_two(call: Call, folder: Path, arguments: tuple[str, ...]):
    said = call(*arguments)
    assert said.code == 2
    assert re.fullmatch(r"error: [^\n]+\n", said.err)
    assert "Traceback" not in said.err
    assert not (folder / "x.jsonl").exists()


@pytest.mark.parametrize("command", ["prepare", "run", "resume", "replay"])
def test_a_failure_too_is_one_json_object(call: Call, command: str):
    said = call(command, "x", "--json")
    assert said.code in (1, 2)
    found = json.loads(said.out)
    assert found["status"] == "failed"
    assert f"error: {found['message']}\n" == said.err
    assert {"run", "steps", "states", "clauses"} <= set(found)


def test_a_fault_of_ours_is_one_line_unless_debugged(call: Call, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(cli, "_command", lambda _: broken)
    said = call("runs")
    assert said.code == 1
    assert re.fullmatch(r"error: ZeroDivisionError: by zero \(a fault of winnow.*\)\n", said.err)
    monkeypatch.setenv("WINNOW_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli.call(["runs"])


def test_a_reader_that_goes_away_is_no_traceback():
    command = f"{sys.executable} -m winnow operators list --json | head -c 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    assert done.stdout == "["
    assert "Traceback" not in done.stderr


def test_pipes_get_no_colour(call: Call):
    assert "\x1b" not in call("doctor").out


def test_the_door_is_lazy_and_lists_its_names():
    import winnow

    assert {"Recipe", "plan", "run"} <= set(dir(winnow))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        winnow.nothing  # noqa: B018
