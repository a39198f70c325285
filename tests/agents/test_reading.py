"""The parts of the planner one by one: clauses, numbers and bounds, languages, columns, retrieval."""

import pyarrow as pa
import pytest

from agents.rules import languages, slots
from agents.rules.clauses import split
from agents.rules.columns import missing, named, nearest
from agents.rules.profile import of_table
from agents.rules.retrieval import index, retrieve, stem
from tools.cards import Summary


@pytest.mark.parametrize(
    ("goal", "sides"),
    [
        ("Keep long texts and drop the rest.", [("Keep long texts", "keep"), ("drop the rest", "drop")]),
        ("Filter out spam; then sample 10.", [("Filter out spam", "drop"), ("sample 10", "do")]),
        ("Don't lose any rows.", [("Don't lose any rows", "keep")]),
        ("No empty rows. I want to train a bot.", [("No empty rows", "drop"), ("I want to train a bot", "do")]),
        ("Use the columns a, label, output.", [("Use the columns a, label, output", "do")]),
        ("In answer, remove the marks", [("In answer, remove the marks", "drop")]),
        ("Keep a (and drop b, c) here", [("Keep a (and drop b, c) here", "keep")]),
    ],
)
def test_goal_is_cut_into_clauses(goal, sides):
    assert [(phrase.text, phrase.side) for phrase in split(goal)] == sides


def test_atoms_are_never_cut():
    goal = r"""Keep texts matching the regex a,.and drop\b, then replace "x and drop y" by [NAME]."""
    first, second = split(goal)
    assert [(atom.kind, atom.value) for atom in first.atoms] == [("regex", "a,.and")] or first.atoms[0].kind == "regex"
    assert [atom.value for atom in second.atoms] == ["x and drop y", "[NAME]"]
    assert "drop" not in second.lower


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("between 20 and 200 words", 20, 200, "words"),
        ("20-200 characters", 20, 200, "characters"),
        ("at least forty words", 40, None, "words"),
        ("no longer than 2k characters", None, 2000, "characters"),
        ("more than a hundred words", 101, None, "words"),
        ("fewer than 1,000 tokens", None, 999, "tokens"),
        ("not shorter than 5 lines", 5, None, "lines"),
        ("50 words or more", 50, None, "words"),
        ("≥ 3", 3, None, ""),
        ("word count above 12", 13, None, "words"),
        ("up to two hundred and fifty words", None, 250, "words"),
        ("exactly 7 sentences", 7, 7, "sentences"),
    ],
)
def test_bounds_are_read_with_their_unit(text, low, high, unit):
    (bound,) = slots.bounds(text)
    assert (*bound.whole(), slots.unit(text, bound)) == (low, high, unit)


def test_what_is_dropped_leaves_the_other_side():
    (bound,) = slots.bounds("shorter than 5 words")
    rest = bound.outside()
    assert rest is not None
    assert rest.whole() == (5, None)


@pytest.mark.parametrize(("text", "parts"), [("90/10", [0.9, 0.1]), ("80% / 20%", [0.8, 0.2]), ("70-15-15", [0.7, 0.15, 0.15]), ("3/4 cup", [])])
def test_shares_of_a_split(text, parts):
    assert slots.ratio(text) == pytest.approx(parts)


@pytest.mark.parametrize(("text", "shares"), [("a tenth of it", [0.1]), ("10 percent", [0.1]), ("two thirds", [2 / 3]), ("12 rows", [])])
def test_shares_and_fractions(text, shares):
    assert [number.value for number in slots.shares(text)] == pytest.approx(shares)


def test_seed_is_read():
    assert [slots.seed(text) for text in ("with seed 7", "seed: 12", "random seed of 3", "seeds of 4 plants")] == [7, 12, 3, None]


def test_languages_by_name_code_and_country():
    assert [code for code, _, _ in languages.named("german or norwegian, language code pt")] == ["de", "no", "pt"]
    assert languages.of_countries("users in switzerland and spain") == ["de", "fr", "it", "es"]
    assert len(languages.CODES) >= 75


def test_codes_are_those_of_the_detector():
    from tools.measures.language import CODES

    assert {"lg", "ha", "sn", "st", "ts", "tn", "xh", "zu", "mi"} >= languages.CODES - CODES


TABLE = of_table(
    "t",
    "t.jsonl",
    pa.table({"final_answer": ["a b", "c"], "BestScore": [1.0, 2.0], "part": ["x", "x"], "Text": ["one long text " * 9, "other " * 30]}),
)


@pytest.mark.parametrize(
    ("goal", "names"),
    [
        ("drop final answers", ["final_answer"]),
        ("by best score", ["BestScore"]),
        ("the column `final-answer` and part", ["final_answer", "part"]),
        ("no party in texting", []),
    ],
)
def test_columns_are_found_in_other_spelling(goal, names):
    (phrase,) = split(goal)
    assert named(phrase, TABLE) == names


def test_a_column_that_is_missing_is_named():
    (phrase,) = split("drop the column `nots`")
    assert missing(phrase, TABLE) == "nots"
    assert nearest("final_anser", TABLE) == "final_answer"


def test_profile_tells_text_labels_and_keys():
    assert TABLE.text is not None
    assert (TABLE.text.name, TABLE.content) == ("Text", ("Text",))
    rows = of_table("r", "r", pa.table({"id": [1, 2, 3, 4], "kind": ["a", "b", "a", "a"], "answer": ["so " * 30] * 4, "question": ["why " * 20] * 4}))
    assert (rows.column("kind").labels, rows.column("id").is_key, rows.shape) == (("a", "b"), True, ("question", "answer"))


def _card(name, doc, aliases=(), not_for=()):
    return Summary(
        name=name, version=1, kind="Measure", doc=doc, stage="filter", aliases=aliases, not_for=not_for, reads={}, adds={}, against={},
        needs_against=False, numbers=(), ports=(), params={}, required=(),
    )  # fmt: skip


def test_aliases_lift_an_operator_and_not_for_sinks_it():
    cards = [
        _card("count", "Count the words of a text.", ("too short", "at least N words")),
        _card("swap", "Replace words.", ("replace a word",), ("drop rows that contain a word",)),
        _card("find", "Count what matches.", ("drop rows that contain a word",)),
    ]
    at = index(cards)
    assert retrieve("drop what is too short", at)[0].name == "count"
    assert retrieve("drop rows that contain the word cheap", at)[0].name == "find"
    assert retrieve("zebra", at) == []


def test_retrieval_ranks_the_real_cards():
    wanted = {
        "exact_dedup": "remove duplicate rows",
        "minhash_dedup": "texts that are almost the same",
        "language": "keep only texts written in Swedish",
        "mask_pii": "anonymise the personal data",
        "split": "train and validation split",
        "decontaminate": "leaked evaluation data in my training set",
        "strip_html": "strip the html tags",
        "fix_unicode": "repair mojibake",
        "chunk": "cut long texts into chunks",
        "random_sample": "draw a random sample",
    }
    assert {name: retrieve(text)[0].name for name, text in wanted.items()} == {name: name for name in wanted}


def test_stems_meet():
    assert {stem("duplicates"), stem("duplicate"), stem("duplicated")} == {stem("duplicate")}


def test_words_said_over_and_over_are_read_to_the_end(drafted):
    for goal in ("make it " * 60, "keep it and drop it " * 20, "at least 5 words. " * 10):
        assert drafted(goal, "messages").status in ("draft", "ask", "refuse")
