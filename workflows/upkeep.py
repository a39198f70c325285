"""What the store takes on disk, and how it is kept small: the cache by size, runs by age. Versions, approvals and outputs never go.

What goes is moved aside in one act and deleted then: whoever is killed meanwhile leaves no half of anything behind that looks whole.
"""

import os
import secrets
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tools.errors import RecipeError

from .claim import claimed, is_held
from .manifest import NAME, Manifest, read
from .store import Store

GONE = "gone"  # the part of the cache in which lies what is being deleted


@dataclass(frozen=True, kw_only=True)
class Old:
    """Runs that go, with the bytes they take, and those that would but for a reason."""

    going: Mapping[str, int]
    staying: Mapping[str, str]


def sizes(store: Store) -> dict[str, int]:
    """Bytes of each part of the store, the parts of the cache one by one."""
    found: dict[str, int] = defaultdict(int)
    for part in sorted(store.home.iterdir()) if store.home.is_dir() else ():
        if part == store.cache:
            for kind in sorted(part.iterdir()):
                found[f"cache/{kind.name}"] += _bytes(kind)
        else:
            found[part.name] += _bytes(part)
    return dict(found)


def cap(store: Store, most: int, *, dry: bool = False) -> int:
    """Delete what was last written longest ago from the cache until it takes at most so many bytes; gives bytes freed.

    Everything in the cache can be made again. What belongs together goes together: entries of one kind whose names are
    alike up to the first dot. Raises RecipeError while a run goes on, which may be about to read what would be deleted.
    """
    for folder in _run_folders(store):
        if is_held(folder):
            raise RecipeError(f"run {folder.name}: it is going on and uses the cache; try again when it is done")
    units = [(max(_changed(path) for path in paths), paths, sum(map(_bytes, paths))) for paths in _units(store.cache)]
    taken = before = sum(size for _, _, size in units)
    for _, paths, size in sorted(units, key=lambda unit: unit[0]):
        if taken <= most:
            break
        if not dry:
            _delete(store, paths)
        taken -= size
    return before - taken


def old_runs(store: Store, keep: int | None, before: datetime | None) -> Old:
    """Runs that are not among the newest `keep` and began before that time; none: any, where the other is said."""
    manifests = dict(_manifests(store))
    known = sorted(manifests)  # names begin with the time
    newest = set(known[-keep:] if keep else ())
    old = [run for run in known if run not in newest and (before is None or _began(manifests[run]) < before)]
    staying = {run: why for run in old if (why := _needed(store.runs / run, manifests[run]))}
    for run in reversed(known):  # the newest first: what repeats stays before what it repeats is looked at
        told_by = manifests[run].replays
        if (run not in old or run in staying) and told_by in old:
            staying.setdefault(told_by, f"run {run} stays, which repeats it and tells rows by it")
    return Old(going={run: _bytes(store.runs / run) for run in old if run not in staying}, staying=staying)


def let_go(store: Store, runs: Iterable[str]) -> None:
    """Delete runs with their ledgers, measures and reports. Raises RecipeError where somebody took one up meanwhile."""
    for run in runs:
        folder = store.runs / run
        with claimed(folder):
            _delete(store, [folder])
    sweep(store)


def sweep(store: Store) -> None:
    """Finish what somebody began to delete and was killed at."""
    shutil.rmtree(store.cache / GONE, ignore_errors=True)


def _needed(folder: Path, manifest: Manifest) -> str:
    if is_held(folder):
        return "it is going on"
    if any(Path(path).is_relative_to(folder) for path in manifest.outputs.values()):
        return "its output lies in its own folder, and nowhere else"
    return ""


def _manifests(store: Store) -> Iterator[tuple[str, Manifest]]:
    """Runs whose manifests can be read: of others nothing is known, and they stay."""
    for folder in _run_folders(store):
        try:
            manifest = read(folder)
            _began(manifest)
        except (RecipeError, ValueError):
            continue
        yield folder.name, manifest


def _began(manifest: Manifest) -> datetime:
    return datetime.fromisoformat(manifest.started).astimezone(UTC)


def _run_folders(store: Store) -> list[Path]:
    """Beside them lie lock files."""
    return [path for path in store.runs.iterdir() if (path / NAME).is_file()] if store.runs.is_dir() else []


def _delete(store: Store, paths: Iterable[Path]) -> None:
    aside = store.cache / GONE / secrets.token_hex(8)
    aside.mkdir(parents=True)
    for path in paths:
        os.rename(path, aside / path.name)
    shutil.rmtree(aside)


def _units(cache: Path) -> Iterator[list[Path]]:
    for kind in sorted(cache.iterdir()) if cache.is_dir() else ():
        if not kind.is_dir():
            yield [kind]
            continue
        together: dict[str, list[Path]] = defaultdict(list)
        for path in sorted(kind.iterdir()):
            together[path.name.split(".")[0]].append(path)
        yield from together.values()


def _files(path: Path) -> Iterator[Path]:
    return (one for one in path.rglob("*") if one.is_file()) if path.is_dir() else iter((path,))


def _bytes(path: Path) -> int:
    return sum(one.lstat().st_size for one in _files(path))


def _changed(path: Path) -> float:
    return max((one.lstat().st_mtime for one in _files(path)), default=0.0)
