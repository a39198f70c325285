"""What code an operator is: the digest of its file and of the files of its room that it imports, straight or by others."""

import ast
import hashlib
import importlib.util
import json
import re
import sys
import time
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

COMPILED = re.compile(rb'\bcompiled\("(\w+)"')  # a kernel asked for by name is an import
SETTLED_SECONDS = 2.0  # a file changed more recently may change again within one tick of its clock

_seen: dict[tuple[str, str], tuple[tuple[int, ...], str, tuple[str, ...]]] = {}  # (file, module) → stamp, digest, imports
_new: set[tuple[str, str]] = set()


def operator_digest(made: type) -> str:
    """Hex sha256; it changes when any line that the operator can reach within its room changes. Of a class that stands for one in a file
    of its own: that of the file."""
    if own := getattr(made, "source_digest", ""):
        return str(own)
    whole = hashlib.sha256()
    for name, path in sorted(sources_of(made).items()):
        digest, _ = _look(path, name)
        whole.update(f"{name} {digest}\n".encode())
    return whole.hexdigest()


def sources_of(made: type) -> dict[str, Path]:
    """Module → file of the operator and of all in its room that it imports, inside functions too."""
    found: dict[str, Path] = {}
    waiting = [made.__module__]
    while waiting:
        name = waiting.pop()
        path = None if name in found else _file_of(name)
        if path is None:
            continue
        found[name] = path
        waiting += _look(path, name)[1]
    return found


def _file_of(name: str) -> Path | None:
    """A module's file, importing nothing; nothing for what is no module, as the names in `from module import name` may be."""
    loaded = sys.modules.get(name)
    if loaded is not None and getattr(loaded, "__file__", None):
        return Path(str(loaded.__file__))
    spec = _spec_of(name)
    return Path(spec.origin) if spec and spec.has_location and spec.origin else None


def _spec_of(name: str) -> ModuleSpec | None:
    """Where a module lies. Python's own `find_spec` would import whatever it lies in: of a kernel's name, the kernel and all of numba."""
    package = name.rpartition(".")[0]
    if package:
        around = _folders_of(package)
        return None if around is None else PathFinder.find_spec(name, around)
    try:
        return importlib.util.find_spec(name)
    except ValueError:  # a program from stdin
        return None


def _folders_of(package: str) -> Sequence[str] | None:
    loaded = sys.modules.get(package)
    if loaded is not None:
        return getattr(loaded, "__path__", None)
    spec = _spec_of(package)
    return spec.submodule_search_locations if spec else None


def recall(kept: bytes) -> None:
    """Take over what `known` gave to an earlier process. Only from where nobody else can write: certificates hang on it."""
    try:
        _seen.update({(path, name): (tuple(stamp), digest, tuple(imports)) for path, name, stamp, digest, imports in json.loads(kept)})
    except (ValueError, TypeError):  # of another winnow, or broken: it is found out again
        return


def known() -> bytes | None:
    """What was found in files, or None where nothing is new since this was asked last."""
    if not _new:
        return None
    _new.clear()
    return json.dumps([[*key, *found] for key, found in _seen.items() if Path(key[0]).exists()]).encode()


def _look(path: Path, name: str) -> tuple[str, tuple[str, ...]]:
    """Digest of a file, and the modules of its room that it may import; read again when the file has changed."""
    facts, key = path.stat(), (str(path), name)
    stamp = (facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino)
    seen = _seen.get(key)
    if seen is not None and seen[0] == stamp:
        return seen[1:]
    found = _looked_at(path, name)
    if time.time() - facts.st_ctime > SETTLED_SECONDS:
        _seen[key] = (stamp, *found)
        _new.add(key)
    return found


def _looked_at(path: Path, name: str) -> tuple[str, tuple[str, ...]]:
    source = path.read_bytes()
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    imports: list[str] = []
    for node in _statements(ast.parse(source).body):
        if isinstance(node, ast.Import):
            imports += [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")
            base = ".".join([*parents[: len(parents) - node.level + 1], *([node.module] if node.module else [])]) if node.level else node.module or ""
            imports += [base, *(f"{base}.{one.name}" for one in node.names)]
    imports += [f"tools.kernels.{kernel.decode()}" for kernel in COMPILED.findall(source)]
    room = name.partition(".")[0]
    return hashlib.sha256(source).hexdigest(), tuple(dict.fromkeys(other for other in imports if other.partition(".")[0] == room))


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements, however deep; expressions hold no import and are many times as many."""
    for node in body:
        yield node
        for name in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(node, name, ()))
        for inner in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            yield from _statements(inner.body)
