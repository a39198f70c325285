"""Facts made into HTML by the templates of this folder. Every value is escaped, whatever it is."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from tools.errors import RecipeError

from ..trust import State
from .shown import cut, difference, marked, plain

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment

    from ..manifest import Books
    from .facts import Facts

TEMPLATES = Path(__file__).parent / "templates"


def page(facts: "Facts") -> str:
    """The whole report."""
    return _environment().get_template("report.html.j2").render(facts=facts, manifest=facts.manifest, books=facts.books)


def piece(name: str, **given: object) -> str:
    """One part of it with its style, for a notebook: `result` or `plan`."""
    return _environment().get_template(f"{name}.html.j2").render(**given)


@lru_cache(maxsize=1)
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
        bytecode_cache=_compiled_templates(),
    )
    made.filters |= {
        "number": _number,
        "share": _share,
        "seconds": _seconds,
        "size": _size,
        "text": _text,
        "value": _value,
        "name": _name,
        "unreadable": _unreadable,
        "plural": lambda count, word: word if count == 1 else f"{word}s",
        "percent": lambda part, whole: f"{100 * part / whole if whole else 0:.3f}%",
    }
    made.globals |= {"difference": difference, "is_text": lambda value: isinstance(value, str)}
    return made


def _compiled_templates() -> "BytecodeCache | None":
    """Where compiled templates are kept: making them takes ten times as long as a report does. Python reads them as code, so they
    lie where nobody else may write."""
    from jinja2 import FileSystemBytecodeCache

    try:
        return FileSystemBytecodeCache(str(State().room("templates")))
    except (RecipeError, OSError):
        return None


def _unreadable(books: "Books") -> int:
    """Records that no step ever saw."""
    return books.states.get("quarantined", 0) - sum(step.reasons.get("error", 0) for step in books.steps)


def _finalized(value: object) -> object:
    """Whatever a template prints: hidden characters stand as escapes, then autoescape does the rest."""
    return value if isinstance(value, Markup) else plain("" if value is None else value)


def _name(value: str) -> Markup:
    """A step's id, which may be broken behind an underscore."""
    return Markup("_<wbr>").join(plain(value).split("_"))


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.0f}" if value == int(value) and abs(value) < 1e15 else f"{value:,.4g}"


def _share(part: float | None, whole: float = 1) -> str:
    if part is None or not whole:
        return "–"
    share = part / whole
    return "100%" if share == 1 else "0%" if not share else "<0.1%" if share < 0.001 else ">99.9%" if share > 0.999 else f"{share:.1%}"


def _seconds(value: float | None) -> str:
    if value is None:
        return "–"
    if value < 60:
        return f"{value:.1f} s" if value >= 0.1 else f"{1000 * value:.0f} ms"
    minutes, seconds = divmod(round(value), 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min {seconds} s"


def _size(value: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def _text(value: object, most: int = 300) -> Markup:
    """A value of a row."""
    return marked(cut("(no value)" if value is None else value if isinstance(value, str) else repr(value), most))


def _value(value: object) -> str:
    """A parameter of a step."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    return cut(str(value), 160)
