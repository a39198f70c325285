"""What an expression may say: parses it, admits it node by node, writes anew the SQL that runs."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from .errors import RecipeError
from .expression_connection import connection
from .expression_grammar import ANSWERS, COMPARISONS, FOLDS, FUNCTIONS, LITERAL_FORMAT, LITERAL_PATH, MENDS, OPERATORS, PIECES, REGULAR, TODAY, TYPES
from .names import nearest
from .pattern import checked

LONGEST = 10_000  # characters of an expression
MOST_BRACKETS = 500  # brackets within brackets: DuckDB takes minutes over thousands
DEEPEST = 64  # levels of its tree
MOST_TIMES = 64.0  # a value may grow to this many times its row
MOST_PLUS = 1_000_000  # and this many bytes besides
HEAD = "SELECT ("
Node = dict[str, Any]  # DuckDB's JSON, typed by no one


@dataclass(frozen=True)
class Size:
    """Most bytes of a value: `times` the bytes of its row `plus` some."""

    times: float = 0.0
    plus: int = 32

    def __add__(self, other: "Size") -> "Size":
        return Size(self.times + other.times, self.plus + other.plus)

    def grown(self, times: float) -> "Size":
        return Size(self.times * times, int(self.plus * times))


@dataclass
class Tree:
    """An admitted expression, written anew: `sql` reads columns `c0`, `c1`, … in the order of `columns`."""

    text: str
    columns: list[str] = field(default_factory=list)
    sql: str = ""
    times: float = 1.0  # the largest growth of any value on the way

    def admit(self, node: Node, level: int = 0) -> tuple[str, Size]:
        if level > DEEPEST:
            raise self.refusal(node, f"more than {DEEPEST} levels deep", "use several derive steps")
        write = getattr(self, "_" + node["class"].lower(), None)
        if write is None:
            raise self.refusal(node, f"{node['class'].lower()} is not allowed in an expression", MENDS.get(node["class"], "write a plain value"))
        sql, size = write(node, level + 1)
        if size.times > MOST_TIMES or size.plus > MOST_PLUS:
            raise self.refusal(node, "the value could grow beyond bounds", "use shorter or fewer replacements")
        self.times = max(self.times, size.times)
        return sql, size

    def refusal(self, node: Node, what: str, mend: str) -> RecipeError:
        at = node.get("query_location", 0) - len(HEAD)
        return refused(self.text, what, mend, at if 0 <= at <= len(self.text.encode()) else 0)

    def _all(self, nodes: list[Node], level: int) -> tuple[list[str], Size]:
        sqls, sizes = [], Size(plus=0)
        for node in nodes:
            sql, size = self.admit(node, level)
            sqls.append(sql)
            sizes += size
        return sqls, sizes

    def _column_ref(self, node: Node, level: int) -> tuple[str, Size]:
        column, *fields = node["column_names"]
        if column.lower() in TODAY:
            raise self.refusal(node, f"{column!r} is not the same on every run", "write the day itself: date '2026-01-31'")
        if column not in self.columns:
            self.columns.append(column)
        sql = f'"c{self.columns.index(column)}"'
        for name in fields:
            sql = f'"struct_extract"({sql}, {quoted(name)})'
        return sql, Size(times=1.0)

    def _constant(self, node: Node, level: int) -> tuple[str, Size]:
        kind, value = node["literal"]["kind"], node["literal"]["text"]
        if kind == "STRING":
            return quoted(value), Size(plus=len(value.encode()))
        if kind == "NULL_LITERAL":
            return "NULL", Size()
        if kind == "BOOLEAN" and value in ("true", "false"):
            return value, Size()
        if kind in ("INTEGER", "NUMERIC") and re.fullmatch(r"-?[0-9._]+([eE][+-]?[0-9]+)?", value):
            return f"({value})" if value.startswith("-") else value, Size()
        raise self.refusal(node, f"the literal {value[:40]!r} is not allowed", "use text in single quotes, a number, true, false or null")

    def _comparison(self, node: Node, level: int) -> tuple[str, Size]:
        if node["type"] not in COMPARISONS:
            raise self.refusal(node, f"{node['type'].lower()} is not allowed in an expression", "compare with = <> < > <= >=")
        (left, right), _ = self._all([node["left"], node["right"]], level)
        return f"({left} {COMPARISONS[node['type']]} {right})", Size()

    def _between(self, node: Node, level: int) -> tuple[str, Size]:
        (value, low, high), _ = self._all([node["input"], node["lower"], node["upper"]], level)
        return f"({value} BETWEEN {low} AND {high})", Size()

    def _conjunction(self, node: Node, level: int) -> tuple[str, Size]:
        sqls, _ = self._all(node["children"], level)
        return "(" + (" AND " if node["type"] == "CONJUNCTION_AND" else " OR ").join(sqls) + ")", Size()

    def _operator(self, node: Node, level: int) -> tuple[str, Size]:
        shape = OPERATORS.get(node["type"])
        if shape is None:
            raise self.refusal(node, f"{node['type'].lower()} is not allowed in an expression", "see the operators of `field`")
        sqls, size = self._all(node["children"], level)
        return shape.format(*sqls, all=", ".join(sqls), rest=", ".join(sqls[1:])), size

    def _case(self, node: Node, level: int) -> tuple[str, Size]:
        sql, sizes = "CASE", Size()
        for check in node["case_checks"]:
            (when, then), size = self._all([check["when_expr"], check["then_expr"]], level)
            sql, sizes = f"{sql} WHEN {when} THEN {then}", sizes + size
        other, size = self.admit(node["else_expr"], level)
        return f"({sql} ELSE {other} END)", sizes + size

    def _cast(self, node: Node, level: int) -> tuple[str, Size]:
        name = node["type_expr"].get("type_name", "").lower()
        if name not in TYPES or node["type_expr"].get("children"):
            raise self.refusal(
                node, f"a cast to {name or 'this type'!r} is not allowed", "cast to varchar, bigint, double, boolean, date or timestamp"
            )
        sql, size = self.admit(node["child"], level)
        return f"{'TRY_CAST' if node['try_cast'] else 'CAST'}({sql} AS {name.upper()})", size.grown(4)  # a double of 8 bytes prints as 24

    def _function(self, node: Node, level: int) -> tuple[str, Size]:
        name = node["function_name"].lower()
        if name not in FUNCTIONS:
            known = [word for word in FUNCTIONS if word.isidentifier()]
            raise self.refusal(node, f"{name!r} is no function that an expression may use{nearest(name, known)}", "see `winnow operators show field`")
        plain = not (node["filter"] or node["order_bys"].get("orders") or node["distinct"] or node["schema"] or node["catalog"])
        if not plain:
            raise self.refusal(node, f"{name!r} takes no distinct, filter, order or schema here", f"write {name}(…) alone")
        given = node["arguments"]
        nodes = [argument["expression"] for argument in given]
        sqls, size = self._all(nodes, level)
        labels = [f"{identifier(argument['name'])} := " if argument["name"] else "" for argument in given]
        call = ", ".join(label + sql for label, sql in zip(labels, sqls, strict=True))
        return f"{identifier(name)}({call})", self._grown(name, node, nodes, size)

    def _grown(self, name: str, node: Node, nodes: list[Node], size: Size) -> Size:
        """How large a call's value can be; what cannot be bounded is refused."""
        literals = [literal(argument) for argument in nodes]
        if name in LITERAL_PATH and not all(value is not None and "*" not in value for value in literals[1:]):
            raise self.refusal(node, f"the path of {name} must be text without `*`", "write json_extract_string(column, '$.key')")
        if name in LITERAL_FORMAT and any(value is None or len(value) > 100 for value in literals[LITERAL_FORMAT[name] :]):
            raise self.refusal(node, f"the format of {name} must be text of at most 100 characters", f"write {name}(column, '%Y-%m-%d')")
        if name in REGULAR:
            self._regular(name, node, literals)
        if name in ANSWERS:
            return Size(plus=1_000)
        if name == "concat_ws":
            return size + size.grown(len(nodes) - 2)  # the separator stands between all others
        if name in PIECES:
            return size.grown(17)  # an empty piece still takes 16 bytes
        if name in ("replace", "regexp_replace"):
            return self._replaced(name, node, literals, size)
        if name == "array_to_string":
            if len(literals) < 2 or literals[1] is None:
                raise self.refusal(node, "the separator of array_to_string must be text", "write array_to_string(column, ', ')")
            return size.grown(2 + len(literals[1].encode()))
        return size.grown(3) if name in FOLDS else size

    def _regular(self, name: str, node: Node, literals: list[str | None]) -> None:
        pattern = literals[1] if len(literals) > 1 else None
        if pattern is None:
            raise self.refusal(node, f"the pattern of {name} must be text", f"write {name}(column, 'pattern')")
        try:
            checked(pattern)
        except ValueError as error:
            raise self.refusal(node, str(error), f"correct the pattern of {name}") from None

    def _replaced(self, name: str, node: Node, literals: list[str | None], size: Size) -> Size:
        if len(literals) < 3 or any(value is None for value in literals[2:]):
            raise self.refusal(node, f"what {name} writes must be text, and its options too", f"write {name}(column, 'old', 'new')")
        written = literals[2] or ""
        length = len(written.encode())
        if name == "replace":
            return size.grown(max(1.0, length / max(1, len((literals[1] or "").encode()))))
        back = sum(written.count(f"\\{group}") for group in range(10))
        everywhere = len(literals) > 3 and "g" in (literals[3] or "")
        return size.grown(1 + back + length) if everywhere else size.grown(1 + back) + Size(plus=length)


def _too_deep(text: str) -> int | None:
    """Where brackets are nested too deep; those within quotes count too, which does no harm."""
    depth = 0
    for at, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if depth > MOST_BRACKETS:
            return at
    return None


def parsed(text: str) -> Tree:
    """The admitted tree of `text`; RecipeError names what is refused, where, and the nearest allowed form."""
    import duckdb

    if not text.strip() or len(text) > LONGEST or "\x00" in text:
        raise refused(text, f"it has {len(text)} characters", f"write between 1 and {LONGEST} characters, none of them NUL")
    if (at := _too_deep(text)) is not None:
        raise refused(
            text, f"more than {MOST_BRACKETS} brackets stand within each other", "take brackets out, or compute a part with `derive` first", at
        )
    comments = [at for at, kind in duckdb.tokenize(text) if kind == duckdb.token_type.comment]
    if comments:
        raise refused(text, "comments are not allowed", "say it in `why`", comments[0])
    found = json.loads(connection().execute("SELECT json_serialize_sql(?)", [HEAD + text + ")"]).fetchall()[0][0])
    if found["error"]:
        at = int(found.get("position") or len(HEAD)) - len(HEAD)
        raise refused(text, str(found.get("error_message", "it does not parse")), "write one expression over columns: length(text) > 5", at)
    tree = Tree(text)
    tree.sql, _ = tree.admit(_only_value(text, found["statements"]))
    return tree


def _only_value(text: str, statements: list[Node]) -> Node:
    select = statements[0]["node"] if len(statements) == 1 else {}
    alone = (
        select.get("type") == "SELECT_NODE"
        and len(select["select_list"]) == 1
        and select["from_table"]["type"] == "EMPTY"
        and not any(select.get(clause) for clause in ("modifiers", "where_clause", "group_expressions", "group_sets", "having", "sample", "qualify"))
        and not select["cte_map"]["map"]
    )
    if not alone:
        raise refused(text, "it is more than one expression", "write one expression over columns: length(text) > 5")
    value: Node = select["select_list"][0]
    return value


def refused(text: str, what: str, mend: str, at: int = 0) -> RecipeError:
    """The one form of refusal; `at` counts bytes of the text."""
    before = len(text.encode()[: max(0, at)].decode(errors="ignore"))
    shown = text if len(text) <= 60 else text[max(0, before - 20) :][:60] + "…"
    return RecipeError(f"expression {shown!r}, position {before + 1}: {what}; {mend}")


def literal(node: Node) -> str | None:
    """The text of a text or whole-number literal, else None."""
    plain = node["class"] == "CONSTANT" and node["literal"]["kind"] in ("STRING", "INTEGER")
    return str(node["literal"]["text"]) if plain else None


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
