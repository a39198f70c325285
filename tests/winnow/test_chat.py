"""A goal in several messages, with the real planner: what is added, taken back, asked and run."""

from pathlib import Path

import pytest

from tests.winnow.conftest import Call


def script(folder: Path, *messages: str) -> tuple[str, ...]:
    (folder / "turns.txt").write_text("\n".join(messages) + "\n")
    return ("chat", "--input", "chat.jsonl", "--output", "out.jsonl", "--script", "turns.txt", "--json")


def kept(folder: Path) -> int:
    return len((folder / "out.jsonl").read_text().splitlines())


def test_messages_add_up_and_run_runs_them(folder: Path, call: Call) -> None:
    said = call(*script(folder, "Keep rows with at least 3 words.", "also remove exact duplicates", "run"))
    assert said.code == 0, said.err
    assert said.json["status"] == "done"
    assert [step["operator"] for step in said.json["steps"]] == ["words", "exact_dedup"]  # type: ignore[attr-defined]
    assert said.json["rows_out"] == kept(folder) == 4


def test_undo_takes_the_last_message_back(folder: Path, call: Call) -> None:
    said = call(*script(folder, "Remove exact duplicates.", "also drop rows with less than 4 words", "undo that", "run"))
    assert said.code == 0, said.err
    assert [step["operator"] for step in said.json["steps"]] == ["exact_dedup"]  # type: ignore[attr-defined]
    assert kept(folder) == 5


@pytest.mark.parametrize(
    ("messages", "told"),
    [
        (("run",), "What shall be done"),
        (("Remove exact duplicates.",), "Nothing was run"),
        (("Keep rows with at least 3 words.", "blarg the frobnicator", "run"), "frobnicator"),
        (("xyzzy plugh", "run"), "xyzzy"),
    ],
)
def test_what_cannot_be_run_is_asked_and_nothing_is_written(folder: Path, call: Call, messages: tuple[str, ...], told: str) -> None:
    said = call(*script(folder, *messages))
    assert said.code == 3
    assert said.json["status"] == "ask"
    assert told in str(said.json["message"])
    assert not (folder / "out.jsonl").exists()


def test_a_change_of_what_is_there_is_an_edit(folder: Path, call: Call) -> None:
    said = call(*script(folder, "Keep rows with at least 3 words.", "looser, 2 words are enough", "undo that and make it 4", "run"))
    assert said.code == 0, said.err
    assert kept(folder) == 2


def test_a_question_that_other_wishes_follow_is_still_open_at_the_run(folder: Path, call: Call) -> None:
    said = call(*script(folder, "texts without more than 1 exclamation mark", "no duplicates", "run"))
    assert (said.code, said.json["status"]) == (3, "ask")
    assert "exclamation mark" in str(said.json["message"])
    assert not (folder / "out.jsonl").exists()


def test_an_answer_settles_the_question(folder: Path, call: Call) -> None:
    said = call(*script(folder, "Keep rows where txt is not empty.", "text", "also remove exact duplicates", "run"))
    assert said.code == 0, said.err
    assert kept(folder) == 5


def test_a_script_that_is_not_there_is_bad_usage(folder: Path, call: Call) -> None:
    assert call("chat", "--input", "chat.jsonl", "--output", "out.jsonl", "--script", "nosuch.txt").code == 2


def test_history_and_undo_name_the_message_that_changed_a_step(folder: Path, call: Call) -> None:
    said = call(*script(folder, "Keep rows with at least 3 words.", "make it 4", "history", "undo", "run"))
    assert said.code == 0, said.err
    assert "→ 2  make it 4" in said.err
    assert "taken back: make it 4" in said.err
    assert kept(folder) == 6


def test_a_message_goes_on_after_its_change_and_its_order(folder: Path, call: Call) -> None:
    said = call(*script(folder, "Remove exact duplicates.", "also drop rows with less than 4 words", "undo that and keep 2 rows, then run"))
    assert said.code == 0, said.err
    assert [step["operator"] for step in said.json["steps"]] == ["exact_dedup", "random_sample"]  # type: ignore[attr-defined]
    assert kept(folder) == 2


def test_an_output_that_is_renamed_is_written_there(folder: Path, call: Call) -> None:
    said = call(*script(folder, "Remove exact duplicates.", "as csv please", "run"))
    assert said.code == 0, said.err
    assert (folder / "out.csv").exists()
    assert not (folder / "out.jsonl").exists()
