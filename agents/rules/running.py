"""Reads what must come out when code of the rows is run: programs that pass their tests, queries that execute."""

import re

from .clauses import Phrase, goes
from .columns import mentions
from .profile import Column
from .wishes import FILTER, Scene, Trouble, Wish

CODE = ("code", "solution", "program", "completion", "canonical_solution", "generated_code", "response", "output", "answer", "function")
TESTS = ("tests", "test", "unit_tests", "test_list", "test_code", "test_cases", "asserts", "assertions", "checks")
SQL = ("sql", "query", "predicted_sql", "generated_sql", "sql_query", "completion", "response", "output", "answer")
SETUP = ("setup", "schema", "db_schema", "ddl", "create_statements", "tables", "context", "sql_context")
EXPECTED = ("expected", "gold", "gold_sql", "gold_query", "expected_sql", "reference", "reference_sql", "ground_truth", "target")
_THING = r"(?:code|programs?|solutions?|snippets?|functions?|implementations?|completions?|answers?|outputs?|responses?|rows?|ones|examples?)"
_PASSES = re.compile(
    r"\bpass(?:es|ed|ing)?\b (?:all |any |every |each )?(?:of )?(?:(?:its|their|the|own|given|unit|hidden)\s+)*"
    r"(?:tests?|test cases?|test suites?|checks?)\b"
    rf"|\b{_THING}\b[^.;]{{0,30}}\b(?:works?|is correct|are correct) (?:on|by|under|according to) (?:its|their|the) (?:unit )?tests\b"
    r"|\brun\w*\b[^.;]{0,20}\btests?\b|\bpass(?:es|ing)? (?:when run|if run)\b"
    r"|\btests? (?:all )?pass(?:es)?\b|\btest-verified\b|\bverified by (?:running )?(?:its|their|the) (?:unit )?tests\b"
)
_FAILS = re.compile(
    r"\bfail(?:s|ed|ing)?\b (?:any |one |some |all |at least one )?(?:of )?(?:(?:its|their|the|own|given|unit|hidden)\s+)*"
    r"(?:tests?|test cases?|checks?)\b"
    r"|\btests? fails?\b"
)
_RUNS_SQL = re.compile(
    r"\b(?:sql|quer(?:y|ies)|statements?)\b[^.;]{0,30}\b(?:executes?|executed|executable|runs?|be run|works?)\b|"
    r"\b(?:executable|running|working|runnable)\s+(?:sql|quer(?:y|ies))\b"
)
_BREAKS_SQL = re.compile(
    r"\b(?:sql|quer(?:y|ies)|statements?)\b[^.;]{0,30}\b(?:fails?|errors?|crash\w*|break\w*|throws?)\b|\b(?:failing|broken)\s+(?:sql|quer(?:y|ies))\b"
)
_SAME_RESULT = re.compile(r"\b(?:same|expected|right|correct|matching|identical)\s+(?:rows?|results?|result sets?|output)\b|\bexecution accuracy\b")


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Both run in the jail; where none holds, the check of the recipe says so."""
    sql = _RUNS_SQL.search(phrase.lower) or _BREAKS_SQL.search(phrase.lower)
    if sql and _column(phrase, scene, ("sql", "query")) is not None:
        return _query(phrase, scene, sql)
    tests = _PASSES.search(phrase.lower) or _FAILS.search(phrase.lower)
    return _program(phrase, scene, tests) if tests else []


def _program(phrase: Phrase, scene: Scene, match: re.Match[str]) -> list[Wish] | Trouble:
    tests = _column(phrase, scene, TESTS)
    if tests is None:
        return Trouble("ask", f"{phrase.text!r}: which column holds the tests? There are {', '.join(scene.main.names)}.")
    code = _column(phrase, scene, CODE, tests)
    if code is None:
        return Trouble("ask", f"{phrase.text!r}: which column holds the code? There are {', '.join(scene.main.names)}.")
    start, entry = _called(scene, "prompt"), _called(scene, "entry_point")
    begun = start is not None and entry is not None and start.name not in (code.name, tests.name)  # as HumanEval has it: the prompt begins the code
    on: dict[str, str | list[str]] = {"code": [start.name, code.name] if begun and start else code.name, "tests": tests.name}
    on |= {"entry_point": entry.name} if entry else {}
    params: dict[str, object] = {"has_entry_point": True} if entry else {}
    params |= {} if _wants_good(phrase, match, _FAILS) else {"keep": "failing"}
    return [_wish("code_passes_tests", "passes_tests", phrase, match, params, on)]


def _query(phrase: Phrase, scene: Scene, match: re.Match[str]) -> list[Wish] | Trouble:
    sql = _column(phrase, scene, SQL)
    if sql is None:
        return Trouble("ask", f"{phrase.text!r}: which column holds the SQL? There are {', '.join(scene.main.names)}.")
    setup, expected = _column(phrase, scene, SETUP, sql), _column(phrase, scene, EXPECTED, sql)
    compares = _SAME_RESULT.search(phrase.lower)
    if compares and expected is None:
        return Trouble("ask", f"{phrase.text!r}: which column holds the query with the right result? There are {', '.join(scene.main.names)}.")
    on: dict[str, str | list[str]] = {"sql": sql.name}
    params: dict[str, object] = {}
    for name, column in (("setup", setup), ("expected", expected if compares else None)):
        if column is not None:
            on[name], params[f"has_{name}"] = column.name, True
    params |= {} if _wants_good(phrase, match, _BREAKS_SQL) else {"keep": "failing"}
    return [_wish("sql_executes", "executes", phrase, compares or match, params, on, min(match.start(), compares.start()) if compares else None)]


def _wants_good(phrase: Phrase, match: re.Match[str], bad: re.Pattern[str]) -> bool:
    return goes(phrase, match.start()) == (bad.search(match[0]) is not None)


def _column(phrase: Phrase, scene: Scene, names: tuple[str, ...], *others: Column) -> Column | None:
    """The column that the clause names among columns so called, else the first that is called so."""
    found = [column for name in names for column in scene.main.columns if column.name.lower() == name and column not in others]
    said = {mention.column.name for mention in mentions(phrase, scene.main) if mention.sure}
    return next((column for column in found if column.name in said), found[0] if found else None)


def _called(scene: Scene, name: str) -> Column | None:
    return next((column for column in scene.main.columns if column.name.lower() == name), None)


def _wish(
    op: str,
    id: str,
    phrase: Phrase,
    match: re.Match[str],
    params: dict[str, object],
    on: dict[str, str | list[str]],
    start: int | None = None,
) -> Wish:
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    evidence = f"{op} of {' and '.join(str(name) for name in on.values())}{': ' if shown else ''}{shown}, run in the jail"
    span = (match.start() if start is None else start, match.end())
    return Wish(op=op, id=id, stage=FILTER, params=params, on=on, filters=True, span=span, evidence=evidence)
