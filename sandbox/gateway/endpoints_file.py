"""Adds and removes tables of models.toml by hand, so that comments and the order of the rest stay as they are."""

import json
import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .endpoints import Endpoint, find, parsed, place, read
from .errors import Misconfigured

BARE = re.compile(r"[A-Za-z0-9_-]+")


def add(alias: str, table: Mapping[str, Any], path: Path | None = None) -> tuple[Path, Endpoint]:
    """Put a table at the end of the file, if the file is then still right. Gives the file and the endpoint."""
    path = path or place()
    if alias in read(path):
        raise Misconfigured(f"{path}: there is a model {alias!r} already; `winnow models remove {alias}` takes it out")
    lines = [f"[{_key(alias)}]", *(f"{_key(name)} = {_value(value)}" for name, value in table.items())]
    before = _text(path)
    text = before.rstrip("\n") + "\n\n" * bool(before.strip()) + "\n".join(lines) + "\n"
    try:
        endpoint = parsed(text, path)[alias]
    except Misconfigured as error:  # its line is one that does not stand there yet
        raise Misconfigured(re.sub(rf"^{re.escape(str(path))}:\d+: ", "", str(error), flags=re.MULTILINE)) from None
    _write(path, text)
    return path, endpoint


def remove(alias: str, path: Path | None = None) -> Path:
    """Take a table out, with the tables within it."""
    path = path or place()
    find(alias, path)
    text = _text(path)
    rest = "".join(_without(text.splitlines(keepends=True), alias)).lstrip("\n")
    wanted = {name: table for name, table in tomllib.loads(text).items() if name != alias}
    if not _is(rest, wanted):
        raise Misconfigured(f"{path}: {alias!r} is written in a way that cannot be taken out safely; remove it by hand")
    _write(path, rest)
    return path


def _without(lines: list[str], alias: str) -> list[str]:
    """Line by line, from its header to the next one that is not its own."""
    name = rf"(?:{re.escape(alias)}|\"{re.escape(alias)}\"|'{re.escape(alias)}')"
    own, other = re.compile(rf"\s*\[\s*{name}\s*[.\]]"), re.compile(r"\s*\[")
    kept, is_own = [], False
    for line in lines:
        if other.match(line):
            is_own = own.match(line) is not None
        if not is_own:
            kept.append(line)
    return kept


def _is(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else json.dumps(name)


def _value(value: Any) -> str:
    """TOML writes text, numbers and booleans as JSON does."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".models-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(beside, path)
    except OSError as error:
        raise Misconfigured(f"{path}: {error.strerror}") from None
