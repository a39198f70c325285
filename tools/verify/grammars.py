"""Where code in one of many languages has its first syntax error: Python by its own compiler, the others by tree-sitter."""

import re
import warnings
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from threading import Thread
from typing import Any

EXTRA = "code"
LONGEST_PYTHON = 1_000_000  # bytes; a longer text is data
LONGEST = 100_000  # bytes: on what is no code at all the parsers take time that grows with its square
PYTHON = "python"
GRAMMARS = {  # language → package and function, of all that may accept it
    "javascript": (("tree_sitter_javascript", "language"),),
    "typescript": (("tree_sitter_typescript", "language_typescript"), ("tree_sitter_typescript", "language_tsx")),
    "java": (("tree_sitter_java", "language"),),
    "go": (("tree_sitter_go", "language"),),
    "rust": (("tree_sitter_rust", "language"),),
    "c": (("tree_sitter_c", "language"),),
    "cpp": (("tree_sitter_cpp", "language"),),
    "csharp": (("tree_sitter_c_sharp", "language"),),
    "bash": (("tree_sitter_bash", "language"),),
    "ruby": (("tree_sitter_ruby", "language"),),
    "php": (("tree_sitter_php", "language_php_only"),),
    "html": (("tree_sitter_html", "language"),),
    "css": (("tree_sitter_css", "language"),),
    "sql": (("tree_sitter_sql", "language"),),
}
WITH_TAGS = (("tree_sitter_php", "language_php"),)
LANGUAGES = (PYTHON, *GRAMMARS)
CALLED = {
    "py": PYTHON, "python3": PYTHON, "py3": PYTHON, "ipython": PYTHON, "js": "javascript", "jsx": "javascript", "node": "javascript",
    "nodejs": "javascript", "mjs": "javascript", "ts": "typescript", "tsx": "typescript", "golang": "go", "rs": "rust", "h": "c",
    "c++": "cpp", "cc": "cpp", "cxx": "cpp", "hpp": "cpp", "cplusplus": "cpp", "c#": "csharp", "cs": "csharp", "c-sharp": "csharp",
    "c_sharp": "csharp", "sh": "bash", "shell": "bash", "zsh": "bash", "rb": "ruby", "htm": "html", "xhtml": "html", "mysql": "sql",
    "postgresql": "sql", "postgres": "sql", "sqlite": "sql", "plsql": "sql", "tsql": "sql",
}  # fmt: skip
SHOWN = 40  # characters of the code in a message
LONGEST_MESSAGE = 120
TOO_DEEP = "nested too deeply"

Fault = tuple[int, str]  # line, counted from 1, and what is wrong


def named(name: str) -> str | None:
    """The language that a name, a suffix or the tag of a fence stands for."""
    bare = name.strip().lstrip(".").casefold()
    bare = CALLED.get(bare, bare)
    return bare if bare in LANGUAGES else None


def missing(languages: tuple[str, ...]) -> str | None:
    """The first package that is needed for these languages and is not installed."""
    packages = ["tree_sitter", *(package for language in languages if language != PYTHON for package, _ in GRAMMARS[language])]
    return next((package for package in packages if find_spec(package) is None), None) if set(languages) - {PYTHON} else None


def is_too_long(code: str, language: str) -> bool:
    return len(code.encode()) > (LONGEST_PYTHON if language == PYTHON else LONGEST)


def fault(code: str, language: str) -> Fault | None:
    """The first syntax error; none where the code is well formed."""
    if language == PYTHON:
        return python_fault(code)
    grammars = WITH_TAGS if language == "php" and "<?" in code else GRAMMARS[language]
    found: Fault | None = None
    for package, function in grammars:
        seen = _grammar_fault(code.encode(), package, function)
        if seen is None:
            return None
        found = found or seen
    return found


def python_fault(code: str) -> Fault | None:
    """What Python's compiler says; the code is compiled and never run."""
    found = _compiled(code)
    return _at_the_bottom(lambda: _compiled(code)) if found == (1, TOO_DEEP) else found


def _compiled(code: str) -> Fault | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of `"\d"` and `is 1`
        try:
            compile(code.removeprefix("\ufeff"), "<code>", "exec", dont_inherit=True)
        except SyntaxError as error:
            return max(error.lineno or 1, 1), str(error.msg)[:LONGEST_MESSAGE]
        except (MemoryError, OverflowError, RecursionError):
            return 1, TOO_DEEP
        except ValueError as error:
            return 1, str(error)
    return None


def _at_the_bottom(work: Callable[[], Fault | None]) -> Fault | None:
    """How deep code may be nested hangs on how deep the caller stands: a fresh thread stands at the bottom, always."""
    found: list[Fault | None] = []
    thread = Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


def _grammar_fault(code: bytes, package: str, function: str) -> Fault | None:
    root = _parser(package, function).parse(code).root_node
    if not root.has_error:
        return None
    node = _first_fault(root)
    line = node.start_point[0] + 1
    if node.is_missing:
        return line, f"missing {node.type!r}"
    shown = re.sub(r"\s+", " ", (node.text or b"").decode(errors="replace")[: 4 * SHOWN]).strip()
    return line, f"unexpected {shown[:SHOWN]!r}" if shown else "unexpected end"


def _first_fault(root: Any) -> Any:
    node = root
    while not (node.is_error or node.is_missing):
        below = next((child for child in node.children if child.is_error or child.is_missing or child.has_error), None)
        if below is None:
            return node
        node = below
    return node


@cache
def _parser(package: str, function: str) -> Any:
    from tree_sitter import Language, Parser

    return Parser(Language(getattr(import_module(package), function)()))
