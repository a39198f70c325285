"""What holds for every operator on texts, asked of its methods directly."""

import pickle
import time
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pytest

from tools.catalogue import operator
from tools.contract import Card, Columns, Example, Expand, Layout, Measure, Operator, Rewrite
from tools.digest import digest
from tools.scan import TextScan

WITH_PARAMETERS = ["matches", "replace", "chunk", "rename", "select_columns", "drop_columns"]
WITHOUT = ["words", "characters", "mean_word_length", "alphabetic_share", "duplicate_line_share", "stop_words", "language", "is_empty"]
WITHOUT += ["fix_unicode", "strip_html", "normalise_whitespace", "mask_pii"]
NAMES = WITHOUT + WITH_PARAMETERS
MADE: list[Operator] = [
    *(operator(name)() for name in WITHOUT),
    operator("matches")(pattern=r"\b\w+(?i:ing)\b"),
    operator("replace")(pattern=r"(\w)(\w)", replacement=r"\2\1"),
    operator("normalise_whitespace")(keep_lines=False),
    operator("chunk")(words=3, overlap=1, at="sentence"),
    operator("chunk")(characters=7, overlap=2, at="paragraph"),
]
HARD = ["", " ", "\x00", "a\x00b", "\\ud800", "\u202eabc \u05d0\u05d1", "👩‍👩‍👧 🏳️‍🌈", "é e\u0301", "\ufeff", "\u2028", "# # #", "[a](b", "\t\n\r"]
HARD += [
    "schÃ¶n",
    "<p>a < b</p> &amp; <x",
    "call +41 22 749 01 11, ann@example.org",
    "The cat. The dog!\n\nThe cat.\nThe cat.",
    "一个约定，信守。",
    "ß ﬁ İ ŉ",
]
TIRING = [
    "x",
    "é",
    " ",
    "\n",
    "a ",
    "a\n",
    "1",
    "1 ",
    "1-",
    "+1",
    "@",
    "a@",
    "a@b.",
    "::",
    "GB82",
    "<",
    "<a ",
    "<a \"'",
    "<p>",
    "<!--",
    "<script>",
    "&amp;",
    "Ã¶",
]


class Desk:
    """Lends what these operators may ask for."""

    def scan(self, texts: pa.Array) -> TextScan:
        return TextScan(texts)

    def digest(self, values: pa.Array) -> pa.Array:
        return digest(values)


def batch_of(card: Card, given: Mapping[str, Sequence[object]]) -> pa.RecordBatch:
    return pa.record_batch({name: pa.array(values, card.reads.get(name)) for name, values in given.items()})


def work(made: Operator, batch: pa.RecordBatch) -> Columns:
    """Columns, as whatever kind of operator gives them."""
    match made:
        case Measure():
            return made.measure(batch, Desk())
        case Rewrite():
            return made.rewrite(batch, Desk())
        case Expand():
            columns, parents = made.expand(batch, Desk())
            assert parents.type == pa.list_(pa.int32())
            return {**columns, "parents": parents}
        case Layout():
            return {new: batch[old] for new, old in made.layout(batch.schema.names).items()}
    raise AssertionError(made)


def decided(made: Operator, columns: Columns, rows: int) -> dict[int, str | None]:
    """For each row the first measure out of bounds."""
    reasons: dict[int, str | None] = dict.fromkeys(range(rows))
    for rule in reversed(made.rule()):
        reasons |= {row: rule.measure for row, holds in enumerate(rule.holds(columns[rule.measure]).to_pylist()) if not holds}
    return reasons


@pytest.mark.parametrize(("name", "example"), [(name, example) for name in NAMES for example in operator(name).card.examples])
def test_examples_on_the_card_hold(name: str, example: Example) -> None:
    made = operator(name)(**example.params)
    batch = batch_of(made.card, example.given)
    columns = work(made, batch)
    for column, wanted in (example.gives or {}).items():
        assert columns[column].to_pylist() == list(wanted)
    if example.parents is not None:
        assert columns["parents"].to_pylist() == [list(parents) for parents in example.parents]
    reasons = decided(made, columns, len(batch))
    if example.keeps is not None:
        assert [row for row, reason in reasons.items() if reason is None] == list(example.keeps)
    assert all(reasons[row] == reason for row, reason in (example.drops or {}).items() if reason != "childless")


@pytest.mark.parametrize("name", NAMES)
def test_a_card_helps_to_find_the_operator(name: str) -> None:
    card = operator(name).card
    assert 6 <= len(card.aliases) == len(set(card.aliases)) <= 24
    assert not set(card.aliases) & set(card.not_for)
    assert 1 <= len(card.examples) <= 6  # each is tried against every law
    assert card.micros_per_row is not None
    assert all(field.description for key, field in operator(name).model_fields.items() if key not in ("at_least", "at_most"))


@pytest.mark.parametrize("made", MADE, ids=str)
def test_columns_have_the_types_declared(made: Operator) -> None:
    for texts in (HARD, []):
        columns = work(made, pa.record_batch({"text": pa.array(texts, pa.string())}))
        assert {name: column.type for name, column in columns.items() if name != "parents"} == dict(made.card.adds)
        lengths = {len(column) for column in columns.values()}
        assert lengths == {len(texts)} or isinstance(made, Expand)


@pytest.mark.parametrize("made", MADE, ids=str)
def test_one_row_at_a_time_gives_the_same_as_all_at_once(made: Operator) -> None:
    whole = pa.record_batch({"text": pa.array(HARD, pa.string())})
    wanted = {name: column.to_pylist() for name, column in work(made, whole).items() if name != "parents"}
    singles = [work(made, whole.slice(row, 1)) for row in range(len(HARD))]
    assert {name: [value for single in singles for value in single[name].to_pylist()] for name in wanted} == wanted
    assert {name: column.to_pylist() for name, column in work(made, whole).items() if name != "parents"} == wanted


@pytest.mark.parametrize("made", MADE, ids=str)
def test_it_pickles(made: Operator) -> None:
    assert pickle.loads(pickle.dumps(made)) == made


@pytest.mark.parametrize("made", [made for made in MADE if isinstance(made, Rewrite)], ids=str)
def test_null_is_left_alone(made: Operator) -> None:
    columns = work(made, pa.record_batch({"text": pa.array([None, "<b>Ã¶</b>  a@b.org ", None])}))
    assert [value is None for value in columns["text"].to_pylist()] == [True, False, True]


@pytest.mark.parametrize("made", MADE, ids=str)
def test_no_text_takes_more_than_linear_time(made: Operator) -> None:
    began = time.perf_counter()
    work(made, pa.record_batch({"text": pa.array([(unit * (200_000 // len(unit))) for unit in TIRING])}))
    assert time.perf_counter() - began < 30  # quadratic time would be hours


@pytest.mark.slow
@pytest.mark.parametrize(
    "made", [*(made for made in MADE if not isinstance(made, Expand)), operator("chunk")(words=300), operator("chunk")(characters=900)], ids=str
)
def test_a_line_of_ten_megabytes_is_no_danger(made: Operator) -> None:
    for unit in ("x", "word ", "1 ", "<a ", "é"):
        work(made, pa.record_batch({"text": pa.array([unit * (10_000_000 // len(unit))])}))


def test_what_only_the_rule_reads_measures_nothing_again() -> None:
    for name, bounds in {
        "words": {"at_least": 3},
        "stop_words": {"at_least": 1, "share_at_least": 0.1, "share_at_most": 0.9},
        "language": {"languages": ("de",), "confidence_at_least": 0.5},
        "is_empty": {"keep": "empty"},
    }.items():
        assert operator(name)(**bounds).undecided() == operator(name)()
