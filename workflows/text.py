"""The one way a recipe is written: fixed key order, defaults left out, short mappings on one line."""

from collections.abc import Iterator, Mapping, Sequence

from .recipe import Recipe
from .strict_yaml import scalar

WIDTH = 120
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
OLD_TRUTHS = ("y", "n", "yes", "no", "on", "off")
SECTIONS = ("sources", "steps", "outputs", "checks")


def dump(recipe: Recipe) -> str:
    """Canonical YAML: `load(dump(recipe)).recipe == recipe`."""
    data = {"winnow": recipe.winnow} | recipe.model_dump(by_alias=True, exclude_defaults=True)
    lines: list[str] = []
    for key in ("winnow", "name", "version", "goal", "seed", *SECTIONS):
        if key not in data:
            continue
        if key in SECTIONS:
            lines.append("")
        lines += _steps(data[key]) if key == "steps" else _entry(key, data[key], 0, block=key in SECTIONS)
    return "\n".join(lines) + "\n"


def _steps(steps: Sequence[Mapping[str, object]]) -> Iterator[str]:
    yield "steps:"
    for step in steps:
        body = [line for key, value in step.items() for line in _entry(key, value, 4)]
        yield "  - " + body[0][4:]
        yield from body[1:]


def _entry(key: str, value: object, indent: int, *, block: bool = False) -> Iterator[str]:
    """The lines of `key: value`; collections go on one line where they fit and no block is asked for."""
    head = " " * indent + _key(key) + ":"
    if isinstance(value, Mapping | list | tuple) and value:
        flat = f"{head} {_flow(value)}"
        if not block and len(flat) <= WIDTH:
            yield flat
            return
        yield head
        yield from _block(value, indent + 2)
    elif isinstance(value, str) and _is_literal(value):
        yield f"{head} {'|' if value.endswith(chr(10)) else '|-'}"
        yield from (" " * (indent + 2) + line if line else "" for line in value.removesuffix("\n").split("\n"))
    else:
        yield f"{head} {_flow(value) if isinstance(value, Mapping | list | tuple) else _scalar(value)}"


def _block(value: object, indent: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _entry(str(key), inner, indent)
    elif isinstance(value, list | tuple):
        for inner in value:
            flat = _flow(inner) if isinstance(inner, Mapping | list | tuple) else _scalar(inner)
            if isinstance(inner, Mapping) and len(flat) > WIDTH:
                body = list(_block(inner, indent + 2))
                yield " " * indent + "- " + body[0][indent + 2 :]
                yield from body[1:]
            else:
                yield " " * indent + "- " + flat


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(str(key))}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value, flow=True)


def _scalar(value: object, *, flow: bool = False) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = str(value)
    return text if _is_plain(text, flow) and not _is_value_elsewhere(text) else _quoted(text)


def _key(text: str) -> str:
    return text if _is_plain(text, flow=True) else _quoted(text)


def _quoted(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _is_value_elsewhere(text: str) -> bool:
    """YAML 1.1 reads a truth value, a time or a date: quotes spare other programs the doubt."""
    return text.lower() in OLD_TRUTHS or (text[0].isdigit() and not any(map(str.isalpha, text)))


def _is_plain(text: str, flow: bool) -> bool:
    """May stand without quotes."""
    if not text or text != text.strip() or not text.isprintable() or not (text[0].isalnum() or text[0] in "_/.("):
        return False
    if ": " in text or " #" in text or text.endswith(":") or text.startswith("..."):
        return False
    if flow and any(c in ",[]{}:" for c in text):
        return False
    return isinstance(_meaning(text), str)


def _meaning(text: str) -> object:
    try:
        return scalar(text)
    except ValueError:
        return None


def _is_literal(text: str) -> bool:
    """Reads well as a block of lines, and comes back the same."""
    lines = text.removesuffix("\n").split("\n")
    return (
        len(lines) > 1
        and bool(lines[-1])
        and lines[0][:1] not in ("", " ")
        and all(not line or (line.isprintable() and line.strip()) for line in lines)
    )


def _escaped(character: str) -> str:
    if character in ESCAPES:
        return ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
