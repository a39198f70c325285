"""What other agents are told is so: the page of the MCP server and the skill file."""

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.winnow.asking import Serve
from tests.winnow.conftest import Call

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
SKILL = (ROOT / "skills" / "winnow" / "SKILL.md").read_text(encoding="utf-8")
CALL = re.compile(r"`(?:\$ )?(winnow [^`]+)`")


def test_the_page_lists_the_tools_with_their_first_sentences(serve: Serve):
    listed = dict(re.findall(r"^\| `([a-z_]+)` \| (.+) \|$", PAGE.partition("## The tools")[2], re.MULTILINE))
    assert listed == {tool.name: f"{str(tool.description).split('. ')[0].rstrip('.')}." for tool in serve().tools()}


def test_the_page_shows_the_entry_that_the_command_prints(folder: Path, call: Call):
    shown = json.loads(re.findall(r"```json\n(.+)\n```", PAGE)[0])["mcpServers"]["winnow"]
    made = call("mcp", "--json", "--root", ".").json["mcpServers"]["winnow"]  # type: ignore[index]
    assert shown["args"] == [*made["args"][:-1], "/home/me/my-project"]
    options = set(re.findall(r"^\| `(--[a-z-]+)", PAGE, re.MULTILINE))
    assert options == set(re.findall(r"^ +(--[a-z-]+)", call("mcp", "--help").out, re.MULTILINE)) - {"--help", "--json"}


def test_the_skill_says_when_it_is_meant():
    head = re.match(r"---\nname: ([a-z0-9-]+)\ndescription: (.+)\n---\n", SKILL)
    assert head is not None
    assert head[1] == "winnow"
    assert 100 < len(head[2]) <= 1024


def test_the_skill_s_loop_runs_as_it_stands(folder: Path, call: Call):
    rows = ["We met at the old mill by the river.", "We met at the old mill by the river.", "no", "The train to the coast leaves in the morning."]
    (folder / "data.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in rows))
    commands = re.findall(r"^\$ winnow (.+)$", SKILL, re.MULTILINE)
    assert len(commands) >= 9
    for command in commands:
        said = call(*shlex.split(command))
        assert said.code == 0, f"{command}: {said.err}"
        if "--json" in command:
            json.loads(said.out)
    assert len((folder / "clean.jsonl").read_text().splitlines()) == 2


@pytest.mark.parametrize("page", [PAGE, SKILL], ids=["mcp.md", "SKILL.md"])
def test_every_command_and_option_that_is_named_is_there(call: Call, page: str):
    named = [*CALL.findall(page), *re.findall(r"^(?:\$ |    )(winnow .+)$", page, re.MULTILINE)]
    assert named
    helps = {}
    for one in named:
        words = one.split()[1:3] if one.startswith("winnow operators ") else one.split()[1:2]
        helps[" ".join(words)] = call(*words, "--help")
        assert helps[" ".join(words)].code == 0, one
        for option in re.findall(r"--[a-z][a-z-]+", one):
            assert re.search(rf"{option}\b", helps[" ".join(words)].out), f"{one}: {option}"
    everywhere = " ".join(call(name, "--help").out for name in ("run", "preview", "plan", "mcp"))
    for option in re.findall(r"`(--[a-z-]+)", page):
        assert option in everywhere, option
