"""A file of a stranger, as text: where a recipe or a person says that it lies, and what it holds. It is read, never imported."""

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tools.errors import RecipeError

MOST_BYTES = 256 << 10
OP = re.compile(r"(?P<place>[^@]+\.py)(?::(?P<name>[A-Za-z_]\w*))?(?:@(?P<version>\d+))?", re.DOTALL)


@dataclass(frozen=True)
class File:
    """A file by the name that a recipe knows it by, and its text."""

    place: str
    text: str

    @cached_property
    def digest(self) -> str:
        """sha256 of its bytes."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Called:
    """An operator as a recipe names it: `ops/shout.py:Shout@1`, the class left out where the file holds one."""

    place: str
    name: str = ""
    version: str = ""

    def __str__(self) -> str:
        return f"{self.place}:{self.name}" if self.name else self.place


def called(op: str) -> Called | None:
    """What the name of an operator says of a file; None: it names none, but an operator of the catalogue."""
    if not is_file(op):
        return None
    found = OP.fullmatch(op)
    if found is None:
        raise RecipeError(f"operator {op!r} names no file; write it as in 'ops/shout.py:Shout', the path without `@`")
    return Called(found["place"], found["name"] or "", found["version"] or "")


def is_file(op: str) -> bool:
    """Whether an operator's name means a file."""
    return ".py" in op or "/" in op


def read(path: Path, place: str) -> File:
    """A file that a person named, wherever it lies. Raises RecipeError where it is none that could hold an operator."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(opened, "rb") as file:
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                raise RecipeError(f"{place}: not a plain file")
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise RecipeError(f"{place}: cannot be read: {error.strerror or error}") from None
    return from_bytes(raw, place)


def read_beneath(folder: Path, place: str) -> File:
    """A file that a recipe names: relative to the recipe's folder and beneath it, wherever its links lead."""
    path = Path(place)
    if path.is_absolute() or ".." in path.parts or "\0" in place:
        raise RecipeError(f"operator file {place!r} leads out of the recipe's folder; put the file beneath it")
    whole, root = os.path.realpath(folder / path), os.path.realpath(folder)
    if os.path.commonpath([whole, root]) != root:
        raise RecipeError(f"operator file {place!r} leads out of the recipe's folder by a link; put the file itself beneath it")
    return read(Path(whole), place)


def from_bytes(raw: bytes, place: str) -> File:
    """Raises RecipeError for what is too long, or no text."""
    if len(raw) > MOST_BYTES:
        raise RecipeError(f"{place}: longer than {MOST_BYTES >> 10} kB; an operator is a short file")
    try:
        return File(place, raw.decode())
    except UnicodeDecodeError as error:
        raise RecipeError(f"{place}: not UTF-8 text at byte {error.start}") from None
