"""Plays the goals of all files here through the front door, in this process, and checks the rows that come out."""

import ast
import contextlib
import csv
import io
import json
import os
import re
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from ruamel.yaml import YAML

from winnow import cli

HERE = Path(__file__).parent
ROOT = HERE.parents[2]  # the folder that holds shared/
FILES = sorted(path.name for path in HERE.glob("*.yaml"))
Row = dict[str, object]
KINDS = {"ask": "asked", "refuse": "refused", "done": "run"}
WANTED = {"ask": "asked", "refuse": "refused", "run": "run"}


@dataclass(frozen=True)
class Outcome:
    """What came of one goal. `confident`: rows were written, they are wrong, and nothing of the goal was called unclear."""

    id: str
    level: str
    ok: bool
    note: str = ""
    confident: bool = False


def cases(only: str = "") -> list[dict[str, object]]:
    """The goals of all files, in order; `only` picks some by their ids."""
    every = [case for name in FILES for case in YAML(typ="safe").load((HERE / name).read_text(encoding="utf-8"))]
    return [case for case in every if not only or case["id"] in only.split(",")]


def play(case: Mapping[str, object], folder: Path) -> Outcome:
    """Run one goal in an empty folder."""
    inputs = {spec["name"]: rows_of(spec) for spec in case["inputs"]}
    shown = [spec["name"] for spec in case["inputs"] if not spec.get("hidden")]
    for spec in case["inputs"]:
        given(spec, inputs[spec["name"]], folder)
    answer, files = _answered(case, shown, folder)
    kind = KINDS.get(str(answer.get("status")), "failed")
    wanted = {WANTED[one] for one in str(case["expect"]).split("|")}
    told = Outcome(str(case["id"]), str(case["level"]), False)
    if kind not in wanted:
        return Outcome(told.id, told.level, False, f"{kind}: {str(answer.get('message') or '')[:160]}", kind == "run" and not answer.get("unclear"))
    wrong = list(faults(case, inputs, files)) if kind == "run" else []
    text = json.dumps(answer, ensure_ascii=False).lower()
    wrong += [f"does not say {word}" for word in case.get("mention", ()) if not any(one.lower() in text for one in word.split("|"))]
    return Outcome(told.id, told.level, not wrong, "; ".join(wrong), bool(wrong) and kind == "run" and not answer.get("unclear"))


def _answered(case: Mapping[str, object], shown: list[str], folder: Path) -> tuple[dict[str, object], list[tuple[Path, list[Row]]]]:
    output = f"{folder}/{case['output'].get('path') or 'OUT.' + case['output']['format']}"
    places = {spec["name"]: f"{spec['name']}/" if "files" in spec else f"{spec['name']}.{spec.get('format', 'jsonl')}" for spec in case["inputs"]}
    words = ["chat"] if case.get("turns") else ["prepare", str(case["goal"]).strip()]
    if case.get("turns"):
        (folder / "turns.txt").write_text("\n".join([case["goal"], *case["turns"]]) + "\n", encoding="utf-8")
    for name in shown:
        words += ["--input", f"{folder}/{places[name]}"]
    words += ["--output", output, "--planner", "rules", "--workers", "1", "--json"]
    words += ["--script", str(folder / "turns.txt")] if case.get("turns") else ["--yes"]
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with _at_home(folder), contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        cli.call(words)
    said.flush()
    lines = [line for line in said.buffer.getvalue().decode("utf-8").splitlines() if line.startswith("{")]
    answer = json.loads(lines[-1]) if lines else {}
    paths = list(dict.fromkeys(folder / one["path"] for one in answer.get("outputs") or ()))
    return answer, [(path, _read(path)) for path in paths]


@contextlib.contextmanager
def _at_home(folder: Path) -> Iterator[None]:
    before, here = dict(os.environ), Path.cwd()
    os.environ |= {"WINNOW_HOME": str(folder / "home"), "XDG_STATE_HOME": str(folder / "state"), "NO_COLOR": "1"}
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)


def given(spec: Mapping[str, object], rows: list[Row], folder: Path) -> None:
    """Write an input as the case has it: rows in a format, or a folder of files."""
    if spec.get("hidden"):
        return
    if "files" in spec:
        for name, text in spec["files"].items():
            place = folder / spec["name"] / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode(spec.get("encoding", "utf-8")))
    elif spec.get("format") == "arrow":
        table = pa.Table.from_pylist(rows)
        with pa.ipc.new_file(str(folder / f"{spec['name']}.arrow"), table.schema) as writer:
            writer.write_table(table)
    else:
        _write(rows, folder / f"{spec['name']}.jsonl")


def rows_of(spec: Mapping[str, object]) -> list[Row]:
    if "files" in spec:
        return []
    if "rows" in spec:
        found = list(spec["rows"])
    elif "select" in spec:
        base = duckdb.connect(config={"threads": 1})
        for table, key in (("src", "path"), ("extra", "extra")):
            if key in spec:
                _view(base, table, ROOT / str(spec[key]))
        found = base.sql(str(spec["select"])).to_arrow_table().to_pylist()
    else:
        found = list(islice(_lines(ROOT / str(spec["path"])), spec.get("limit")))
    return [*found[: spec.get("limit")], *spec.get("append", ())]


def _view(base: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    how = "format='newline_delimited', records=true, sample_size=-1, map_inference_threshold=-1, maximum_object_size=268435456"
    try:
        base.execute(f"create view {name} as select * from read_json_auto('{path}', {how})")
    except duckdb.BinderException:  # a column without a name is more than the reader takes
        base.register(name, pa.Table.from_pylist(list(_lines(path))))


def _lines(path: Path) -> Iterator[Row]:
    import zstandard

    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        yield from map(json.loads, io.TextIOWrapper(stream, encoding="utf-8", newline="\n"))


def _write(rows: Iterable[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _read(path: Path) -> list[Row]:
    if path.is_dir():
        return [{**row, "_part": part.name.partition("-")[0]} for part in sorted(path.rglob("*-of-*")) for row in _read(part)]
    if path.suffix in (".arrow", ".feather"):
        return pa.ipc.open_file(pa.memory_map(str(path))).read_all().to_pylist()
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    if path.suffix in (".csv", ".tsv"):
        csv.field_size_limit(1 << 30)
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, delimiter="," if path.suffix == ".csv" else "\t"))
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def faults(case: Mapping[str, object], inputs: Mapping[str, list[Row]], files: list[tuple[Path, list[Row]]]) -> Iterator[str]:
    """Names of the checks that do not hold."""
    out = [row for _, rows in files for row in rows]
    parts = {_part(path.stem): rows for path, rows in files} if len(files) > 1 else {"all": out}
    scope = {**HELPERS, **inputs, "out": out, "parts": parts, "files": files}
    for check in case["checks"]:
        try:
            holds = _by_sql(check["sql"], {**inputs, "out": out}) if "sql" in check else bool(eval(check["py"], dict(scope)))
        except Exception as error:
            yield f"{check['name']} ({type(error).__name__}: {error})"
            continue
        if not holds:
            yield str(check["name"])


def _by_sql(sql: str, tables: Mapping[str, list[Row]]) -> bool:
    base = duckdb.connect(config={"threads": 1})
    for name, rows in tables.items():
        if re.search(rf"\b{name}\b", sql):
            base.register(name, pa.Table.from_pylist(rows))
    found = base.execute(sql).fetchone()
    return bool(found and found[0])


def _part(name: str) -> str:
    """train, validation or test, when a file's name says so."""
    known = (("train", "train"), ("validation", "val|dev"), ("test", "test|eval"))
    return next((part for part, pattern in known if re.search(rf"(?:^|[^a-z])(?:{pattern})", name.lower())), name)


# ---- helpers of the checks


def parses_python(text: str) -> bool:
    """By Python's own parser, beside the compiler that winnow asks."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an error under pytest
            ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def norm(value: object) -> str:
    """One value as text, the same whichever format it came through."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return "" if value is None else str(value)


def keys(rows: Iterable[Row], columns: str) -> list[tuple[str, ...]]:
    names = columns.split(",")
    return [tuple(norm(row.get(name)) for name in names) for row in rows]


def kept(rows: Iterable[Row], out: Iterable[Row], columns: str) -> float:
    """Share of these rows that are in the output."""
    have = set(keys(out, columns))
    return share(key in have for key in keys(rows, columns))


def subset(out: Iterable[Row], rows: Iterable[Row], columns: str) -> bool:
    return not Counter(keys(out, columns)) - Counter(keys(rows, columns))


def nodup(rows: Iterable[Row], columns: str) -> bool:
    return max(Counter(keys(rows, columns)).values(), default=1) == 1


def only_cols(out: list[Row], columns: str) -> bool:
    return bool(out) and all({name for name in row if not name.startswith("_")} <= set(columns.split(",")) for row in out)


def pair(out: Iterable[Row], rows: Iterable[Row], column: str) -> list[tuple[Row, Row]]:
    """Each output row with the row of the same key."""
    by = {norm(row[column]): row for row in rows}
    return [(row, by[norm(row[column])]) for row in out if norm(row[column]) in by]


def share(flags: Iterable[object]) -> float:
    seen = [bool(flag) for flag in flags]
    return sum(seen) / len(seen) if seen else 0.0


def squash(text: str) -> str:
    return " ".join(text.split())


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def word_count(text: str) -> int:
    return len(text.split())


def entities(row: Row, *types: str) -> list[str]:
    return [span["entity_value"] for span in row["spans"] if span["entity_type"] in types]


def has_tags(text: str) -> bool:
    return bool(re.search(r"</?(?:div|span|p|a|section|html|body|head|h\d|br|i|em|title)\b[^<>]*>", text))


def chat(row: Row, column: str = "messages") -> list[tuple[str, str]]:
    names = {"human": "user", "gpt": "assistant"}
    turns = [(turn.get("role") or turn.get("from"), turn.get("content", turn.get("value"))) for turn in row[column]]
    return [(names.get(role, role), text) for role, text in turns]


def near_pairs(texts: list[str], threshold: float) -> list[tuple[int, int]]:
    """Pairs whose five-word shingles overlap that much."""
    bags = [{hash(tuple(found[at : at + 5])) for at in range(max(1, len(found) - 4))} for found in map(words, texts)]
    return [
        (left, right)
        for right, more in enumerate(bags)
        for left, bag in enumerate(bags[:right])
        if min(len(bag), len(more)) >= threshold * max(len(bag), len(more)) and len(bag & more) >= threshold * len(bag | more)
    ]


HELPERS: dict[str, Callable[..., object] | object] = {
    one.__name__: one
    for one in (
        norm,
        keys,
        kept,
        subset,
        parses_python,
        nodup,
        only_cols,
        pair,
        share,
        squash,
        words,
        word_count,
        entities,
        has_tags,
        chat,
        near_pairs,
    )
} | {"re": re, "json": json, "Counter": Counter}


def main(only: str = "") -> None:
    """Play the goals from a shell: `python -m tests.goals.runner g01,g02`."""
    results = []
    for case in cases(only):
        with tempfile.TemporaryDirectory() as folder:
            results.append(play(case, Path(folder)))
        sys.stdout.write(
            f"{results[-1].id} {results[-1].level:<7} {'ok' if results[-1].ok else 'WRONG' if results[-1].confident else 'no'}  {results[-1].note}\n"
        )
    sys.stdout.write(f"{sum(one.ok for one in results)} of {len(results)}, {sum(one.confident for one in results)} wrong but confident\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
