"""The static check: everything wrong with a recipe at once, or a graph with every name resolved and every type known."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from workflows.check import Checked
from workflows.graph import Edge, Graph

pytestmark = pytest.mark.usefixtures("small_operators")
Check = Callable[..., Checked]
BOTH = "  rows: {path: rows.jsonl}\n  evals: {path: evals.jsonl}"


def graph(found: Checked) -> Graph:
    assert found.graph is not None, "\n".join(map(str, found.errors))
    return found.graph


def errors(found: Checked) -> list[str]:
    assert found.graph is None
    return [str(error) for error in found.errors]


# ---- the graph


def test_a_sound_recipe_becomes_a_graph(checked: Check) -> None:
    found = graph(
        checked("  - {id: a, op: length@1, from: rows, with: {at_least: 3}}\n  - {id: last, op: top@1, from: a, on: score, with: {rows: 5}}")
    )
    assert [node.id for node in found.nodes] == ["a", "last"]
    assert found.nodes[0].on == {"text": ("text",)}
    assert found.nodes[0].measures == {"length": pa.int32()}
    assert found.nodes[1].on == {"by": ("score",)}
    assert found.outputs[0].schema.names == ["id", "text", "score", "good", "tags", "meta"]
    assert found.inputs[0].schema.field("id").type == pa.int64()
    assert not found.inputs[0].reference


def test_steps_run_after_what_they_read_and_else_in_recipe_order(checked: Check) -> None:
    steps = "  - {id: last, op: trim, from: [a, c]}\n  - {id: c, op: trim, from: a.dropped}\n  - {id: a, op: length, from: rows, with: {at_least: 9}}"
    found = graph(checked(steps))
    assert [node.id for node in found.nodes] == ["a", "c", "last"]
    assert found.node("last").rows == (Edge(step="a"), Edge(step="c"))
    assert found.node("c").rows == (Edge(step="a", port="dropped"),)


def test_a_rewrite_goes_back_to_the_column_it_read(checked: Check) -> None:
    found = graph(checked("  - {id: last, op: trim, from: rows, on: id}"))
    assert found.nodes[0].writes == {"text": "id"}
    assert found.nodes[0].schema.field("id").type == pa.string()
    assert found.nodes[0].schema.names == ["id", "text", "score", "good", "tags", "meta"]


def test_a_rewrite_runs_over_each_of_several_columns(checked: Check) -> None:
    found = graph(checked("  - {id: last, op: trim, from: rows, on: [text, id]}"))
    assert found.nodes[0].on == {"text": ("text", "id")}
    assert found.nodes[0].schema.field("id").type == found.nodes[0].schema.field("text").type == pa.string()


def test_new_columns_have_the_type_that_follows_from_what_is_read(checked: Check) -> None:
    found = graph(checked("  - {id: last, op: make, from: rows, on: tags, with: {column: labels}}"))
    assert found.nodes[0].schema.field("labels").type == pa.list_(pa.string())


def test_measures_become_columns_only_when_asked(checked: Check) -> None:
    def kept(more: str) -> tuple[list[str], dict[str, str]]:
        node = graph(checked(f"  - {{id: last, op: tongue, from: rows{more}}}")).nodes[0]
        assert list(node.measures) == ["tongue", "sure"]
        return node.schema.names[6:], dict(node.writes)

    assert kept("") == ([], {})
    assert kept(", keep_measures: true") == (["tongue", "sure"], {"tongue": "tongue", "sure": "sure"})
    assert kept(", as: {sure: confidence}") == (["confidence"], {"sure": "confidence"})
    assert kept(", keep_measures: true, as: {sure: confidence}") == (["tongue", "confidence"], {"tongue": "tongue", "sure": "confidence"})


def test_a_later_step_binds_a_stored_measure(checked: Check) -> None:
    steps = (
        "  - {id: a, op: length, from: rows}\n  - {id: once, op: once, from: a}\n"
        "  - {id: b, op: above, from: once, on: once.cluster}\n  - {id: last, op: top, from: b, on: a.length, with: {rows: 2}}"
    )
    found = graph(checked(steps))
    assert found.node("last").on == {"by": ("a.length",)}
    assert found.node("b").on == {"value": ("once.cluster",)}


def test_a_measure_must_be_known_of_every_row(checked: Check) -> None:
    steps = "  - {id: a, op: length, from: rows, with: {at_least: 9}}\n  - {id: b, op: trim, from: a.dropped}\n"
    late = steps + "  - {id: last, op: top, from: [a, b], on: a.length, with: {rows: 2}}"
    assert graph(checked(late)).node("last").on == {"by": ("a.length",)}
    sources = "  rows: {path: rows.jsonl}\n  more: {path: rows.jsonl}"
    (said,) = errors(
        checked("  - {id: a, op: length, from: rows}\n  - {id: last, op: top, from: [a, more], on: a.length, with: {rows: 2}}", sources=sources)
    )
    assert "measure 'a.length' is not known of all rows here" in said
    (said,) = errors(checked("  - {id: a, op: length, from: rows}\n  - {id: c, op: cut, from: a}\n  - {id: last, op: above, from: c, on: a.length}"))
    assert "measure 'a.length' is not known of all rows here" in said
    (said,) = errors(checked("  - {id: a, op: length, from: rows}\n  - {id: last, op: above, from: a, on: a.lenth}"))
    assert "step 'a' stores no measure 'lenth'; did you mean 'a.length'?" in said


def test_expanded_rows_keep_other_columns_and_gain_those_added(checked: Check) -> None:
    found = graph(checked("  - {id: last, op: cut, from: rows}"))
    assert found.nodes[0].schema.names == ["id", "text", "score", "good", "tags", "meta", "piece"]
    assert found.nodes[0].writes == {"text": "text", "piece": "piece"}


def test_layout_decides_the_columns(checked: Check) -> None:
    assert graph(checked("  - {id: last, op: keep, from: rows, with: {columns: [score, id]}}")).nodes[0].schema.names == ["score", "id"]
    (said,) = errors(checked("  - {id: last, op: keep, from: rows, with: {columns: [scor]}}"))
    assert "no column 'scor'" in said


def test_texts_are_joined_for_measures_and_groups(checked: Check) -> None:
    found = graph(checked("  - {id: last, op: once, from: rows, on: [text, id]}"))
    assert found.nodes[0].on == {"text": ("text", "id")}
    assert "only texts can be joined" in errors(checked("  - {id: last, op: above, from: rows, on: [score, id]}"))[0]


def test_reference_rows_are_bound_and_counted_apart(checked: Check) -> None:
    steps = (
        "  - {id: clean, op: trim, from: evals, on: question}\n"
        "  - {id: last, op: once, from: {rows: rows, against: clean}, on: {against.text: question}}"
    )
    found = graph(checked(steps, sources=BOTH))
    assert found.node("last").against == (Edge(step="clean"),)
    assert found.node("last").against_on == {"text": ("question",)}
    assert [given.reference for given in found.inputs] == [False, True]
    assert [given.first_file for given in found.inputs] == [0, 1]


def test_reference_columns_default_to_the_names_the_rows_have(checked: Check) -> None:
    sources = "  rows: {path: rows.jsonl}\n  more: {path: rows.jsonl}"
    found = graph(checked("  - {id: last, op: lookup, from: {rows: rows, against: more}, on: {key: id, against.label: score}}", sources=sources))
    assert found.nodes[0].on == {"key": ("id",)}
    assert found.nodes[0].against_on == {"key": ("id",), "label": ("score",)}
    assert found.nodes[0].schema.field("label").type == pa.float64()


def test_streams_meet_by_column_name(checked: Check, folder: Path) -> None:
    (folder / "more.jsonl").write_text('{"text": "a", "id": 1.5, "extra": null}\n')
    sources = "  rows: {path: rows.jsonl}\n  more: {path: more.jsonl}"
    schema = graph(checked("  - {id: last, op: trim, from: [rows, more]}", sources=sources)).nodes[0].schema
    assert schema.names == ["id", "text", "score", "good", "tags", "meta", "extra"]
    assert schema.field("id").type == pa.float64()
    (folder / "more.jsonl").write_text('{"text": {"a": 1}}\n')
    (said,) = errors(checked("  - {id: last, op: trim, from: [rows, more]}", sources=sources))
    assert "column 'text' is string in one stream and struct<a: int64> in another" in said


def test_an_output_of_a_step_with_other_ports_is_one_file_a_port(checked: Check, folder: Path) -> None:
    found = graph(checked("  - {id: last, op: parts, from: rows}", "  out: {from: last, path: data/out.jsonl.zst}"))
    assert [(output.name, Path(output.path).name, output.compression) for output in found.outputs] == [
        ("out.train", "out.train.jsonl.zst", "zst"),
        ("out.validation", "out.validation.jsonl.zst", "zst"),
        ("out.test", "out.test.jsonl.zst", "zst"),
    ]
    one = checked("  - {id: last, op: parts, from: rows}", "  out: {from: last.test, path: out.jsonl}")
    assert [output.rows for output in graph(one).outputs] == [(Edge(step="last", port="test"),)]
    assert [str(warning) for warning in one.warnings] == [
        "line 6: step 'last': nothing reads the port 'train'; its rows are counted as unused: write them to an output too, if they matter",
        "line 6: step 'last': nothing reads the port 'validation'; its rows are counted as unused: write them to an output too, if they matter",
    ]


def test_checks_are_read(checked: Check) -> None:
    texts = [
        "rows(last) between 10 and 20",
        "share(last) >= 0.5",
        "rows(last.dropped) < 3",
        "distinct(last, text) != 7",
        "nulls(last, text) == 0",
        "rows(rows) > 1",
    ]
    found = graph(checked("  - {id: last, op: length, from: rows}", checks="checks:\n" + "\n".join(f"  - {text}" for text in texts))).checks
    assert [(one.measure, str(one.edge), one.column, one.at_least, one.at_most, one.excludes) for one in found] == [
        ("rows", "last", None, 10, 20, ()),
        ("share", "last", None, 0.5, None, ()),
        ("rows", "last.dropped", None, None, 3, (3,)),
        ("distinct", "last", "text", None, None, (7,)),
        ("nulls", "last", "text", 0, 0, ()),
        ("rows", "rows", None, 1, None, (1,)),
    ]


def test_named_inputs_and_output_stand_in_for_the_recipes_own(checked: Check, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.jsonl"
    elsewhere.write_text('{"text": "a"}\n')
    found = graph(checked("  - {id: last, op: trim, from: rows}", inputs={"rows": str(elsewhere)}, output=str(tmp_path / "o.jsonl")))
    assert found.inputs[0].files[0].path == str(elsewhere)
    assert found.outputs[0].path == str(tmp_path / "o.jsonl")
    assert (
        "input 'row' is no source of this recipe; did you mean 'rows'?"
        in errors(checked("  - {id: last, op: trim, from: rows}", inputs={"row": "x"}))[0]
    )


def test_stated_and_locked_columns_rule(checked: Check) -> None:
    sources = "  rows: {path: rows.jsonl, columns: {id: float, meta: json, new: int}}"
    schema = graph(checked("  - {id: last, op: trim, from: rows}", sources=sources)).inputs[0].schema
    assert schema.field("id").type == pa.float64()
    assert schema.field("meta").metadata == {b"winnow": b"json"}
    assert schema.field("new").type == pa.int64()
    locked = pa.schema([("id", pa.float64()), ("text", pa.string())])
    assert graph(checked("  - {id: last, op: trim, from: rows}", locked={"rows": locked})).inputs[0].schema == locked
    wrong = pa.schema([("text", pa.int64()), ("ids", pa.int64())])
    said = errors(checked("  - {id: last, op: make, on: text, from: rows}", locked={"rows": wrong}))
    assert "column 'ids' is missing, which the lock says it has; did you mean 'id'?" in said[0]
    assert "column 'text' holds string; the lock says int64" in said[1]


# ---- the errors


def test_everything_wrong_is_said_at_once_with_lines_and_mends(checked: Check) -> None:
    found = checked(
        "  - {id: a, op: lenght@1, from: rows}\n"
        "  - {id: b, op: length@7, from: a}\n"
        "  - id: c\n    op: length@1\n    from: row\n    with: {at_last: 3}\n"
        "  - id: d\n    op: length@1\n    from: rows\n    on: txt\n    with: {at_least: many}\n"
        "  - id: e\n    op: length@1\n    from: rows.droped\n    on: tags\n"
        "  - id: f\n    op: once@1\n    from: rows\n    on: txt\n"
        "  - id: g\n    op: near@1\n    from: rows\n    on: text\n"
        "  - id: last\n    op: top@1\n    from: [b, c, d, e.droped, f, g]\n    on: text",
        "  out: {from: lst, path: out.jsonl}",
        checks="checks: [rows(lasst) > 3]",
    )
    assert errors(found) == [
        "line 6: step 'a': no operator 'lenght@1'; did you mean 'length'?",
        "line 7: step 'b': operator 'length@7': version 7 is not here, this winnow has length@1; write 'length@1'",
        "line 10: step 'c': reads from 'row', which is no source or step; did you mean 'rows'?",
        "line 11: step 'c': unknown parameter 'at_last'; did you mean 'at_least'?",
        "line 16: step 'd': parameter 'at_least': 'many' will not do; it should be a whole number or a number",
        "line 19: step 'e': source 'rows' has no port 'droped'; write 'rows'",
        "line 24: step 'f': no column 'txt'; did you mean 'text'?",
        "line 28: step 'g': operator 'near@1' reads several columns; bind each: `on: {one: ..., two: ...}`",
        "line 29: step 'last': parameter 'rows' is missing: How many rows to keep.",
        "line 31: step 'last': step 'e' has no port 'droped'; did you mean 'dropped'?",
        "line 34: output 'out': reads from 'lst', which is no source or step; did you mean 'last'?",
        "line 35: check 'rows(lasst) > 3': reads from 'lasst', which is no source or step; did you mean 'last'?",
    ]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (
            "  - {id: last, op: length, from: rows, on: tags}",
            "step 'last': column 'tags' is list<item: string>, and 'text' must be string; columns that fit",
        ),
        ("  - {id: last, op: vector, from: rows, on: tags}", "and 'v' must be list<item: float>; no column here fits"),
        ("  - {id: last, op: length, from: rows, on: {txt: text}}", "operator 'length' reads no column 'txt'; did you mean 'text'?"),
        ("  - {id: last, op: length, from: rows, on: [text, text]}", "names a column twice"),
        ("  - {id: last, op: length, from: rows, on: []}", "names no column"),
        ("  - {id: last, op: vector, from: rows}", "reads the column 'v', which the rows do not have; bind it, `on: COLUMN`: there are id, text"),
        ("  - {id: last, op: parts, from: rows, on: text}", "operator 'parts' reads no column; take `on:` out"),
        ("  - {id: last, op: make, from: rows, on: id, with: {column: text}}", "would overwrite the column 'text'; name it: `as: {text: text_2}`"),
        ("  - {id: last, op: length, from: rows, as: score}", "would overwrite the column 'score'; name it: `as: {length: score_2}`"),
        ("  - {id: last, op: tongue, from: rows, as: x}", "adds several: tongue, sure; name each: `as: {tongue: x}`"),
        ("  - {id: last, op: tongue, from: rows, as: {tong: x}}", "adds no 'tong'; did you mean 'tongue'?"),
        ("  - {id: last, op: tongue, from: rows, as: {tongue: x, sure: x}}", "two results would both become column 'x'"),
        ("  - {id: last, op: trim, from: rows, keep_measures: true}", "adds columns, not measures; take `keep_measures:` out"),
        ("  - {id: last, op: trim, from: rows, as: clean}", "'text' is written back to the column it was read from; copy that with `derive` first"),
        (
            "  - {id: a, op: length, from: rows}\n  - {id: last, op: trim, from: a, on: a.length}",
            "the stored measure 'a.length' cannot be written to",
        ),
        ("  - {id: last, op: cut, from: rows, on: [text, id]}", "'text' is written back to the column it was read from, and here that is several"),
        ("  - {id: last, op: make, from: rows, on: [id, text]}", "runs once for each column, and would add 'made' each time"),
        ("  - {id: last, op: once, from: {rows: rows, agains: rows}}", "no input 'agains'; did you mean 'against'?"),
        ("  - {id: last, op: trim, from: {rows: rows, against: rows}}", "operator 'trim' takes no input 'against'"),
        ("  - {id: last, op: lookup, from: rows, on: {key: id}}", "operator 'lookup' needs the rows to compare with"),
        ("  - {id: last, op: once, from: {against: rows}}", "the input 'rows' is missing"),
        ("  - {id: last, op: trim, from: []}", "reads from nothing"),
        ("  - {id: last, op: trim, from: [rows, rows]}", "reads 'rows' twice"),
        ("  - {id: a, op: trim, from: rows}\n  - {id: last, op: trim, from: [rows, a]}", "the rows of 'a' come from 'rows' and would arrive twice"),
        (
            "  - {id: a, op: parts, from: rows}\n  - {id: last, op: trim, from: a}",
            "step 'a' has the ports train, validation, test; say which, as in 'a.train'",
        ),
        ("  - {id: a, op: trim, from: rows}\n  - {id: last, op: trim, from: a.dropped}", "step 'a' has no port 'dropped'; its ports are kept"),
        (
            "  - {id: a, op: trim, from: b}\n  - {id: b, op: trim, from: a}\n  - {id: last, op: trim, from: b}",
            "the steps go round in a circle: a → b → a",
        ),
        ("  - {id: last, op: trim, from: last}", "the steps go round in a circle: last → last"),
        ("  - {id: a, op: trim, from: rows}\n  - {id: last, op: trim, from: rows}", "step 'a': nothing reads from this step"),
        ("  - {id: last, op: jsonl, from: rows}", "operator 'jsonl' is no step; say `format:` under sources"),
        ("  - {id: last, op: asks, from: rows}", "no model alias 'local/small' is configured"),
        ("  - {id: last, op: extra, from: rows}", "needs the extra 'no-such-extra', which is not installed; pip install 'winnow[no-such-extra]'"),
        ("  - {id: last, op: length, from: rows, with: {at_least: 9, at_most: 1}}", "at_least=9 is above at_most=1"),
        ("  - {id: last, op: length, from: rows, with: {at_least: '9'}}", "parameter 'at_least': '9' will not do; it should be"),
        (
            "  - {id: last, op: top, from: rows, on: score, with: {rows: 0}}",
            "parameter 'rows': 0 will not do; it should be greater than or equal to 1",
        ),
        ("  - {id: last, op: top, from: rows, on: score}", "parameter 'rows' is missing: How many rows to keep."),
        ("  - {id: la.st, op: trim, from: rows}\n  - {id: last, op: trim, from: rows}", "'la.st' is no name"),
        ("  - {id: rows, op: trim, from: rows}\n  - {id: last, op: trim, from: rows}", "the name 'rows' is taken"),
    ],
)
def test_each_mistake_is_named_with_its_mend(checked: Check, steps: str, said: str) -> None:
    found = errors(checked(steps))
    assert any(said in error for error in found), found
    assert all(error.startswith("line ") for error in found)


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        ("  out: {from: last, path: rows.jsonl}", "is read as source 'rows' and would be overwritten"),
        ("  out: {from: last, path: ./sub/../rows.jsonl}", "is read as source 'rows' and would be overwritten"),
        ("  out: {from: last, path: link.jsonl}", "is read as source 'rows' and would be overwritten"),
        ("  out: {from: last, path: a.jsonl}\n  two: {from: last, path: ./a.jsonl}", "is written by output 'out' too"),
        ("  out: {from: last, path: ../a.jsonl}", "leads out of the recipe's folder"),
        ("  out: {from: last, path: /tmp/a.jsonl}", "leads out of the recipe's folder"),
        ("  out: {from: last, path: parts/}", "names a folder, but not what its parts are"),
        ("  out: {from: last, path: sub}", "is a folder; name a file in it"),
        ("  out: {from: last, path: a.jsnl}", "ending '.jsnl' is not known; did you mean '.jsonl'?"),
        ("  out: {from: last, path: a.jsonl, format: jsnl}", "format 'jsnl' is not known; did you mean"),
        ("  out: {from: last, path: a.jsonl, with: {indent: 3}}", "unknown parameter 'indent'"),
        ("  out: {from: last, path: s3://bucket/a.jsonl}", "only local files can be written yet"),
    ],
)
def test_outputs_go_nowhere_they_should_not(checked: Check, folder: Path, outputs: str, said: str) -> None:
    (folder / "sub").mkdir()
    (folder / "link.jsonl").hardlink_to(folder / "rows.jsonl")
    found = errors(checked("  - {id: last, op: trim, from: rows}", outputs))
    assert any(said in error for error in found), found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rows last > 3", "cannot be read"),
        ("row(last) > 3", "no measure 'row'; did you mean 'rows'?"),
        ("rows(last, text) > 3", "rows takes no column"),
        ("nulls(last) > 3", "nulls needs a column"),
        ("nulls(last, txt) > 3", "no column 'txt' in 'last'; did you mean 'text'?"),
        ("rows(last) between 9 and 3", "nothing lies between 9 and 3"),
        ("share(rows) > 0.3", "share is rows out by rows in of a step"),
    ],
)
def test_checks_that_cannot_be_read_are_named(checked: Check, text: str, said: str) -> None:
    (found,) = errors(checked("  - {id: last, op: trim, from: rows}", checks=f"checks: ['{text}']"))
    assert said in found
    assert found.startswith("line 9: check ")


def test_one_mistake_is_not_said_again_by_the_steps_behind_it(checked: Check) -> None:
    steps = "  - {id: a, op: trim, from: rows, on: txt}\n  - {id: b, op: length, from: a}\n  - {id: last, op: top, from: b, on: a.x, with: {rows: 3}}"
    (said,) = errors(checked(steps))
    assert "no column 'txt'" in said


def test_sources_that_cannot_be_read_are_named(checked: Check) -> None:
    sources = (
        "  rows: {path: rowz.jsonl}\n  up: {path: ../rows.jsonl}\n"
        "  odd: {path: rows.jsonl, columns: {id: strng}}\n  opts: {path: rows.jsonl, with: {x: 1}}"
    )
    steps = "  - {id: last, op: trim, from: [rows, up, odd, opts]}"
    said = errors(checked(steps, sources=sources))
    assert "no file 'rowz.jsonl'; did you mean 'rows.jsonl'?" in said[0]
    assert "leads out of the recipe's folder" in said[1]
    assert "--input up=PATH" in said[1]
    assert "column 'id' cannot be 'strng'; did you mean 'string'?" in said[2]
    assert "unknown parameter 'x'" in said[3]


def test_a_source_that_nothing_reads_is_an_error(checked: Check) -> None:
    (said,) = errors(checked("  - {id: last, op: trim, from: rows}", sources=BOTH))
    assert said == "line 5: source 'evals': nothing reads from this source; let a step read it, or take the source out"
