"""Reads a template that the goal gives: `make a column text from the template "Q: {{ question }} A: {{ answer }}"`."""

import re

from tools.errors import RecipeError
from tools.template import template

from .clauses import Atom, Phrase
from .profile import Table
from .wishes import FORMAT, Scene, Trouble, Wish

_FILLED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{[A-Za-z_]\w*\}", re.DOTALL)
_TEMPLATE = re.compile(r"\btemplates?\b|\brender\w*\b|\bfill(?:ed|ing)? in\b|\bjinja\w*\b")
_SAYS = re.compile(r"\bcolumns?\b|\bfields?\b|\bformat(?:ted)?\b|\bas\b|\bwrite\b|\blike\b|\binto\b|\bmake\b|\bform\b|\bprompt\b|\btexts?\b")
_OTHER = re.compile(
    r"\b(?:replac\w+|substitut\w+|remov\w+|strip\w*|mask\w*|contain\w*|match\w*|start\w*|begin\w*|end\w*|split\w*|separat\w+|swap\w*|delet\w+|cut\w*)\b"
)
_INTO = (
    re.compile(r"\b(?:columns?|fields?)\s+(?:called\s+|named\s+)?(?P<name>[a-z_]\w*)"),
    re.compile(r"\b(?:called|named)\s+(?P<name>[a-z_]\w*)"),
    re.compile(r"\b(?P<name>[a-z_]\w*)\s+(?:column|field)\b"),
)
_NO_NAME = (
    "new",
    "a",
    "an",
    "the",
    "one",
    "text",
    "single",
    "this",
    "that",
    "with",
    "from",
    "by",
    "for",
    "using",
    "as",
    "is",
    "like",
    "of",
    "in",
    "and",
    "into",
    "to",
    "every",
    "each",
)


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """The column that a template makes."""
    atom = next((one for one in phrase.atoms if one.kind == "quoted" and _FILLED.search(one.value)), None)
    if atom is None or not _is_meant(phrase, _written(atom.value, scene.main), scene):
        return []
    text = _written(atom.value, scene.main)
    try:
        columns = template(text).columns
    except RecipeError as error:
        return Trouble("ask", f"{phrase.text!r}: {error}")
    absent = next((name for name in sorted(columns) if scene.main.column(name) is None and name not in scene.made), None)
    if absent:
        return Trouble("ask", f"The template names {absent!r}; the data has {', '.join(scene.main.names)}. Which column is meant?")
    column = _column(phrase, atom) or ("text" if scene.main.column("text") is None or "text" in columns else "rendered")
    params: dict[str, object] = {"template": text}
    params |= {"column": column} if column != "text" else {}
    return [Wish(op="render", id="rendered", stage=FORMAT, params=params, span=(0, len(phrase.lower)), evidence=f"render {column}: {atom.value}")]


def _is_meant(phrase: Phrase, text: str, scene: Scene) -> bool:
    """Whether the clause gives a template, and no text with a placeholder to look for."""
    if _TEMPLATE.search(phrase.lower):
        return phrase.side != "drop"
    if phrase.side in ("keep", "drop") or _OTHER.search(phrase.lower) or not _SAYS.search(phrase.lower):
        return False
    try:
        return all(scene.main.column(name) for name in template(text).columns)
    except RecipeError:
        return False


def _written(text: str, table: Table) -> str:
    """With line breaks where it says \\n, and `{column}` as `{{ column }}`."""
    text = text.replace("\\n", "\n").replace("\\t", "\t")
    if "{{" in text or "{%" in text:
        return text
    return re.sub(r"\{([A-Za-z_]\w*)\}", r"{{ \1 }}", text)


def _column(phrase: Phrase, atom: Atom) -> str | None:
    for match in (match for pattern in _INTO for match in pattern.finditer(phrase.lower)):
        if match["name"] not in _NO_NAME and not atom.start <= match.start() < atom.end:
            return phrase.text[slice(*match.span("name"))]
    return "text" if re.search(r"\bcolumn text\b|\btext column\b", phrase.lower) else None
