"""Outputs where they stand: a file or a folder of parts, whole or not there, never replaced unasked."""

import ctypes
import glob
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tools.errors import RecipeError
from tools.storage import Part

from ..graph import Graph, Output

MANIFEST = "_manifest.json"  # in a folder that was written: its files; it begins with `_`, so no reader takes it for rows
_AT_FDCWD, _EXCHANGE = -100, 2


def refuse_existing(outputs: Iterable[Output], overwrite: bool) -> None:
    """Raises RecipeError where something stands already that may not be replaced."""
    for output in outputs:
        place = Path(output.path)
        if not is_taken(place):
            continue
        if not overwrite:
            raise RecipeError(f"output {output.name!r}: {output.path!r} exists; give another path, or --overwrite")
        if place.is_dir():
            _refuse_strange(output, place)


def is_taken(place: Path) -> bool:
    """Whether something stands there; an empty folder is nothing."""
    return os.path.lexists(place) and not (place.is_dir() and not any(place.iterdir()))


def digest_of(place: Path) -> str:
    """sha256 of a file; of a folder, that of its files' digests and names."""
    if not place.is_dir():
        return _sha256(place)
    return folder_digest({str(path.relative_to(place)): _sha256(path) for path in _files(place)})


def files_of(path: str, part: str) -> list[Path]:
    """The files that hold the rows of an output, in order: the one, or the parts of its folder."""
    place = Path(path)
    return sorted(one for one in place.rglob(f"{glob.escape(part)}-*-of-*")) if part else [place]


def folder_digest(files: Mapping[str, str]) -> str:
    """What `sha256sum` prints of all files but the manifest, sorted by name, digested once more."""
    lines = [f"{digest}  {name}\n" for name, digest in sorted(files.items()) if name != MANIFEST]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def write_manifest(folder: Path, parts: Sequence[Part]) -> str:
    """List what the folder holds in it, and make sure that it lasts. Returns the folder's digest."""
    rows = {part.path: part for part in parts}
    found = sorted(str(path.relative_to(folder)) for path in _files(folder))
    digests = {name: rows[name].digest if name in rows else _sha256(folder / name) for name in found}
    files = [
        {"path": name, **({"rows": rows[name].rows} if name in rows else {}), "bytes": (folder / name).stat().st_size, "sha256": digests[name]}
        for name in found
    ]
    body = json.dumps({"written_by": "winnow", "rows": sum(part.rows for part in parts), "files": files}, indent=1)
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        file.write(body + "\n")
    for path in (*(folder / name for name in found if name not in rows), folder / MANIFEST, *{(folder / name).parent for name in found}, folder):
        _sync(path)
    return folder_digest(digests)


def put_in_place(graph: Graph, staged: Mapping[str, Path]) -> None:
    """One rename each; a folder that stood there goes once the new one stands."""
    for path in dict.fromkeys(output.path for output in graph.outputs):
        temp, place = staged[path], Path(path)
        if temp.is_dir() and is_taken(place):
            _exchange(temp, place)
        else:
            os.replace(temp, place)
        _sync(place.parent)


def sweep(graph: Graph) -> None:
    """What a killed process left half written beside the outputs; they are claimed, so nobody writes there now."""
    for output in graph.outputs:
        place = Path(output.path)
        for old in sorted(place.parent.glob(f".{_literal(place.name)}.*.old")):
            if not os.path.lexists(place):  # killed between two renames
                os.replace(old, place)
            remove(old)
        for path in place.parent.glob(f".{_literal(place.name)}.*.tmp"):
            remove(path)


def remove(place: Path) -> None:
    """Delete a file or a folder, if it is there."""
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _refuse_strange(output: Output, place: Path) -> None:
    """A folder is replaced with all that is in it, so all of it must be winnow's."""
    if not output.part:
        raise RecipeError(f"output {output.name!r}: {output.path!r} is a folder; name a file in it")
    try:
        told = json.loads((place / MANIFEST).read_bytes())
        known = {str(one["path"]) for one in told["files"]} if told["written_by"] == "winnow" else set()
    except (OSError, ValueError, KeyError, TypeError):
        known = set()
    strange = [name for path in _files(place) if (name := str(path.relative_to(place))) not in known | {MANIFEST}]
    if strange:
        raise RecipeError(
            f"output {output.name!r}: the folder {output.path!r} holds {strange[0]!r}, which winnow did not write there; "
            "move it away, or name another folder"
        )


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if not path.is_dir())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _exchange(temp: Path, place: Path) -> None:
    """The new folder stands where the old one stood, in one step where the system can."""
    old = temp
    if not _swapped(temp, place):
        old = temp.with_suffix(".old")
        os.replace(place, old)
        os.replace(temp, place)
    shutil.rmtree(old)


def _swapped(one: Path, other: Path) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    return rename is not None and rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE) == 0


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _literal(name: str) -> str:
    return "".join(f"[{one}]" if one in "*?[" else one for one in name)
