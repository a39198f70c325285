"""The command `compare`, and the same from Python."""

import json
from pathlib import Path

import pytest

import winnow
from tests.winnow.conftest import Call

SAID = "the weather in our town was fine again on the second day of may and nobody stayed at home"


@pytest.fixture()
def sets(folder: Path) -> tuple[str, str]:
    ours = [{"id": n, "text": f"{SAID[n % 7 :]} number{n}", "tag": None} for n in range(40)]
    theirs = [{"text": row["text"], "made": n} for n, row in enumerate(ours[:10])] + [
        {"text": f"{n} other words entirely", "made": n} for n in range(20)
    ]
    for name, rows in (("a.jsonl", ours), ("b.jsonl", theirs)):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return "a.jsonl", "b.jsonl"


def test_both_are_told_side_by_side(call: Call, sets: tuple[str, str], folder: Path):
    before = sorted(folder.iterdir())
    said = call("compare", *sets, "--json")
    found = said.json
    assert said.code == 0
    assert found["a"]["rows"] == 40  # type: ignore[index]
    assert found["b"]["rows"] == 30  # type: ignore[index]
    assert found["a"]["text"] == "text"  # type: ignore[index]
    assert found["a"]["overlap"] == {"exact": 10, "near": 40, "overlapping": 40}  # type: ignore[index]
    assert found["b"]["overlap"] == {"exact": 10, "near": 10, "overlapping": 10}  # type: ignore[index]
    assert found["a"]["diversity"]["words"] > found["b"]["diversity"]["words"]  # type: ignore[index]
    assert found["drift"]["p_value"] < 0.01  # type: ignore[index]
    assert [(one["name"], one["nulls"]) for one in found["a"]["columns"]] == [("id", 0), ("text", 0), ("tag", 1)]  # type: ignore[index]
    assert sorted(folder.iterdir()) == before


def test_people_get_tables_and_a_verdict(call: Call, sets: tuple[str, str]):
    said = call("compare", *sets)
    assert "not of one kind" in said.out
    assert "only in A: id, tag" in said.out
    assert "10 (25.0%)" in said.out


def test_a_data_set_beside_itself_does_not_drift(call: Call, sets: tuple[str, str]):
    found = call("compare", sets[0], sets[0], "--json").json
    assert found["drift"]["mmd"] == 0  # type: ignore[index]
    assert found["drift"]["js"] == 0  # type: ignore[index]
    assert found["a"]["overlap"]["exact"] == 40  # type: ignore[index]


def test_columns_of_other_names_are_compared_when_told(call: Call, folder: Path, sets: tuple[str, str]):
    (folder / "c.jsonl").write_text('{"body": "the weather in our town was fine again on the second day"}\n')
    said = call("compare", "c.jsonl", sets[0])
    assert said.code == 0
    assert "--column NAME=OTHER" in said.err
    found = call("compare", "c.jsonl", sets[0], "--column", "body=text", "--json").json
    assert found["a"]["overlap"]["overlapping"] == 1  # type: ignore[index]


@pytest.mark.parametrize(
    ("arguments", "told"), [(("a.jsonl", "none.jsonl"), "no file"), (("a.jsonl", "b.jsonl", "--column", "texts"), "did you mean 'text'")]
)
def test_what_cannot_be_compared_is_named(call: Call, sets: tuple[str, str], arguments: tuple[str, ...], told: str):
    said = call("compare", *arguments)
    assert said.code != 0
    assert told in said.err


def test_python_gives_the_same(sets: tuple[str, str]):
    found = winnow.compare(sets[0], [{"text": "nothing of it", "id": 1}])
    assert (found.a.rows, found.b.rows) == (40, 1)
    assert found.only_in == (("tag",), ())
    assert found.drift["mmd"] is None


def test_an_empty_file_is_named(call: Call, sets: tuple[str, str], folder: Path):
    (folder / "empty.jsonl").write_text("")
    said = call("compare", sets[0], "empty.jsonl")
    assert said.code == 1
    assert "empty.jsonl: there are no columns in it" in said.err
