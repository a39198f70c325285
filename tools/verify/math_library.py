"""Asks math-verify whether two expressions are equal, within bounds: what could take for ever is not asked, and a process of its own answers."""

import atexit
import json
import os
import re
import subprocess
import sys
from functools import lru_cache
from math import prod
from pathlib import Path
from threading import Lock

from tools.errors import ContractError

from . import math_child  # named, so that a change there is a change of the operator

CHILD = Path(math_child.__file__)
LONGEST = 300  # characters of an expression
DEEPEST = 12  # brackets within each other
MOST_POWERS = 10
MOST_FACTORS = 10**6  # the product of all exponents
REMEMBERED = 4096  # pairs: solutions of one problem give the same answers
EXTRA = "math"

_TALL = re.compile(r"\^\s*(?:\{[^{}]*\^|\(?[\w.]+\)?\s*\^|\{?-?\d{4,})|\*\*\s*(?:\(?[\w.]+\)?\s*\*\*|\d{4,})")
_GROWS = re.compile(
    r"(?:\d{3}|[^\d\s])\s*!|\\(?:sum|prod|int|iint|oint|lim|binom|dbinom|tbinom|choose|Gamma|zeta|ddot|dot|frac\{d\}|begin\{(?!.?matrix)|bigcup|bigcap)|\d{40}"
)
_EXPONENT = re.compile(r"(?:\^|\*\*)\s*[{(]*-?(\d+)")
_ONE_AT_A_TIME = Lock()
_children: dict[int, "subprocess.Popen[bytes]"] = {}  # by the process that started it: a fork must not talk to its parent's


@lru_cache(maxsize=REMEMBERED)
def equal(given: str, wanted: str) -> bool | None:
    """Whether the library takes both for the same; none where it cannot read one, or where that may take too long."""
    if not all(_is_bounded(text) for text in (given, wanted)):
        return None
    with _ONE_AT_A_TIME:
        return _asked(json.dumps([_inline(given), _inline(wanted)]).encode() + b"\n")


def _is_bounded(text: str) -> bool:
    """Towers of powers, factorials, sums and the like are not worked out."""
    if not text or len(text) > LONGEST or _TALL.search(text) or _GROWS.search(text) or text.count("^") + text.count("**") > MOST_POWERS:
        return False
    if prod(int(power) for power in _EXPONENT.findall(text)) > MOST_FACTORS:
        return False
    depth = deepest = 0
    for sign in text:
        depth += (sign in "({[") - (sign in ")}]")
        deepest = max(deepest, depth)
    return deepest <= DEEPEST


def _inline(text: str) -> str:
    return " ".join(text.replace("$", " ").split())


def _asked(line: bytes) -> bool | None:
    child = _child()
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(line)
        child.stdin.flush()
        answer = child.stdout.readline()
    except BrokenPipeError:
        answer = b""
    if answer:
        verdict: bool | None = json.loads(answer)
        return verdict
    _end(os.getpid())
    if child.returncode is not None and child.returncode > 0:
        raise ContractError(f"math_answer: the process that compares expressions ended with {child.returncode}: is the extra {EXTRA!r} installed?")
    return None  # ended by the kernel: it took too long, or too much


def _child() -> "subprocess.Popen[bytes]":
    child = _children.get(os.getpid())
    if child is None:
        if not _children:
            atexit.register(_end_all)
        command = [sys.executable, "-P", str(CHILD)]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        _children[os.getpid()] = child
    return child


def _end_all() -> None:
    _end(os.getpid())


def _end(owner: int) -> None:
    child = _children.pop(owner, None)
    if child is None:
        return
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                continue
    child.wait()
