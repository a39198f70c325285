"""Each clause is checked on the rows: a right output shows as such, a wrong one fails, and what is not plain is unknown."""

import json
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pytest

from agents.draft import Clause, Draft
from agents.evidence import Evidence, verify
from agents.rules.clauses import split
from workflows.engine.sample_rows import InputRows, OutputRows, SampleRows
from workflows.recipe import OutputSpec, Recipe, SourceSpec, Step

Row = dict[str, object]
GERMAN = "Das ist ein Satz, der nicht auf Englisch ist, und er steht hier, weil wir ihn für die Probe auch noch brauchen."
ENGLISH = "This is a sentence which is not in any other language, and it stands here because we will need it for the test."
LONG = "one two three four five six seven eight nine ten"
CHAT = {"messages": [{"role": "user", "content": "Hi?"}, {"role": "assistant", "content": "Yes."}]}
SHORT_CHAT = {"messages": [{"role": "user", "content": "Hi?"}]}


def texts(*values: str) -> list[Row]:
    return [{"text": value} for value in values]


def told(
    goal: str,
    given: Sequence[Row],
    out: Sequence[int | Row] | Mapping[str, Sequence[int | Row]],
    *,
    other: Sequence[Row] = (),
    steps: tuple[str, ...] = ("step",),
    whole: bool = True,
    state: str = "dropped",
) -> tuple[Evidence, ...]:
    """The evidence for a goal whose plan is one step. An output is told by the places of input rows, or by new rows `{"_of": PLACE, …}`."""
    ports = out if isinstance(out, Mapping) else {"out": out}
    kept = {one if isinstance(one, int) else one["_of"] for rows in ports.values() for one in rows}
    inputs = {"rows": _input(given, 0, [at in kept for at in range(len(given))], state)}
    if other:
        inputs["eval"] = _input(other, 1, [True] * len(other), state, reference=True)
    sample = SampleRows(
        inputs=inputs,
        outputs={name: _output(given, rows) for name, rows in ports.items()},
        whole=whole,
        let_pass=frozenset([] if whole else ["step"]),
    )
    recipe = Recipe(
        name="test",
        sources={name: SourceSpec(path=f"{name}.jsonl") for name in inputs},
        steps=[Step(id="step", op="field@1", rows="rows", params={"where": "true"})],
        outputs={name: OutputSpec(rows="step", path=f"{name}.jsonl") for name in ports},
    )
    clauses = tuple(Clause(text=phrase.text, steps=steps) for phrase in split(goal))
    return verify(goal, Draft(status="draft", recipe=recipe, clauses=clauses), sample)


def _input(rows: Sequence[Row], file: int, kept: Sequence[bool], state: str, reference: bool = False) -> InputRows:
    return InputRows(
        table=pa.Table.from_pylist(list(rows)),
        number=np.arange(len(rows)) + (file << 43),
        part=np.zeros(len(rows), np.int64),
        total=len(rows),
        reference=reference,
        state=tuple("kept" if one else state for one in kept),
        step=("step",) * len(rows),
        into=np.full(len(rows), -1),
    )


def _output(given: Sequence[Row], rows: Sequence[int | Row]) -> OutputRows:
    made = [given[one] if isinstance(one, int) else {name: value for name, value in one.items() if name != "_of"} for one in rows]
    table = pa.Table.from_pylist(made) if made else pa.Table.from_pylist(list(given)).slice(0, 0)
    number = np.array([one if isinstance(one, int) else one["_of"] for one in rows], np.int64)
    return OutputRows(table=table, number=number, part=np.zeros(len(rows), np.int64), total=len(rows))


SIZED = texts("one two", LONG, f"{LONG} {LONG}")
LABELS: list[Row] = [{"text": f"text {number}", "label": "spam" if number % 3 == 0 else "ham"} for number in range(9)]
SCORES: list[Row] = [{"title": f"t{number}", "score": number} for number in (3, 1, 5, 2, 4)]
MAILS = texts("write to ada@example.org now", "nothing here")
TWICE = texts("same words here", "other words", "same words here")
MANY: list[Row] = [{"text": f"row {number}", "topic": "abcd"[number % 4]} for number in range(40)]
CASES: list[tuple[str, list[Row], object, object]] = [
    ("Keep texts of at least 5 words", SIZED, [1, 2], [0, 1, 2]),
    ("Keep texts of at least 5 words", SIZED, [1, 2], [2]),  # one that should stay is gone
    ("Drop texts with more than 12 words", SIZED, [0, 1], [0, 1, 2]),
    ("Keep texts shorter than 30 characters", SIZED, [0], [0, 1]),
    ("Only German", texts(GERMAN, ENGLISH), [0], [0, 1]),
    ("Drop the German texts", texts(GERMAN, ENGLISH), [1], [0]),
    ("Keep rows where label is ham", LABELS, [1, 2, 4, 5, 7, 8], [0, 3, 6]),
    ("Throw the spam messages away", LABELS, [1, 2, 4, 5, 7, 8], list(range(9))),
    ("Everything but the spam", LABELS, [1, 2, 4, 5, 7, 8], [0, 3, 6]),
    ("Keep rows with score >= 3", SCORES, [0, 2, 4], [0, 2, 3, 4]),
    ("Drop rows with an empty text", texts("a b", "", "c"), [0, 2], [0, 1, 2]),
    ('Keep texts that contain "words"', texts("many words", "none"), [0], [0, 1]),
    (r"Keep the texts whose text matches the regex \d{3}", texts("no 123", "no 12"), [0], [1]),
    ("drop every text that starts with RT", texts("RT @a yes", "no RT"), [1], [0, 1]),
    ("Drop texts that contain an e-mail address", MAILS, [1], [0, 1]),
    ("Mask the e-mail addresses in text", MAILS, [{"_of": 0, "text": "write to [EMAIL] now"}, 1], [0, 1]),
    ("Strip the HTML tags from text", texts("<p>Hi</p>", "x"), [{"_of": 0, "text": "Hi"}, 1], [0, 1]),
    ("lower-case the text", texts("Big A", "b"), [{"_of": 0, "text": "big a"}, 1], [0, 1]),
    ("Collapse runs of whitespace", texts("a   b"), [{"_of": 0, "text": "a b"}], [0]),
    ("replace curly quotes", texts("“a”"), [{"_of": 0, "text": '"a"'}], [0]),
    ("In text, replace 'x' with 'y'", texts("x x"), [{"_of": 0, "text": "y y"}], [0]),
    ("cut every text after 5 words", SIZED, [0, {"_of": 1, "text": "one two three four five"}], [0, 1]),
    (
        "the first 2 sentences of each",
        texts("Once there was rain. Then came snow. Nothing happened after. Then came wind."),
        [{"_of": 0, "text": "Once there was rain. Then came snow."}],
        [0],
    ),
    ("Remove exact duplicates", TWICE, [0, 1], [0, 1, 2]),
    ("Sort by score, highest first", SCORES, [2, 4, 0, 3, 1], [1, 3, 0, 4, 2]),
    ("Shuffle the rows", MANY, [*range(20, 40), *range(20)], list(range(40))),
    ("Take a random sample of 10 rows", MANY, list(range(0, 40, 4)), list(range(12))),
    ("Take a random sample of 10 rows", MANY, list(range(0, 40, 4)), list(range(10))),  # the first ones
    ("the first 3 rows", MANY, [0, 1, 2], [1, 2, 3]),
    ("Give me the top 2 rows by score", SCORES, [2, 4], [0, 2]),
    ("Give me the 2 longest texts", SIZED, [1, 2], [0, 1]),
    ("10% of the rows at random", MANY, [1, 9, 22, 31], list(range(5, 15))),
    ("at most 5 rows per topic", MANY, list(range(20)), list(range(24))),
    ("sample 40 rows evenly over topics", [*MANY, *MANY], list(range(40)), [*range(0, 76, 4), *range(1, 66, 4), *range(2, 18, 4)]),
    ("Split into train and test, 75/25", MANY, {"train": list(range(30)), "test": list(range(30, 40))}, {"train": list(range(39)), "test": [39]}),
    ("All rows of one topic must land on the same side", MANY, {"train": [0, 4], "test": [1, 5]}, {"train": [0, 1], "test": [4, 5]}),
    ("Keep only title and score", [{"title": "a", "score": 1, "id": 7}], [{"_of": 0, "title": "a", "score": 1}], [0]),
    ("Remove the id column", [{"title": "a", "id": 7}], [{"_of": 0, "title": "a"}], [0]),
    ("Rename title to name", [{"title": "a"}], [{"_of": 0, "name": "a"}], [0]),
    ("Add a column n with the number of words in text", texts("a b"), [{"_of": 0, "text": "a b", "n": 2}], [{"_of": 0, "text": "a b", "n": 3}]),
    ("Keep only rows where text is valid JSON", texts('{"a": 1}', "{a"), [0], [0, 1]),
    ("Keep only the rows where text is valid Python code", texts("x = 1", "x = = 1"), [0], [0, 1]),
    ("Convert to chat messages", [{"question": "Hi?", "answer": "Yes."}], [{"_of": 0, **CHAT}], [{"_of": 0, **SHORT_CHAT}]),
    ("drop conversations that don't end with an assistant turn", [CHAT, SHORT_CHAT], [0], [0, 1]),
    ("Keep pairs where own is the same as other", [{"own": "x", "other": "x"}, {"own": "x", "other": "y"}], [0], [1]),
    ("chosen must be at least twice as long as rejected", [{"chosen": LONG, "rejected": "one"}, {"chosen": "one", "rejected": LONG}], [0], [0, 1]),
    ("drop texts where more than 5% of the characters are digits", texts("abc def ghi jkl mno 1234567", "abc"), [1], [0, 1]),
    ("Keep every row", MANY, list(range(40)), list(range(39))),
    ("Convert the LaTeX to plain text", texts(r"\emph{a}"), None, [0]),
]


@pytest.mark.parametrize(("goal", "given", "right", "wrong"), CASES, ids=[f"{at}-{case[0][:40]}" for at, case in enumerate(CASES)])
def test_a_wrong_output_fails_and_a_right_one_does_not(goal: str, given: list[Row], right: object, wrong: object) -> None:
    if right is not None:
        found = told(goal, given, right)  # type: ignore[arg-type]
        assert [one.verdict for one in found] == ["holds"], found
    assert [one.verdict for one in told(goal, given, wrong)] == ["fails"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("goal", "given", "out"),
    [
        ("drop texts with fewer than 5 words, unless they are German", SIZED, [0, 1, 2]),  # an exception
        ("Keep rows that are helpful", SIZED, [0]),
        ("Keep texts of at least 5 words that speak of love or of war", SIZED, [0, 1, 2]),  # only a part is understood
        ("Only the ham messages. The spam as well", LABELS, list(range(9))),  # it goes on in the next clause
        ("no more than roughly 5 words", SIZED, [0, 1, 2]),
        ("Thanks a lot", SIZED, [0]),
        ("Keep only German", texts("Ja", "12"), [0, 1]),  # too short to tell
        ("Keep texts of at least 10 words", texts("one-two three-four five-six seven-eight nine-ten"), [0]),  # as one counts
    ],
)
def test_what_is_not_plain_is_unknown(goal: str, given: list[Row], out: list[int]) -> None:
    assert "fails" not in {one.verdict for one in told(goal, given, out)}


def test_what_hangs_on_all_rows_is_not_told_from_a_sample() -> None:
    for goal in (
        "Take a random sample of 10 rows",
        "Remove exact duplicates",
        "at most 2 rows per topic",
        "Split into train and test, 75/25",
    ):
        assert [one.verdict for one in told(goal, [*MANY, *MANY], list(range(12)), whole=False)] == ["unknown"], goal


def test_what_only_orders_or_changes_rows_loses_none() -> None:
    assert [one.verdict for one in told("Sort by score", SCORES, [1, 3, 0, 4])] == ["fails"]
    assert [one.verdict for one in told("Mask the e-mail addresses in text", MAILS, [1])] == ["fails"]
    assert [one.verdict for one in told("Remove the id column", [{"title": "a", "id": 7}, {"title": "b", "id": 8}], [{"_of": 0, "title": "a"}])] == [
        "fails"
    ]


def test_what_stands_behind_a_filter_is_checked_too() -> None:
    goal = "Keep rows with score >= 2 and report how diverse they are"
    assert [one.verdict for one in told(goal, SCORES, [0, 2, 3, 4])] == ["unknown"]
    assert [one.verdict for one in told(goal, SCORES, [0, 1, 2, 3, 4])] == ["fails"]
    assert [one.verdict for one in told("Keep rows with score >= 2, sorted by score", SCORES, [3, 0, 4, 2])] == ["holds"]
    assert [one.verdict for one in told("Keep rows with score >= 2, sorted by score", SCORES, [2, 0, 4, 3])] == ["fails"]


def test_a_no_at_the_head_does_not_turn_what_must_be() -> None:
    goal = "no repeated titles, and the score must be at least 2"
    assert [one.verdict for one in told(goal, SCORES, [1])] == ["fails"]


def test_rows_that_are_not_as_the_step_was_told_are_shown_where_they_are() -> None:
    (one,) = told("Keep texts of at least 5 words", SIZED, [0, 1, 2])
    assert one.says.startswith("1 of 3 rows that go out are not as asked")
    assert "e.g. row 0" in one.says
    assert one.steps == ("step",)


def test_duplicates_of_one_label_are_not_the_label() -> None:
    rows: list[Row] = [
        {"label": "ham", "text": "a b"},
        {"label": "ham", "text": "a b"},
        {"label": "spam", "text": "c d"},
        {"label": "spam", "text": "c d"},
    ]
    assert [one.verdict for one in told("remove ham duplicates", rows, [0, 2, 3], state="merged")] == ["holds"]
    assert [one.verdict for one in told("remove ham duplicates", rows, [2], state="dropped")] == ["fails"]
    assert [one.verdict for one in told("remove ham duplicates", rows, [0, 2], state="merged")] == ["fails"]


def test_rows_merged_with_nothing_like_them_are_found() -> None:
    assert [one.verdict for one in told("Remove exact duplicates", TWICE, [0], state="merged")] == ["fails"]


def test_what_is_in_the_reference_must_not_go_out() -> None:
    given = texts("What is the capital of France today?", "How far is it from Rome to Turin by train?")
    goal = "Drop every row whose text also occurs in eval"
    assert [one.verdict for one in told(goal, given, [1], other=given[:1])] == ["holds"]
    assert [one.verdict for one in told(goal, given, [0, 1], other=given[:1])] == ["fails"]
    assert [one.verdict for one in told(goal, given, [], other=texts("Nothing of the kind stands in this file at all"))] == ["fails"]


def test_columns_that_nobody_spoke_of_must_stay_as_they_are() -> None:
    given: list[Row] = [{"text": "Big", "note": "As It Was"}]
    goal = "lower-case the text, leave all other columns as they are"
    right, wrong = [{"_of": 0, "text": "big", "note": "As It Was"}], [{"_of": 0, "text": "big", "note": "as it was"}]
    assert [one.verdict for one in told(goal, given, right)] == ["holds", "holds"]
    assert told(goal, given, wrong)[-1].verdict == "fails"


def test_a_rows_words_are_shown_short_and_on_one_line() -> None:
    nasty = "spam\x1b[31m\u202e" + "x" * 500
    (one,) = told("Remove exact duplicates", texts(nasty, nasty), [0, 1])
    assert one.verdict == "fails"
    assert len(one.says) < 200
    assert one.says.isprintable()


def test_a_draft_without_a_recipe_has_no_evidence() -> None:
    sample = SampleRows(inputs={}, outputs={}, whole=True, let_pass=frozenset())
    assert verify("keep the good ones", Draft(status="ask", message="Which?"), sample) == ()


def test_the_same_rows_give_the_same_evidence() -> None:
    goal = "Drop near duplicates of the text and keep texts of at least 5 words"
    assert told(goal, SIZED, [1, 2]) == told(goal, SIZED, [1, 2])


def test_odd_rows_are_no_trouble() -> None:
    rows: list[Row] = [
        {"text": None, "label": None, "n": None},
        {"text": "", "label": "a", "n": 2.5},
        {"text": "\ud7ff" * 3, "label": "a", "n": -1.0},
    ]
    for goal in {case[0] for case in CASES}:
        json.dumps([one.says for one in told(goal, rows, [0, 1, 2])])
        json.dumps([one.says for one in told(goal, rows, [])])
