"""Writing recipes: one canonical text, which reads back as the same recipe."""

from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.loader import load
from workflows.recipe import OutputSpec, Recipe, SourceSpec, Step
from workflows.text import dump

TRICKY = [
    "no", "on", "yes", "y", "null", "~", "", "1", "1.0", "1e5", "0x1f", "0o7", ".5", ".inf", "true", "2024-01-01", "12:30:45", "=", "<<",
    "a: b", "a:b", "a #b", "#a", "- a", "-", "--- a", "...", "... a", "*a", "&a", "!a", "%a", "@a", "`a", "'a'", '"a"', "a'b", "[a]", "{a}", "a, b",
    " a", "a ", "a\nb", "a\n", "\na", "a\n\nb\n", "a\n  b", "  a\nb", "a\n\n", "\n", "a\tb", "a\r\nb", "a\n\tb", "a\nb: c", "a\n---\nb", "a\n# b",
    "\x85", "\u2028", "\ufeff", "\x7f", "\x00", "é", "数据", "😀", "\xa0a", "a\\b", "? a", "|", ">", "a:", "a" * 300,
]  # fmt: skip
texts = st.one_of(st.sampled_from(TRICKY), st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
names = st.one_of(st.sampled_from(TRICKY), st.from_regex(r"[a-z_]{1,8}", fullmatch=True))
numbers = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none())
values = st.recursive(
    st.one_of(texts, numbers), lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=4)), max_leaves=12
)
params = st.dictionaries(names, values, max_size=4)
one_or_more = st.one_of(texts, st.lists(texts, max_size=3))
steps = st.builds(
    Step,
    id=texts,
    op=texts,
    rows=st.one_of(one_or_more, st.dictionaries(names, one_or_more, max_size=2)),
    on=st.one_of(st.none(), one_or_more, st.dictionaries(names, one_or_more, max_size=3)),
    params=params,
    rename=st.one_of(st.none(), texts, st.dictionaries(names, texts, max_size=3)),
    nulls=st.sampled_from([None, "keep", "drop", "error"]),
    keep_measures=st.booleans(),
    why=st.one_of(st.none(), texts),
)
sources = st.builds(
    SourceSpec,
    path=one_or_more,
    format=st.none() | texts,
    options=params,
    columns=st.dictionaries(names, texts, max_size=2),
    licence=st.none() | texts,
)
outputs = st.builds(OutputSpec, rows=one_or_more, path=texts, format=st.none() | texts, options=params)
recipes = st.builds(
    Recipe,
    name=texts,
    version=st.none() | st.integers(),
    goal=st.none() | texts,
    seed=st.integers(),
    sources=st.dictionaries(names, sources, max_size=2),
    steps=st.lists(steps, max_size=3),
    outputs=st.dictionaries(names, outputs, max_size=2),
    checks=st.lists(texts, max_size=3),
)


@given(recipes)
@settings(max_examples=120, deadline=None)
def test_what_is_written_reads_back_the_same(recipe: Recipe) -> None:
    text = dump(recipe)
    again = load(text).recipe
    assert again == recipe
    assert dump(again) == text


def test_a_recipe_looks_as_a_person_would_write_it() -> None:
    text = """\
winnow: 1
name: forum-qa
version: 3
goal: English question-answer pairs, no repeats, at most 20k rows.

sources:
  posts: {path: data/posts/*.parquet, licence: CC-BY-SA-4.0}

steps:
  - id: long_enough
    op: words@1
    from: posts
    on: body
    with: {at_least: 40}
    why: Shorter posts are mostly greetings.
  - id: once
    op: exact_dedup@1
    from: {rows: long_enough, against: posts}
    on: {text: [title, body]}
    why: |-
      Repeats teach nothing.
      See the report.

outputs:
  train: {from: once, path: out/train.parquet}

checks:
  - rows(once) between 15000 and 20000
"""
    assert dump(load(text).recipe) == text


def test_defaults_are_left_out_and_long_mappings_get_lines() -> None:
    recipe = Recipe(
        name="a",
        sources={"rows": SourceSpec(path="a.jsonl")},
        steps=[Step(id="s", op="replace", rows="rows", params={"pattern": "x" * 100, "by": "a: b", "words": ["no", "b"]})],
        outputs={"out": OutputSpec(rows="s", path="b.jsonl")},
    )
    assert dump(recipe).split("steps:\n")[1].split("\n\n")[0] == (
        "  - id: s\n    op: replace\n    from: rows\n    with:\n      pattern: " + "x" * 100 + '\n      by: "a: b"\n      words: ["no", b]'
    )
