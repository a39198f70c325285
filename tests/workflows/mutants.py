"""Mutants: sound recipes broken at random, as data and as text; and what must hold of each."""

import copy
import json
import random
import re
import signal
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.workflows.sound_recipes import clear, tiny_files
from tools.catalogue import OPERATORS, operator
from tools.errors import RecipeError
from workflows.check import Checked, Finding, check
from workflows.engine import execute
from workflows.engine.preview import preview
from workflows.graph import Graph
from workflows.loader import load
from workflows.parameters import make

Data = dict[str, Any]
SECONDS = 60  # a mutant that takes longer hangs: the alarm ends the test
NAMES = ("rows", "text", "id", "score", "topic", "tags", "meta", "vector", "mixed", "kind", "raw", "nope", "size.words", "near.cluster", "_rest", "at")
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2, 3.5, -0.5, 10**10, -(10**10), 10**19, -(10**30), 10**400, 1e308),
    *("", " ", "x", "1", "a\x00b", "é", "x" * 300, "../x", "a/b", "true", "*", "a.b.c", "rows.dropped", "\n"),
    *([], ["text"], ["text", "text"], ["text", "id"], [1], [[]], {}, {"text": "id"}, {"text": ["text", "output"]}, {"a": 1}),
    *NAMES,
)
PATHS = (
    *("rows.jsonl", "rows.tsv", "parts", "parts/", "parts/*.jsonl", "*.jsonl", "**/*", "out", "out.jsonl", "out/kept.jsonl", "nope.jsonl", "x.xyz", "x"),
    *("typed.parquet", "notes.txt", "notes.txt/x.jsonl", "out.txt", "out.csv", "out.parquet", "out.json.gz", "a" * 300 + ".jsonl", "a" * 240 + ".jsonl"),
    *("labels.csv", "empty.jsonl", "odd.jsonl", "/etc/passwd", "../out.jsonl", "", ".", "./rows.jsonl", "s3://b/x.jsonl", "out.jsonl/x.jsonl", ".jsonl"),
)
COLUMNS = (*NAMES, "good", "output", "price", "day", "time", "nothing", "large", "row", "parents", "question", "label", "weight", "big", "key", "messages")
ENDINGS = ("jsonl", "json", "csv", "tsv", "parquet", "txt", "jsonl.gz", "parquet.zst", "csv.xz", "md")
SOURCES = (
    *(("rows", "rows.jsonl"), ("rows", "rows.jsonl"), ("typed", "typed.parquet"), ("odd", "odd.jsonl"), ("tsv", "rows.tsv"), ("labels", "labels.csv")),
    *(("evals", "evals.jsonl"), ("text", "notes.txt"), ("parts", "parts/*.jsonl"), ("list", "list.json"), ("empty", "empty.jsonl"), ("pages", "crawl.jsonl.zst")),
)
EXPRESSIONS = (
    *("COLUMN is null", "COLUMN", "length(COLUMN) > 3", "COLUMN = 1", "COLUMN > 2", "concat(COLUMN, 'x')", "coalesce(COLUMN, COLUMN)", "try_cast(COLUMN as integer)"),
    *("COLUMN in ('law', 'x')", "COLUMN + 1", "upper(COLUMN)", "COLUMN[1]", "cast(COLUMN as varchar)", "not COLUMN", "COLUMN / 0", "cast(COLUMN as date)", "1 = 1", "null"),
    *("case when COLUMN is null then 1 else 2 end", "round(COLUMN, 2)", "hash(COLUMN)", "'x' || COLUMN", "regexp_matches(COLUMN, 'a(')", "COLUMN like '%a'", "abs(COLUMN)"),
)
FORMATS = ("jsonl", "json", "csv", "tsv", "parquet", "text", "jsnl", "words", "write_jsonl", "jsonl@1", "jsonl@9", "", "write_text")
KINDS = ("string", "int", "float", "bool", "json", "strng", "list")
CHECKS = (
    *("rows(STEP) > 3", "rows(STEP) >= 0", "rows(STEP) < 0", "share(STEP) <= 2", "share(STEP) > 1.5", "rows(STEP.dropped) >= 0", "rows(STEP) == 2.5"),
    *("nulls(STEP, COLUMN) >= 0", "distinct(STEP, COLUMN) >= 0", "distinct(STEP.dropped, COLUMN) < 9", "rows(STEP) between 9 and 3", "cols(STEP) > 1"),
    *("nulls(STEP.dropped, COLUMN) >= 0", "distinct(STEP) > 1", "rows(STEP, COLUMN) > 1", "rows(STEP) > 1e400", "rows() > 1", "", "rows(STEP) = 3"),
)

NOTHING_THERE = re.compile("missing|None|unknown parameter| no |have|needs")  # said of a value that is not there, or is null

# What may go wrong in a run although the check passed: it lies in the values alone. Each holds only for recipes that ask for it.
DATA_ALONE: tuple[tuple[str, Callable[[Data], bool]], ...] = (
    (r"^the run's checks do not hold: ", lambda recipe: bool(recipe.get("checks"))),
    (r"has no value in .*; set `nulls: keep` or `nulls: drop`$", lambda recipe: any(one.get("nulls") == "error" for one in recipe["steps"])),
    (r"^(step|output) '[^']+': row \d+ arrives twice, ", lambda recipe: _reads_a_list(recipe)),
    (r"^the input `against` has the key .* more than once; ", lambda recipe: any(str(one.get("op")).startswith("join_on") for one in recipe["steps"])),
    (r"^k_center: vectors of different lengths ", lambda recipe: any(str(one.get("op")).startswith("k_center") for one in recipe["steps"])),
)


def _reads_a_list(recipe: Data) -> bool:
    given = [one.get("from") for one in (*recipe["steps"], *recipe["outputs"].values())]
    return any(isinstance(one, list) or (isinstance(one, dict) and any(isinstance(rows, list) for rows in one.values())) for one in given)


def is_of_the_data_alone(error: Exception, recipe: Data) -> bool:
    """Whether no look at the recipe and the columns could have told."""
    return type(error) is RecipeError and any(re.search(said, str(error)) and asks(recipe) for said, asks in DATA_ALONE)


@dataclass
class Ground:
    """A folder with the tiny files in which mutants are tried; each leaves it as it was."""

    folder: Path

    def __post_init__(self) -> None:
        self.project, self.cache = self.folder / "project", self.folder / "cache"
        tiny_files(self.project)
        self.all = set(self.project.rglob("*"))
        self.given = {path: path.read_bytes() for path in self.all if path.is_file()}
        self.runs = 0
        signal.signal(signal.SIGALRM, _too_late)

    def check(self, recipe: Data) -> Checked | None:
        """What the check says; none where the text is no recipe. Everything that is said must be fit to show."""
        return self.check_text(json.dumps(recipe, indent=1, ensure_ascii=False))

    def check_text(self, text: str) -> Checked | None:
        """The same of a text."""
        try:
            loaded = load(text)
        except RecipeError as error:
            assert all(re.match(r"recipe\.yaml:\d+: .", line) for line in str(error).split("\n")), str(error)[:500]
            return None
        found = check(loaded.recipe, self.project, self.cache, lines=loaded.lines)
        assert (found.graph is None) == bool(found.errors)
        for finding in (*found.errors, *found.warnings):
            fit_to_show(finding)
        return found

    def run(self, graph: Graph, recipe: Data) -> str:
        """Preview and run; gives what the values alone made fail. Any other failure is the check's."""
        self.runs += 1
        failed = ""
        for work in (self._preview, self._execute):
            try:
                work(graph)
            except Exception as error:
                if not is_of_the_data_alone(error, recipe):
                    raise
                failed = str(error)
        read = {Path(file.path) for given in graph.inputs for file in given.files}
        assert all(path.read_bytes() == self.given[path] for path in read), "an input was written to"
        self.restore()
        return failed

    def restore(self) -> None:
        """Take away what a run left, and bring back what it replaced."""
        clear(self.project, self.all)
        for path, was in self.given.items():
            if path.read_bytes() != was:
                path.write_bytes(was)

    def _preview(self, graph: Graph) -> None:
        preview(graph, self.cache)

    def _execute(self, graph: Graph) -> None:
        with tempfile.TemporaryDirectory(dir=self.folder) as runs:
            result = execute(graph, Path(runs) / "20260101-000000-abcdef", self.cache, overwrite=True)
        assert {Path(one.path) for one in result.outputs} == {Path(one.path) for one in graph.outputs}


def _too_late(*_: object) -> None:
    raise TimeoutError(f"it takes longer than {SECONDS} seconds")


def fit_to_show(finding: Finding) -> None:
    """Place, value and mend."""
    assert finding.part == "check" or finding.step or finding.key, finding
    assert finding.line, finding
    assert finding.message, finding
    assert finding.mend.strip("; :"), finding
    assert finding.value is not None or NOTHING_THERE.search(finding.message), finding
    assert len(str(finding)) < 1500, finding


# ---- mutations


def mutant(draw: random.Random, pool: list[Data]) -> Data:
    """A sound recipe with one to three things changed."""
    recipe = copy.deepcopy(draw.choice(pool))
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        draw.choices(MUTATIONS, [weight for weight in WEIGHTS])[0](draw, recipe)
    return recipe


def settle(ground: Ground, recipe: Data, seed: int) -> str:
    """What becomes of a mutant: `no recipe`, `refused` or `ran`. Raises AssertionError, with the recipe, where it is none of these."""
    try:
        signal.alarm(SECONDS)
        found = ground.check(recipe)
        if found is None:
            return "no recipe"
        if found.graph is None:
            return "refused"
        ground.run(found.graph, recipe)
    except Exception as error:
        ground.restore()
        raise AssertionError(f"mutant {seed}: {type(error).__name__}: {error}\n{json.dumps(recipe)}") from error
    finally:
        signal.alarm(0)
    return "ran"


def settle_text(ground: Ground, text: str, seed: int) -> str:
    """The same for a mutated text, which is not run."""
    try:
        signal.alarm(SECONDS)
        found = ground.check_text(text)
    except Exception as error:
        raise AssertionError(f"mutant {seed}: {type(error).__name__}: {error}\n{text[:5000]}") from error
    finally:
        signal.alarm(0)
    return "no recipe" if found is None else "refused" if found.graph is None else "passes"


def grown(draw: random.Random, ground: Ground) -> Data:
    """A recipe that grows step by step from a source, each step an example of a card bound to any columns; what the check
    refuses is left out."""
    name, path = draw.choice(SOURCES)
    recipe: Data = {"name": "grown", "sources": {name: {"path": path}}, "steps": [], "outputs": {"out": {"from": name, "path": "out.jsonl"}}, "checks": []}
    found = ground.check(recipe)
    graph = found.graph if found else None
    for number in range(draw.randint(3, 16) if graph else 0):
        wider = copy.deepcopy(recipe)
        _grow(draw, wider, graph, f"s{number}")
        found = ground.check(wider)
        if found is not None and found.graph is not None:
            recipe, graph = wider, found.graph
    return recipe


def _grow(draw: random.Random, recipe: Data, graph: Graph, name: str) -> None:
    op = draw.choice([name for name, place in OPERATORS.items() if not place.startswith("tools.formats")])
    made = operator(op)
    params = json.loads(json.dumps(dict(draw.choice(made.card.examples).params))) | (draw.choice(PARAMETERS) if draw.random() < 0.15 else {})
    reads = list(made.card.reads)
    takes = list(made.card.against)
    try:
        work = make(made, params)
        reads, takes = list(work.reads()), list(work.against())
    except ValueError:
        pass
    steps = {node.id: node.schema.names for node in graph.nodes} | {given.name: given.schema.names for given in graph.inputs}
    before = graph.nodes[-1].id if graph.nodes and draw.random() < 0.8 else draw.choice(list(steps))
    columns = steps[before] + [f"{node.id}.{one}" for node in graph.nodes for one in (*node.measures, "cluster")]
    if op in ("select_columns", "drop_columns", "join_on", "join_all") and draw.random() < 0.8:
        params["columns"] = draw.sample(steps[before], min(2, len(steps[before]))) or ["x"]
    if op in ("field", "derive") and draw.random() < 0.8:
        params |= {"where" if op == "field" else "value": draw.choice(EXPRESSIONS).replace("COLUMN", '"' + draw.choice(steps[before] or ['x']) + '"')}
    new: Data = {"id": name, "op": op, "from": before, "with": params}
    binds: Data = {}
    for one in reads:
        if one not in steps[before] or draw.random() < 0.6:
            binds[one] = draw.choice((draw.choice(columns), draw.choice(columns), draw.sample(columns, min(2, len(columns)))))
    if takes and (made.card.needs_against or draw.random() < 0.5):
        other, path = draw.choice(SOURCES)
        recipe["sources"].setdefault(other, {"path": path})
        new["from"] = {"rows": before, "against": draw.choice((other, other, before, [other, before]))}
        binds |= {f"against.{one}": draw.choice((*COLUMNS, *steps.get(other, ()))) for one in takes if draw.random() < 0.8}
    elif draw.random() < 0.1:
        other, path = draw.choice(SOURCES)
        recipe["sources"].setdefault(other, {"path": path})
        new["from"] = [before, other]
    new |= {"on": binds} if binds else {}
    new |= {"nulls": draw.choice(("keep", "drop", "drop", "error"))} if draw.random() < 0.4 else {}
    new |= {"keep_measures": True} if draw.random() < 0.15 else {}
    new |= {"as": draw.choice(("new", "at", "row", "parents", "s1.words", {one: f"new {one}" for one in made.card.adds}))} if draw.random() < 0.15 else {}
    recipe["steps"].append(new)
    port = draw.choice((*made.card.ports, "kept", "dropped"))
    end = draw.choice(ENDINGS)
    out = recipe["outputs"]["out"]
    out |= {"from": draw.choice((name, name, f"{name}.{port}", [name, f"{name}.dropped"])), "path": f"out.{end}"}
    out |= {"with": {"column": draw.choice(steps[before] or ['x'])}} if end in ("txt", "md") else {}
    if end not in ("txt", "md"):
        out.pop("with", None)
    if draw.random() < 0.3:
        recipe["outputs"][f"o{name}"] = {"from": draw.choice((before, f"{before}.dropped", f"{name}.{port}")), "path": f"o{name}.{draw.choice(ENDINGS)}"}
    if draw.random() < 0.3:
        recipe["checks"].append(f"{draw.choice(('nulls', 'distinct'))}({draw.choice((name, before, f'{name}.{port}'))}, {draw.choice(steps[before] or ['x'])}) >= 0")


def anything(draw: random.Random, recipe: Data) -> None:
    """Any value anywhere."""
    into, key = draw.choice(_places(recipe))
    into[key] = copy.deepcopy(draw.choice(VALUES))


def a_key_less(draw: random.Random, recipe: Data) -> None:
    into, key = draw.choice(_places(recipe))
    del into[key]


def a_key_misspelt(draw: random.Random, recipe: Data) -> None:
    into, key = draw.choice([(into, key) for into, key in _places(recipe) if isinstance(key, str)])
    into[draw.choice((key[:-1], key + "s", key[::-1], key.upper(), f"{key}.{key}", ""))] = into.pop(key)


def a_key_more(draw: random.Random, recipe: Data) -> None:
    into = draw.choice([recipe, *_parts(recipe)])
    key = draw.choice(("nulls", "as", "on", "keep_measures", "with", "from", "format", "columns", "id", "wiht", "why", "version"))
    into[key] = copy.deepcopy(draw.choice((*VALUES, *NAMES, "drop", "error", "keep")))


def a_value_swapped(draw: random.Random, recipe: Data) -> None:
    (one, here), (other, there) = draw.choice(_places(recipe)), draw.choice(_places(recipe))
    one[here], other[there] = copy.deepcopy(other[there]), copy.deepcopy(one[here])


def a_step_less(draw: random.Random, recipe: Data) -> None:
    if steps := _steps(recipe):
        recipe["steps"].remove(draw.choice(steps))


def a_step_bridged(draw: random.Random, recipe: Data) -> None:
    """A step taken out, and those that read it read what it read."""
    if steps := _steps(recipe):
        gone = draw.choice(steps)
        recipe["steps"].remove(gone)
        before = gone.get("from")
        before = before.get("rows") if isinstance(before, dict) else before
        for one in _parts(recipe):
            one.update({"from": before} if one.get("from") == gone.get("id") else {})


def a_step_twice(draw: random.Random, recipe: Data) -> None:
    if steps := _steps(recipe):
        again = copy.deepcopy(draw.choice(steps))
        again["id"] = draw.choice((again.get("id"), "again", "rows"))
        recipe["steps"].insert(draw.randrange(len(steps) + 1), again)


def steps_swapped(draw: random.Random, recipe: Data) -> None:
    if steps := _steps(recipe):
        one, other = draw.choice(steps), draw.choice(steps)
        one["from"], other["from"] = other.get("from"), one.get("from")


def another_operator(draw: random.Random, recipe: Data) -> None:
    if steps := _steps(recipe):
        name = draw.choice(list(OPERATORS))
        draw.choice(steps)["op"] = draw.choice((name, f"{name}@1", f"{name}@2", name[:-1], f"{name}@", "@1"))


def a_step_of_its_own(draw: random.Random, recipe: Data) -> None:
    """A new operator between two steps."""
    if not (steps := _steps(recipe)):
        return
    after = draw.choice(steps)
    name = draw.choice([name for name, place in OPERATORS.items() if not place.startswith("tools.formats")])
    new: Data = {"id": "new", "op": f"{name}@1", "from": after.get("id")}
    new |= {"on": draw.choice((*NAMES, ["text", "output"], {"text": "output"}, {"by": "score"}))} if draw.random() < 0.7 else {}
    new |= {"with": copy.deepcopy(draw.choice(PARAMETERS))} if draw.random() < 0.7 else {}
    new |= {"nulls": draw.choice(("keep", "drop", "error"))} if draw.random() < 0.4 else {}
    new |= {"keep_measures": True} if draw.random() < 0.2 else {}
    new |= {"as": draw.choice(("new", "text", "at", "size.words", ""))} if draw.random() < 0.2 else {}
    for one in _parts(recipe):
        if one.get("from") == after.get("id") and draw.random() < 0.8:
            one["from"] = draw.choice(("new", "new", "new", "new.dropped", ["new", "new.dropped"]))
    recipe["steps"].insert(draw.randrange(len(steps) + 1), new)


def another_edge(draw: random.Random, recipe: Data) -> None:
    edges = _edges(recipe)
    draw.choice(_parts(recipe))["from"] = draw.choice((draw.choice(edges), [draw.choice(edges), draw.choice(edges)], draw.choice(edges)))


def named_inputs(draw: random.Random, recipe: Data) -> None:
    if steps := _steps(recipe):
        edges = _edges(recipe)
        draw.choice(steps)["from"] = {"rows": draw.choice(edges), draw.choice(("against", "against", "agains")): draw.choice(edges)}


def other_columns(draw: random.Random, recipe: Data) -> None:
    if steps := _steps(recipe):
        one = draw.choice(steps)
        measure = f"{draw.choice(steps).get('id')}.{draw.choice(('words', 'cluster', 'matches', 'value', 'nope'))}"
        names = (*NAMES, measure, measure)
        key = draw.choice(("text", "by", "key", "against.text", "value", "group"))
        one["on"] = draw.choice((draw.choice(names), [draw.choice(names), draw.choice(names)], {key: draw.choice(names)}))


def another_parameter(draw: random.Random, recipe: Data) -> None:
    if steps := _steps(recipe):
        given = draw.choice(steps).setdefault("with", {})
        if isinstance(given, dict):
            given |= copy.deepcopy(draw.choice(PARAMETERS))


def another_number(draw: random.Random, recipe: Data) -> None:
    numbers = [(into, key) for into, key in _places(recipe) if isinstance(into[key], int | float)]
    if numbers:
        into, key = draw.choice(numbers)
        into[key] = draw.choice((0, -1, 10**6, 10**19, 10**30, 10**400, 1e308, 1e-308, 0.5, str(into[key]), [into[key]], True, None))


def another_path(draw: random.Random, recipe: Data) -> None:
    parts = [one for section in ("sources", "outputs") for one in _mapping(recipe, section).values() if isinstance(one, dict)]
    if parts:
        draw.choice(parts)["path"] = draw.choice((draw.choice(PATHS), draw.choice(PATHS), [draw.choice(PATHS), draw.choice(PATHS)]))


def another_format(draw: random.Random, recipe: Data) -> None:
    parts = [one for section in ("sources", "outputs") for one in _mapping(recipe, section).values() if isinstance(one, dict)]
    if parts:
        one = draw.choice(parts)
        one |= draw.choice(({"format": draw.choice(FORMATS)}, {"with": copy.deepcopy(draw.choice(OPTIONS))}))


def stated_columns(draw: random.Random, recipe: Data) -> None:
    sources = [one for one in _mapping(recipe, "sources").values() if isinstance(one, dict)]
    if sources:
        draw.choice(sources)["columns"] = {draw.choice((*NAMES, "")): draw.choice(KINDS) for _ in range(draw.randint(1, 3))}


def an_output_more(draw: random.Random, recipe: Data) -> None:
    outputs = _mapping(recipe, "outputs")
    name = draw.choice(("more", "data.train", "../more", "a/b", "", "x" * 300, "out", "é"))
    outputs[name] = {"from": draw.choice(_edges(recipe)), "path": draw.choice(PATHS)}
    if draw.random() < 0.3:
        outputs["text"] = {"from": draw.choice(_edges(recipe)), "path": "out/text.txt", "with": {"column": draw.choice(NAMES)}}


def another_check(draw: random.Random, recipe: Data) -> None:
    text = draw.choice(CHECKS).replace("STEP", str(draw.choice(_edges(recipe)))).replace("COLUMN", draw.choice(NAMES))
    if isinstance(recipe.setdefault("checks", []), list):
        recipe["checks"] += [text] * draw.choice((1, 1, 2))


PARAMETERS: tuple[Data, ...] = (
    *({"at_least": 3}, {"at_least": 9, "at_most": 3}, {"at_most": 10**25}, {"at_least": -(10**400)}, {"at_lest": 3}, {"rows": 3}, {"rows": 10**30}),
    *({"share": 0.5}, {"share": 2}, {"rows": 1, "share": 1}, {"rows_each": 10**25}, {"budget": 10**400}, {"budget": 5, "take": "best"}, {"keep": "best"}),
    *({"pattern": "a("}, {"pattern": "a{1001}"}, {"pattern": "(?=a)"}, {"pattern": "x", "replacement": "\\9"}, {"pattern": "\\C"}, {"pattern": "a" * 10**5}),
    *({"where": "score >"}, {"where": "scor > 1"}, {"where": "tags = 1"}, {"where": "text > 3"}, {"where": "length(text)"}, {"where": "(" * 500}),
    *({"where": "at > 1 and place > 1"}, {"where": "meta.a > 3"}, {"where": "score in (select 1)"}, {"where": "1 = 1"}, {"where": "raw is not null"}),
    *({"column": name, "value": value} for name in ("at", "parents", "_rest", "changed.at", "", "text", "new") for value in ("1", "text", "cast(text as integer)")),
    *({"column": "x", "value": value} for value in ("null", "tags", "[1, 2]", "now()", "sum(score)", "score / 0", "date '2024-01-01'", "1.5::decimal(5,1)", "9 * 10**400")),
    *({"columns": ["text"]}, {"columns": ["text", "text"]}, {"columns": ["nope"]}, {"columns": ["label", "id"]}, {"columns": ["at", "row"]}, {"columns": []}),
    *({"names": {"text": "id"}}, {"names": {"text": "at"}}, {"names": {"nope": "x"}}, {"names": {"text": "_rest"}}, {"names": {"text": "size.words"}}, {"names": {}}),
    *({"words": ["a"]}, {"words": [" "]}, {"words": ["a" * 10**5]}, {"words": []}, {"words": 10**30}, {"characters": 5, "overlap": 5}, {"words": 2, "characters": 2}),
    *({"languages": ["xx"]}, {"languages": ["english"]}, {"languages": []}, {"types": ["mail"]}, {"validation": 0.9, "test": 0.2}, {"validation_rows": 10**25}),
    *({"many": "all"}, {"by": "group"}, {"ngram": 0}, {"ngram": 33}, {"reach": 0.1}, {"compare": "number"}, {"model": "x"}, {"has_input": False}, {}),
    *({"shortest": 10**25}, {"similarity": 10**30}, {"largest": "no"}, {"system": ""}, {"made_of": "sharegpt"}, {"form": "NFX"}, {"keep": "longest"}),
)
OPTIONS: tuple[Data, ...] = (
    *({"delimiter": ";"}, {"delimiter": ";;"}, {"delimiter": '"'}, {"delimiter": "\n"}, {"header": False}, {"column": "text"}, {"column": "nope"}),
    *({"column": "tags"}, {"column": ""}, {"column": "_rest"}, {"column": "path", "records": "file"}, {"records": "file"}, {"records": "page"}, {"x": 1}),
    *({"compression": "zstd"}, {"row_group_rows": 0}, {"indent": 10**30}, {}, {"column": "at"}, {"column": "size.words"}),
)
MUTATIONS: tuple[Callable[[random.Random, Data], None], ...] = (
    *(anything, a_key_less, a_key_misspelt, a_key_more, a_value_swapped, a_step_less, a_step_bridged, a_step_twice, steps_swapped),
    *(another_operator, a_step_of_its_own, another_edge, named_inputs, other_columns, another_parameter, another_number),
    *(another_path, another_format, stated_columns, an_output_more, another_check),
)
WEIGHTS = tuple(5 if one in (a_step_of_its_own, a_step_bridged) else 3 if one in (other_columns, another_check, another_number, an_output_more) else 2 for one in MUTATIONS)


def _places(data: Any) -> list[tuple[Any, Any]]:
    """Every container and key in it."""
    found: list[tuple[Any, Any]] = []
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        found += [(data, key), *_places(value)]
    return found or [({"x": 1}, "x")]


def _steps(recipe: Data) -> list[Data]:
    steps = recipe.get("steps")
    return [one for one in steps if isinstance(one, dict)] if isinstance(steps, list) else []


def _mapping(recipe: Data, key: str) -> Data:
    found = recipe.get(key)
    return found if isinstance(found, dict) else {}


def _parts(recipe: Data) -> list[Data]:
    return [*_steps(recipe), *(one for section in ("sources", "outputs") for one in _mapping(recipe, section).values() if isinstance(one, dict))] or [{}]


def _edges(recipe: Data) -> list[Any]:
    names = [one.get("id") for one in _steps(recipe)] + list(_mapping(recipe, "sources"))
    return [*names, *names, *(f"{name}.dropped" for name in names), *(f"{name}.train" for name in names), "nope"]


# ---- text


def mutant_text(draw: random.Random, texts: list[str]) -> str:
    """The text of a sound recipe with some lines or characters changed."""
    text = draw.choice(texts)
    for _ in range(draw.randint(1, 4)):
        text = draw.choice(TEXT_MUTATIONS)(draw, text)
    return text


def _line_less(draw: random.Random, text: str) -> str:
    lines = text.split("\n")
    del lines[draw.randrange(len(lines))]
    return "\n".join(lines)


def _line_again(draw: random.Random, text: str) -> str:
    lines = text.split("\n")
    lines.insert(draw.randrange(len(lines)), draw.choice(lines))
    return "\n".join(lines)


def _indented(draw: random.Random, text: str) -> str:
    lines = text.split("\n")
    at = draw.randrange(len(lines))
    lines[at] = draw.choice((" ", "  ", "\t", "")) + lines[at].lstrip(draw.choice((" ", ""))) + draw.choice(("", " ", "\t", "\r"))
    return "\n".join(lines)


def _inserted(draw: random.Random, text: str) -> str:
    at = draw.randrange(len(text) + 1)
    return text[:at] + draw.choice(PIECES) + text[at + draw.choice((0, 0, 1, 5)) :]


def _big(draw: random.Random, text: str) -> str:
    at = draw.randrange(len(text) + 1)
    return text[:at] + draw.choice(("[" * 2000, "{a: " * 2000, "- " * 2000, "x" * (1 << 20), "x" * 900_000, "[x, " * 30, "? " * 2000, "\n" * 5000, "'" * 3001, "&a " * 500, "0x" + "f" * 4000)) + text[at:]


PIECES = (
    *("[", "]", "{", "}", ": ", "- ", "&a ", "*a", "!!str ", "!x ", "\n", "  ", "\t", "'", '"', "|", ">", "#", "\n---\n", "\n...\n", "%YAML 1.1\n", "null"),
    *("1e5", "\\", "\x07", "\x00", "\u2028", "😀", "? ", ",", "<<: ", "on: ", "yes: ", "true: 1", "0x" + "f" * 4000, ".inf", "\ufeff", "\x85", "`", "@", "~: "),
)
TEXT_MUTATIONS = (_line_less, _line_again, _indented, _inserted, _inserted, _inserted, _big)
