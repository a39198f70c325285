"""Templates over columns: written as in Jinja, admitted node by node, computed here. No code of a template ever runs."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from .errors import RecipeError
from .names import nearest
from .template_filters import FILTERS, TooMuch, shown

if TYPE_CHECKING:
    from jinja2 import nodes

LONGEST = 20_000  # characters of a template
MOST_STEPS = 200_000  # of one row: what loops within loops may take
DEEPEST = 40  # nodes within each other
LOOP = "loop"
Values = Mapping[str, object]
COMPARED: Mapping[str, Callable[[object, object], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": cast("Callable[[object, object], bool]", operator.lt),
    "lteq": cast("Callable[[object, object], bool]", operator.le),
    "gt": cast("Callable[[object, object], bool]", operator.gt),
    "gteq": cast("Callable[[object, object], bool]", operator.ge),
    "in": lambda one, other: one in other if isinstance(other, str | list | dict) else False,
    "notin": lambda one, other: not COMPARED["in"](one, other),
}


@dataclass(frozen=True)
class Template:
    """An admitted template: its tree, and the columns that it names."""

    text: str
    columns: frozenset[str]
    body: tuple[nodes.Node, ...]

    @property
    def pieces(self) -> list[tuple[str, bool]] | None:
        """The template as texts and names of columns (True), where it is nothing else."""
        from jinja2 import nodes

        found: list[tuple[str, bool]] = []
        for output in self.body:
            for node in output.nodes if isinstance(output, nodes.Output) else [output]:
                if not isinstance(node, nodes.TemplateData | nodes.Name):
                    return None
                found.append((node.name, True) if isinstance(node, nodes.Name) else (node.data, False))
        return found

    def render(self, values: Values, most: int) -> str:
        """The text of one row. Raises TooMuch for one that is longer than `most`, or takes too many steps."""
        return _Row(most).text(self.body, dict(values))


@lru_cache(maxsize=64)
def template(text: str) -> Template:
    """Read and admit a template. Raises RecipeError that names what is not allowed."""
    from jinja2 import Environment, TemplateSyntaxError

    if len(text) > LONGEST:
        raise RecipeError(f"template of {len(text):,} characters: at most {LONGEST:,} are read")
    try:
        tree = Environment(trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True).parse(text)
        _refuse_deep(tree)
        columns = frozenset(_Admission().names(tree.body, frozenset()))
    except TemplateSyntaxError as error:
        raise RecipeError(f"template {_short(text)}: line {error.lineno}: {error.message}") from None
    except RecursionError:
        raise RecipeError(f"template: {TOO_DEEP}") from None
    if not columns:
        raise RecipeError(f"template {_short(text)}: it names no column; write one as {{{{ column }}}}")
    return Template(text, columns, tuple(tree.body))


class _Admission:
    """Walks a tree over an allow-list of nodes and finds the columns it names."""

    def names(self, body: Sequence[nodes.Node], bound: frozenset[str]) -> Iterator[str]:
        for node in body:
            yield from self._of(node, bound)

    def _of(self, node: nodes.Node, bound: frozenset[str]) -> Iterator[str]:
        from jinja2 import nodes

        if isinstance(node, nodes.For):
            yield from self._loop(node, bound)
        elif isinstance(node, nodes.Name):
            yield from () if node.name in bound else (node.name,)
        elif isinstance(node, nodes.Const):
            if not isinstance(node.value, str | int | float | bool | None):
                raise RecipeError(f"template: line {node.lineno}: a constant {node.value!r} is not allowed")
        elif isinstance(node, nodes.Filter):
            self._filter(node)
            yield from self.names([one for one in (node.node, *node.args) if one is not None], bound)
        elif isinstance(node, nodes.Getitem):
            if not isinstance(node.arg, nodes.Const) or not isinstance(node.arg.value, str | int):
                raise RecipeError(f"template: line {node.lineno}: only a name or number can stand in brackets")
            yield from self._of(node.node, bound)
        elif isinstance(node, self._allowed()):
            yield from self.names(list(node.iter_child_nodes()), bound)
        else:
            raise RecipeError(f"template: line {node.lineno}: {_said(node)} is not allowed; {ALLOWED}")

    def _loop(self, node: nodes.For, bound: frozenset[str]) -> Iterator[str]:
        from jinja2 import nodes

        if not isinstance(node.target, nodes.Name) or node.test is not None or node.recursive:
            raise RecipeError(f"template: line {node.lineno}: a loop is written `{{% for NAME in COLUMN %}}`, without `if` and `recursive`")
        yield from self._of(node.iter, bound)
        yield from self.names(node.body, bound | {node.target.name, LOOP})
        yield from self.names(node.else_, bound)

    def _filter(self, node: nodes.Filter) -> None:
        if node.name not in FILTERS:
            raise RecipeError(f"template: line {node.lineno}: no filter {node.name!r}{nearest(node.name, FILTERS)}; there are {', '.join(FILTERS)}")
        if node.kwargs or node.dyn_args or node.dyn_kwargs or node.node is None or len(node.args) not in FILTERS[node.name].arguments:
            raise RecipeError(f"template: line {node.lineno}: filter {node.name!r} does not take that")

    @staticmethod
    def _allowed() -> tuple[type[nodes.Node], ...]:
        from jinja2 import nodes

        plain = (nodes.Output, nodes.TemplateData, nodes.If, nodes.CondExpr, nodes.Getattr, nodes.Concat)
        return (*plain, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand)


TOO_DEEP = f"more than {DEEPEST} parts within each other; write it in shorter pieces"
ALLOWED = "there are {{ column }}, keys of it, `if`, `for`, comparisons, `~` and filters"


class _Row:
    """Computes one row: values are data, a dot looks up a key and never an attribute."""

    def __init__(self, most: int) -> None:
        self.most, self.left = most, MOST_STEPS

    def text(self, body: Sequence[nodes.Node], values: dict[str, object]) -> str:
        found: list[str] = []
        size = 0
        for piece in self._body(body, values):
            size += len(piece)
            if size > self.most:
                raise TooMuch(f"the text is longer than {self.most:,} characters")
            found.append(piece)
        return "".join(found)

    def _body(self, body: Sequence[nodes.Node], values: dict[str, object]) -> Iterator[str]:
        from jinja2 import nodes

        for node in body:
            self._step()
            if isinstance(node, nodes.Output):
                yield from (one.data if isinstance(one, nodes.TemplateData) else shown(self._value(one, values)) for one in node.nodes)
            elif isinstance(node, nodes.If):
                yield from self._body(self._branch(node, values), values)
            elif isinstance(node, nodes.For):
                yield from self._loop(node, values)

    def _branch(self, node: nodes.If, values: dict[str, object]) -> Sequence[nodes.Node]:
        for one in (node, *node.elif_):
            if self._value(cast("nodes.Expr", one.test), values):
                return one.body
        return node.else_

    def _loop(self, node: nodes.For, values: dict[str, object]) -> Iterator[str]:
        from jinja2 import nodes

        found = self._value(cast("nodes.Expr", node.iter), values)
        each = list(found) if isinstance(found, list | dict) else []
        assert isinstance(node.target, nodes.Name)
        for place, value in enumerate(each):
            self._step()
            told = {"index": place + 1, "index0": place, "first": place == 0, "last": place == len(each) - 1, "length": len(each)}
            yield from self._body(node.body, {**values, node.target.name: value, LOOP: told})
        if not each:
            yield from self._body(node.else_, values)

    def _value(self, node: nodes.Expr, values: dict[str, object]) -> object:
        from jinja2 import nodes

        self._step()
        if isinstance(node, nodes.Name):
            return values.get(node.name)
        if isinstance(node, nodes.Const):
            return node.value
        if isinstance(node, nodes.Getattr):
            return _looked_up(self._value(node.node, values), node.attr)
        if isinstance(node, nodes.Getitem):
            return _looked_up(self._value(node.node, values), cast("nodes.Const", node.arg).value)
        if isinstance(node, nodes.Filter):
            given = self._value(cast("nodes.Expr", node.node), values)
            return FILTERS[node.name].work(self.most, given, *(self._value(one, values) for one in node.args))
        if isinstance(node, nodes.CondExpr):
            return self._value(node.expr1, values) if self._value(node.test, values) else node.expr2 and self._value(node.expr2, values)
        if isinstance(node, nodes.Concat):
            return self._bounded("".join(shown(self._value(one, values)) for one in node.nodes))
        return self._logic(node, values)

    def _logic(self, node: nodes.Expr, values: dict[str, object]) -> object:
        from jinja2 import nodes

        if isinstance(node, nodes.Not):
            return not self._value(node.node, values)
        if isinstance(node, nodes.And):
            return self._value(node.left, values) and self._value(node.right, values)
        if isinstance(node, nodes.Or):
            return self._value(node.left, values) or self._value(node.right, values)
        assert isinstance(node, nodes.Compare)
        one = self._value(node.expr, values)
        for operand in node.ops:
            other = self._value(operand.expr, values)
            try:
                if not COMPARED[operand.op](one, other):
                    return False
            except TypeError:
                raise TooMuch(f"{shown(one)[:40]!r} and {shown(other)[:40]!r} cannot be compared") from None
            one = other
        return True

    def _bounded(self, text: str) -> str:
        if len(text) > self.most:
            raise TooMuch(f"a part of the text is longer than {self.most:,} characters")
        return text

    def _step(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise TooMuch(f"the loops take more than {MOST_STEPS:,} steps")


def _refuse_deep(tree: nodes.Node) -> None:
    level: list[nodes.Node] = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in node.iter_child_nodes()]
    if level:
        raise RecipeError(f"template: {TOO_DEEP}")


def _looked_up(value: object, key: object) -> object:
    if isinstance(value, dict):
        return value.get(key)
    return value[key] if isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value) else None


def _said(node: nodes.Node) -> str:
    """What a person calls this kind of node."""
    name = type(node).__name__
    words = {"Call": "a call", "Assign": "`set`", "Mul": "`*`", "Mod": "`%`", "Add": "`+`", "Pow": "`**`", "Test": "`is`", "Slice": "a slice"}
    return words.get(name, f"`{name.lower()}`")


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
