"""What the store takes on disk, and how its cache is kept small."""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tools.errors import RecipeError

from .claim import is_held
from .manifest import NAME
from .store import Store


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


def cap(store: Store, most: int) -> int:
    """Delete what was last written longest ago from the cache until it takes at most so many bytes; gives bytes freed.

    Everything in the cache can be made again. What belongs together goes together: entries of one kind whose names are
    alike up to the first dot. Raises RecipeError while a run goes on, which may be about to read what would be deleted.
    """
    for folder in store.runs.iterdir() if store.runs.is_dir() else ():
        if (folder / NAME).exists() and is_held(folder):
            raise RecipeError(f"run {folder.name}: it is going on and uses the cache; try again when it is done")
    units = [(max(_changed(path) for path in paths), paths, sum(map(_bytes, paths))) for paths in _units(store.cache)]
    taken = before = sum(size for _, _, size in units)
    for _, paths, size in sorted(units, key=lambda unit: unit[0]):
        if taken <= most:
            break
        for path in paths:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        taken -= size
    return before - taken


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
