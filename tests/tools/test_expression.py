"""Expressions: what they compute, what they refuse, and that nothing else is in reach."""

import pickle
import threading
import time

import pyarrow as pa
import pytest
from pydantic import ValidationError
from small_engine import SmallDesk, holds, run, same_for_any_cut

from tools import expression as expressions
from tools.errors import RecipeError, RowError
from tools.expression import expression
from tools.expression_connection import connection
from tools.measures.field import Field
from tools.rewrites.derive import Derive

ROWS = pa.record_batch(
    {
        "text": pa.array(["a", "Bb", None]),
        "n": pa.array([1, 2, 3]),
        "s": pa.array([{"x": 1}, {"x": 2}, None]),
        "l": pa.array([[1, 2], [3], []], pa.list_(pa.int64())),
        "j": pa.array(['{"a": "q"}', '{"a": 2}', "{}"]),
        "odd name": pa.array([True, False, None]),
        "TEXT": pa.array(["upper", "case", "name"]),
    }
)

VALUES = [
    ("length(text) > 1", [False, True, None]),
    ("text || '!'", ["a!", "Bb!", None]),
    ("concat(text, '-', n)", ["a-1", "Bb-2", "-3"]),
    ("s.x + 1", [2, 3, None]),
    ("s['x']", [1, 2, None]),
    ("l[1]", [1, 3, None]),
    ("l[1:1]", [[1], [3], []]),
    ("n between 1 and 2", [True, True, False]),
    ("n not in (1, 3)", [False, True, False]),
    ("case when n > 1 then 'x' else 'y' end", ["y", "x", "x"]),
    ("case n when 1 then 'one' end", ["one", None, None]),
    ("cast(n as varchar)", ["1", "2", "3"]),
    ("try_cast(text as int)", [None, None, None]),
    ("text ilike 'B%'", [False, True, None]),
    ("text not like '%b'", [True, False, None]),
    ("text similar to '[a-z]'", [True, False, None]),
    ("coalesce(text, 'none')", ["a", "Bb", "none"]),
    ("ifnull(text, 'none') = 'none'", [False, False, True]),
    ("n / 2", [0.5, 1.0, 1.5]),
    ("n * 1.5", [1.5, 3.0, 4.5]),
    ("-n % 2", [-1, 0, -1]),
    ("upper(trim(both ' ' from text))", ["A", "BB", None]),
    ("position('b' in text)", [0, 2, None]),
    ("substring(text from 1 for 1)", ["a", "B", None]),
    ("regexp_replace(text, '[bB]', 'c', 'g')", ["a", "cc", None]),
    ("regexp_matches(text, '^b', 'i')", [False, True, None]),
    ("replace(text, 'b', 'xyz')", ["a", "Bxyz", None]),
    ("j->>'a'", ["q", "2", None]),
    ("json_extract_string(j, '$.a')", ["q", "2", None]),
    ("text is null or n >= 3", [False, False, True]),
    ("not (n = 3) and text is not null", [True, True, False]),
    ("n is distinct from 2", [True, False, True]),
    ("2 in l", [True, False, False]),
    ("list_contains(l, 3)", [False, True, False]),
    ("array_length(l)", [2, 1, 0]),
    ("string_split(text, '')", [["a"], ["B", "b"], None]),
    ("array_to_string(['p', text], ', ')", ["p, a", "p, Bb", "p"]),
    ("{'k': n, 'v': text}", [{"k": 1, "v": "a"}, {"k": 2, "v": "Bb"}, {"k": 3, "v": None}]),
    ("year(date '2020-02-03') + n", [2021, 2022, 2023]),
    ("strftime(timestamp '2020-02-03 04:05:06', '%Y/%m')", ["2020/02"] * 3),
    ('"odd name"', [True, False, None]),
    ('"TEXT"', ["upper", "case", "name"]),
    ("'it''s -- no /* comment */ ; here'", ["it's -- no /* comment */ ; here"] * 3),
    ("greatest(n, 2) + round(0.5) + abs(-1)", [4.0, 4.0, 5.0]),
    ("12345678901234567890 > n", [True] * 3),
    ("try(n // 0)", [None] * 3),
]


@pytest.mark.parametrize(("text", "wanted"), VALUES, ids=[text for text, _ in VALUES])
def test_values(text, wanted):
    made = expression(text).evaluate(ROWS)
    assert made.to_pylist() == wanted
    assert made.type == expression(text).type(dict(zip(ROWS.schema.names, ROWS.schema.types, strict=True)))
    singly = [expression(text).evaluate(ROWS.slice(row, 1)).to_pylist()[0] for row in range(3)]
    assert singly == wanted
    assert expression(text).evaluate(ROWS.slice(0, 0)).type == made.type


REFUSED = [
    # more than one expression
    "1; drop table given",
    "1); drop table given; select (1",
    "1) from range(10) where (true",
    "1), (2",
    "1) union all select (2",
    "1) limit (1",
    "select 1",
    "with a as (select 1) select * from a",
    # statements
    "copy given to 'x.csv'",
    "attach 'x.db'",
    "pragma version",
    "set memory_limit = '8GB'",
    "install httpfs",
    "load httpfs",
    "create table t (a int)",
    "export database 'x'",
    "call pragma_version()",
    # subqueries, windows, aggregates
    "(select 1)",
    "n in (select 1)",
    "exists (select 1)",
    "n = any(select 1)",
    "n = any(l)",
    "row_number() over ()",
    "lag(n) over (order by n)",
    "sum(n)",
    "count(*)",
    "count(*) filter (where n > 1)",
    "string_agg(text, ',')",
    "length(distinct text)",
    "list(n)",
    # files, settings, the environment
    "read_csv('/etc/passwd')",
    "read_text('/etc/passwd')",
    "read_blob('/etc/passwd')",
    "glob('/*')",
    "getenv('HOME')",
    "current_setting('memory_limit')",
    "getvariable('x')",
    "pg_read_file('/etc/passwd')",
    "query('select 1')",
    "query_table('given')",
    "main.length(text)",
    # not the same on every run
    "random()",
    "now()",
    "today()",
    "current_date",
    "current_timestamp",
    "gen_random_uuid()",
    "uuid()",
    "nextval('s')",
    "age(timestamp '2020-01-01')",
    # bombs
    "repeat(text, 1000000000)",
    "lpad(text, 1000000000, 'x')",
    "rpad(text, 1000000000, 'x')",
    "range(1000000000)",
    "generate_series(1, 1000000000)",
    "printf('%1000000000d', n)",
    "format('{:1000000000}', n)",
    "bar(n, 0, 1, 1000000000)",
    "replace(text, 'a', text)",
    f"replace(text, 'a', '{'b' * 200}')",
    f"replace(replace(text, 'a', '{'a' * 20}'), 'a', '{'a' * 20}')",
    f"regexp_replace(text, '', '{'b' * 100}', 'g')",
    "regexp_replace(text, '(.*)', '" + "\\1" * 70 + "')",
    "json_extract_string(j, '$..*')",
    "json_extract_string(j, text)",
    " || ".join(["text"] * 70),
    "strftime(timestamp '2020-01-01', text)",
    "array_to_string(l, text)",
    # other nodes
    "*",
    "columns('n')",
    "given.*",
    "?",
    "$1",
    "$name",
    "lambda x: x + 1",
    "list_transform(l, x -> x + 1)",
    "[x for x in l]",
    "j->'a'",
    "text collate nocase",
    "default",
    "#1",
    "grouping(n)",
    "unnest(l)",
    "n::hugeint",
    "n::decimal(38, 3)",
    "text::blob",
    "text::json",
    "n::interval",
    "n::integer[]",
    "interval 1 day",
    "x'ff'",
    "timestamp '2020-01-01' at time zone 'Europe/Paris'",
    "levenshtein(text, text)",
    "regexp_matches(text, '(')",
    "regexp_matches(text, text)",
    "regexp_extract(text, '\\C')",
    # comments and form
    "n -- comment",
    "n /* comment */ > 1",
    "-- all of it",
    "",
    "   ",
    "n >",
    "(n",
    "n > 1 as big",
    "text\x00",
    "n + " * 2500 + "n + 1 + 1",
    "(" * 400 + "n" + ")" * 4000,
    "not " * 100 + "true",
    "-" * 200 + "n",
]


@pytest.mark.parametrize("text", REFUSED, ids=[text[:40].replace("\x00", "NUL") for text in REFUSED])
def test_refused(text):
    start = time.monotonic()
    with pytest.raises(RecipeError) as error:
        expression(text)
    assert str(error.value).startswith("expression ")
    assert "position" in str(error.value)
    assert time.monotonic() - start < 2


def test_a_refusal_names_the_place_and_the_nearest_form():
    with pytest.raises(RecipeError, match=r"position 11: 'lenght' is no function .* did you mean 'length'\?"):
        expression("n > 1 and lenght(text) > 3")
    with pytest.raises(RecipeError, match="position 14:"):
        expression("'é' = 'éé' + now()")


def test_what_runs_is_written_anew():
    tree = expression("\"odd name\" and text = 'it''s'").tree
    assert tree.sql == "(\"c0\" AND (\"c1\" = 'it''s'))"
    assert tree.columns == ["odd name", "text"]


def test_a_column_may_have_any_name():
    names = ['quote"d', "value", "given", "c1", "c0", "user", "a.b", "select"]
    batch = pa.record_batch({name: pa.array([at]) for at, name in enumerate(names)})
    for at, name in enumerate(names):
        text = '"' + name.replace('"', '""') + '"'
        assert expression(text).evaluate(batch).to_pylist() == [at]
        assert expression(f'{text} + 0 * "c0"').columns == {name, "c0"}


def test_the_connection_reaches_nothing(tmp_path):
    import duckdb

    (tmp_path / "secret.csv").write_text("a\n1\n")
    for statement in (
        f"select * from read_csv('{tmp_path}/secret.csv')",
        f"select * from '{tmp_path}/secret.csv'",
        f"select * from read_text('{tmp_path}/secret.csv')",
        f"copy (select 1) to '{tmp_path}/out.csv'",
        f"attach '{tmp_path}/x.db'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set memory_limit = '8GB'",
        "reset lock_configuration",
    ):
        with pytest.raises(duckdb.Error):
            connection().execute(statement).fetchall()
    assert not (tmp_path / "out.csv").exists()
    assert connection().execute("select current_setting('TimeZone')").fetchall() == [("UTC",)]


def test_the_row_that_fails_is_named():
    batch = pa.record_batch({"text": pa.array(["1"] * 70 + ["x"] + ["2"] * 30)})
    with pytest.raises(RowError) as error:
        expression("cast(text as int)").evaluate(batch)
    assert error.value.position == 70
    assert "Could not convert" in error.value.reason
    assert expression("cast(text as int)").evaluate(batch.slice(71)).to_pylist() == [2] * 30


def test_large_growth_is_computed_in_pieces(monkeypatch):
    batch = pa.record_batch({"text": pa.array([f"{number}a" for number in range(1000)])})
    grown = expression("regexp_replace(text, 'a', 'bbbbbbbbbbbbbbbb', 'g')")
    whole = grown.evaluate(batch)
    monkeypatch.setattr(expressions, "MOST_BYTES", 5000)
    assert grown.evaluate(batch).equals(whole)
    assert whole[999].as_py() == "999" + "b" * 16


def test_regular_expressions_and_patterns_take_linear_time():
    batch = pa.record_batch({"text": pa.array(["a" * 100_000])})
    start = time.monotonic()
    for text in ("regexp_matches(text, '(a+)+$')", "text like '%a%a%a%a%a%b'", "text ilike '%a_%a_%a_%a_%b_'"):
        expression(text).evaluate(batch)
    assert time.monotonic() - start < 2


def test_types_that_do_not_meet_are_an_error_of_the_recipe():
    with pytest.raises(RecipeError, match="No function matches"):
        expression("length(n) > 1").type({"n": pa.int64()})
    with pytest.raises(RecipeError, match="no column 'texts'; did you mean 'text'"):
        expression("length(texts) > 1").type({"text": pa.string()})
    with pytest.raises(RecipeError, match="no column can hold"):
        expression("null").type({})
    assert expression("n + 0.5").type({"n": pa.int64()}) == pa.float64()


def test_each_thread_has_its_own_connection():
    found = []

    def work():
        found.append((id(connection()), expression("n + 1").evaluate(ROWS).to_pylist()))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [values for _, values in found] == [[2, 3, 4]] * 4
    assert id(connection()) == id(connection())


@pytest.mark.parametrize("example", Field.card.examples, ids=str)
def test_examples_of_field_hold(example):
    holds(Field, example)


@pytest.mark.parametrize("example", Derive.card.examples, ids=str)
def test_examples_of_derive_hold(example):
    holds(Derive, example)


def test_field_reads_the_columns_it_names_and_wants_a_truth_value():
    field = Field(where="score > 3 and topic = 'law'")
    assert set(field.reads()) == {"score", "topic"}
    assert field.adds({"score": pa.int64(), "topic": pa.string()}) == {"holds": pa.bool_()}
    with pytest.raises(RecipeError, match="gives int64, not true or false"):
        Field(where="length(topic)").adds({"topic": pa.string()})
    with pytest.raises(ValidationError, match="'now' is no function"):
        Field(where="now() > 3")
    assert pickle.loads(pickle.dumps(field)) == field


def test_field_without_columns_has_a_value_for_every_row():
    batch = ROWS.select([])
    assert Field(where="1 > 2").measure(batch, SmallDesk())["holds"].to_pylist() == [False] * 3
    assert Derive(column="kind", value="'x'").rewrite(batch, SmallDesk())["kind"].to_pylist() == ["x"] * 3


def test_derive_adds_the_type_it_computes():
    derive = Derive(column="longer", value="concat(text, n)")
    assert derive.adds({"text": pa.string(), "n": pa.int64()}) == {"longer": pa.string()}
    with pytest.raises(ValidationError, match="subquery is not allowed"):
        Derive(column="a", value="(select 1)")


def test_field_is_the_same_for_any_cut():
    given = {"text": ["a", None, "ccc", "dd"] * 9, "n": list(range(36))}
    found = same_for_any_cut(Field(where="length(text) > 1 or n % 5 = 0"), given)
    assert found["kept"] == [n for n in range(36) if n % 5 == 0 or (given["text"][n] and len(given["text"][n]) > 1)]
    assert run(Derive(column="n", value="n + 1"), {"n": [1, None]})["columns"] == {"n": [2, None]}
