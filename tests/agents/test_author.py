"""Operators written by a model: what is agreed before any code, what the jail says of the code, what happens when a person accepts."""

import json
from pathlib import Path

import pytest

from agents.author import code, sheet
from agents.author.author import FILES, Author, Authored
from agents.author.sheet import Sheet
from agents.author.wishes import ACCEPTS, wish_of
from agents.conversation.nodes import Kit
from agents.conversation.talk import Conversation, opened
from agents.llm.answers import Unfit
from agents.rules.turns import RulesPlanner
from agents.turns import Situation
from sandbox.gateway import Budget, Endpoint, Gateway
from tests.endpoint.fixtures import endpoint_server, server  # noqa: F401
from tools.catalogue import OPERATORS
from workflows import jailing
from workflows.store import Store
from workflows.strangers.believed import is_vetted
from workflows.strangers.file import from_bytes
from workflows.strangers.vetted import vet

GOOD = {
    "name": "VowelCount",
    "kind": "Bounded",
    "column": "text",
    "type": "int",
    "what": "Count the vowels of a text.",
    "examples": [{"given": "", "gives": 0}, {"given": "Aeon", "gives": 3}, {"given": "xyz", "gives": 0}],
    "at_least": 2,
    "at_most": None,
}
SHEET = Sheet(
    name="VowelCount",
    kind="Bounded",
    column="text",
    type="int",
    what="Count the vowels of a text.",
    examples=(("", 0), ("Aeon", 3), ("xyz", 0)),
    bounds={"at_least": 2},
)
jailed = pytest.mark.skipif(jailing.refusal() is not None, reason=f"no jail holds here: {jailing.refusal()}")


def file(work: str = "sum(sign in 'aeiouAEIOU' for sign in text)", name: str = "VowelCount") -> str:
    return (
        (FILES / "bounded.py")
        .read_text()
        .replace("Shouts", name)
        .replace("shouts", "vowel_count")
        .replace('given={"text": ["Hi!", "", "No!!"]}, gives={"vowel_count": [1, 0, 2]}', 'given={"text": ["Aeon"]}, gives={"vowel_count": [3]}')
        .replace(
            'pc.cast(pc.count_substring(batch["text"], "!"), pa.int64())', f'pa.array([{work} for text in batch["text"].to_pylist()], pa.int64())'
        )
        .replace("import pyarrow.compute as pc\n", "")
    )


def test_what_was_agreed_is_read() -> None:
    assert sheet.read(GOOD, ["text"], OPERATORS) == SHEET


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "vowels"}, "no class name"),
        ({"name": "Words"}, "there is already"),
        ({"kind": "Source"}, "kind"),
        ({"column": "body"}, "no column 'body'"),
        ({"type": "str"}, "does not go with Bounded"),
        ({"examples": GOOD["examples"][:2]}, "too few"),  # type: ignore[index]
        ({"examples": [*GOOD["examples"], {"given": "Aeon", "gives": 4}]}, "same `given`"),  # type: ignore[misc]
        ({"examples": [{"given": str(number), "gives": 0} for number in range(4)]}, "all give the same"),
        ({"examples": [{"given": str(number), "gives": True} for number in range(4)]}, "'True' is no int"),
        ({"examples": [{"given": 7, "gives": 1}] * 3}, "is no short text"),
        ({"what": " "}, "is empty"),
    ],
)
def test_what_cannot_be_agreed_is_told(change: dict[str, object], said: str) -> None:
    with pytest.raises(Unfit, match=said):
        sheet.read({**GOOD, **change}, ["text"], OPERATORS)


@jailed
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("import os\n", "holds no operator"),
        (file(name="Vowels"), "VowelCount"),
        (file(work="len(text)"), "of 'Aeon' it makes 4 .allowed: 3"),
        (file(work="open('/etc/passwd').read().count(text)"), "raised FileNotFoundError in line"),
        (file().replace('"text": pa.string()}', '"text": pa.string(), "more": pa.string()}', 1), "the card reads text, more"),
        (file().replace("pa.int64()", "pa.int32()"), "the card adds"),
        pytest.param("while True: pass\n", "file", marks=pytest.mark.slow),
    ],
)
def test_a_file_that_will_not_do_is_refused_with_what_to_mend(text: str, said: str) -> None:
    with pytest.raises(Unfit, match=said):
        code.read({"file": text}, SHEET, "")


@pytest.mark.parametrize(
    ("message", "wish"),
    [
        ("write an operator that counts vowels", "counts vowels"),
        ("/write a new operator: count vowels", "count vowels"),
        ("please write me an operator to count vowels", "count vowels"),
        ("write one", "rate the poetry"),
        ("write parquet instead", None),
        ("keep rows with vowels", None),
    ],
)
def test_wishes_for_operators_are_heard(message: str, wish: str | None) -> None:
    assert wish_of(message, {"unclear": ["rate the poetry"]}) == wish


def test_only_what_says_so_accepts() -> None:
    assert [bool(ACCEPTS.fullmatch(one)) for one in ("accept", "/accept", "yes, use it", "accept rows with x", "use the column body")] == [
        1,
        1,
        1,
        0,
        0,
    ]


@jailed
@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(FILES.glob("*.py")), ids=lambda path: path.stem)
def test_the_files_that_a_model_is_shown_keep_all_laws(path: Path) -> None:
    assert vet(from_bytes(path.read_bytes(), path.name)).passed


@jailed
@pytest.mark.slow
def test_from_a_wish_to_rows(tmp_path: Path, server, monkeypatch) -> None:  # noqa: F811
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in ("Aeon", "xyz", "sea", "a")))
    few = {**GOOD, "examples": GOOD["examples"][:1]}  # type: ignore[index]
    server.say(*(json.dumps(one) for one in (few, GOOD, {"file": file(work="len(text)")}, {"file": file()})))
    gateway = Gateway(Endpoint(alias="tiny", url=server.url, model="any"), budget=Budget(100_000, None), cache=tmp_path / "cache")
    kit = Kit(planner=RulesPlanner(), store=Store(tmp_path / ".winnow"), approve=lambda chosen, seen, how: "me", author=Author(gateway), workers=1)
    with opened(tmp_path / ".winnow") as connection:
        talk = Conversation(kit, connection, "talk")
        talk.begin("Remove exact duplicates.", {"rows": str(tmp_path / "rows.jsonl")}, str(tmp_path / "out.jsonl"))
        state = talk.write("keep texts with at least 2 vowels")
        assert state["turn"]["kind"] == "tell", state["turn"]["message"]
        assert not (tmp_path / "ops").exists()
        made = Authored.of(state["proposal"])  # type: ignore[arg-type]
        assert made.sheet == SHEET
        state = talk.accept("accept")
        assert state["turn"]["kind"] == "change", state["turn"]["message"]
        assert "Written by the model 'tiny'" in (tmp_path / "ops" / "vowel_count.py").read_text()
        assert is_vetted(made.certificate.digest, "VowelCount")
        assert talk.approve()["failure"] == ""
    assert [json.loads(line)["text"] for line in (tmp_path / "out.jsonl").read_text().splitlines()] == ["Aeon", "sea"]
    assert [len(one.body["messages"]) for one in server.asked] == [2, 4, 3, 5]


def test_without_a_jail_nothing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jailing, "refusal", lambda: "nothing holds")
    situation = Situation(message="x", inputs={}, output=None, cache=tmp_path)
    with pytest.raises(Exception, match="could not be tried: nothing holds"):
        Author(None).write("x", situation)  # type: ignore[arg-type]
