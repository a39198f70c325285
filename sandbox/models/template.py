"""Chat templates: programs in Jinja that a model comes with. They are looked at before transformers' own sandbox runs them: that one stops
what reaches out, and not what takes all memory."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .refused import ModelRefused

if TYPE_CHECKING:
    from jinja2 import nodes

MOST_TEMPLATE, MOST_NODES = 128 << 10, 20_000
LONG = ("center", "format", "ljust", "rjust", "zfill", "expandtabs", "indent", "wordwrap", "pprint", "translate")  # they can make much out of little
OWN_TAGS = re.compile(r"\{%-?\s*(?:end)?generation\s*-?%\}")  # of transformers, around what a model says
MEND = "take the template out, or write one without it"


def checked_template(text: str, file: str) -> str:
    """Raises ModelRefused for what is no template, is too long, or could grow without end."""
    from jinja2 import Environment, TemplateSyntaxError

    if len(text) > MOST_TEMPLATE:
        raise ModelRefused(file, f"its chat template has {len(text):,} characters", f"write at most {MOST_TEMPLATE:,}")
    try:
        made = Environment(extensions=["jinja2.ext.loopcontrols"]).parse(OWN_TAGS.sub("", text))
    except (TemplateSyntaxError, RecursionError) as error:
        raise ModelRefused(file, f"its chat template cannot be read: {str(error)[:100]}", MEND) from None
    for count, node in enumerate(_all(made)):
        why = _amiss(node) if count < MOST_NODES else "is too long"
        if why:
            raise ModelRefused(file, f"its chat template {why} (line {node.lineno})", MEND)
    return text


def _all(node: "nodes.Node") -> "Iterator[nodes.Node]":
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += one.iter_child_nodes()


def _amiss(node: "nodes.Node") -> str | None:
    from jinja2 import nodes

    match node:
        case nodes.Include() | nodes.Import() | nodes.FromImport() | nodes.Extends():
            return "reads other files"
        case nodes.Getattr(attr=name) if name.startswith("_") or name in LONG:
            return f"uses {name!r}"
        case nodes.Getitem(arg=nodes.Const(value=str(name))) if name.startswith("__"):
            return f"uses {name!r}"
        case nodes.Filter(name=name) if name in LONG or name == "attr":
            return f"uses the filter {name!r}"
        case nodes.Mul() | nodes.Pow():
            return "multiplies"
        case nodes.Mod(left=nodes.Const(value=str())):
            return "fills in a text by %"
        case nodes.Call(node=nodes.Name(name=name), args=values) if name == "range" and not _is_small(values):
            return "counts far"
        case nodes.Assign(node=value) if _doubles(value):
            return "doubles a text"
    return None


def _is_small(values: "list[nodes.Expr]") -> bool:
    from jinja2 import nodes

    return all(not isinstance(one, nodes.Const) or (isinstance(one.value, int) and abs(one.value) <= 10_000) for one in values)


def _doubles(value: "nodes.Node") -> bool:
    """Whether one variable stands twice in what is put together for an assignment."""
    from jinja2 import nodes

    if not isinstance(value, (nodes.Add, nodes.Concat)):
        return False
    names = [_path(one) for one in _parts(value)]
    known = [name for name in names if name]
    return len(set(known)) < len(known)


def _parts(node: "nodes.Node") -> "Iterator[nodes.Node]":
    """The pieces that are put together, one after the other."""
    from jinja2 import nodes

    if isinstance(node, nodes.Add):
        yield from _parts(node.left)
        yield from _parts(node.right)
    elif isinstance(node, nodes.Concat):
        for one in node.nodes:
            yield from _parts(one)
    else:
        yield node


def _path(node: "nodes.Node") -> str:
    from jinja2 import nodes

    if isinstance(node, nodes.Name):
        return str(node.name)
    if isinstance(node, nodes.NSRef):
        return f"{node.name}.{node.attr}"
    return f"{_path(node.node)}.{node.attr}" if isinstance(node, nodes.Getattr) and _path(node.node) else ""
