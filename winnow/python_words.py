"""Errors in the words of a Python call: the lower rooms name options of the command line, here they are arguments."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from tools.errors import RecipeError, WinnowError

from .answer import BadUsage

WORDS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"look at it with `winnow preview`, then .*--yes", "look at its `preview()`, then give `yes=True`"),
        (r"`winnow (?:show \S+ > \S+`, then `winnow )?save \S+` makes it the next version", "`winnow save` makes it the next version"),
        (r"`winnow resume (\S+) --accept-drift`", r"`winnow.resume('\1', accept_drift=True)`"),
        (r"--accept-drift\b", "`accept_drift=True`"),
        (r"`winnow (resume|replay) (\S+) --overwrite`", r"`winnow.\1('\2', overwrite=True)`"),
        (r"`winnow (resume|replay) (\S+?)`", r"`winnow.\1('\2')`"),
        (r"--input (\w+)=PATH", r"inputs={'\1': PATH}"),
        (r"name the path on the command line(: inputs=\S+ PATH\})?", r"name the path in the call\1"),
        (r"; `--column \w+=NAME` takes the one called NAME for it", ""),
        (r"--output PATH, where the rows go \(- for stdout\)", "`output=PATH`"),
        (r"--input", "`inputs`"),
        (r"--(yes|overwrite|locked)\b", r"`\1=True`"),
        (r"--scan-all\b", "`scan_all=True`"),
    )
)


def in_python(message: str) -> str:
    """The message with each option of the command line as the argument that it is in a call."""
    for pattern, words in WORDS:
        message = pattern.sub(words, message)
    return message


@contextmanager
def python_words() -> Iterator[None]:
    """Whatever is raised on purpose within says its mend as a person who writes Python would do it."""
    try:
        yield
    except BadUsage as error:
        raise RecipeError(in_python(str(error))) from None
    except WinnowError as error:
        error.args = tuple(in_python(one) if isinstance(one, str) else one for one in error.args)
        raise
