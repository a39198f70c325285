"""What is remembered of input files in the cache: by path, size, time and inode, written whole or not at all."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from tools.errors import RecipeError

FOLDER = "inputs"


def key_of(path: str, **rest: str | int) -> str:
    """Names what was made of a file: another one when the file or what is asked differs."""
    import xxhash

    try:
        found = os.stat(path)
    except OSError as error:
        raise RecipeError(f"{path!r} cannot be read: {error.strerror or error}; check the path and its permissions") from error
    parts = [os.path.abspath(path), found.st_size, found.st_mtime_ns, found.st_ino, sorted(rest.items())]
    return str(xxhash.xxh3_128_hexdigest(json.dumps(parts).encode()))


def recall(cache: Path, key: str) -> Mapping[str, object] | None:
    """What was remembered under this key, or nothing; an unreadable note counts as nothing."""
    try:
        value = json.loads((cache / FOLDER / f"{key}.json").read_bytes())
    except (OSError, ValueError):
        return None
    return cast(Mapping[str, object], value) if isinstance(value, dict) else None


def remember(cache: Path, key: str, value: Mapping[str, object]) -> None:
    """Keep this under the key: temporary file, fsync, rename."""
    folder = cache / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=f"{key}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(json.dumps(value).encode())
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, folder / f"{key}.json")
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    _sync(folder)


@contextmanager
def new_folder(cache: Path, key: str) -> Iterator[Path]:
    """A folder to fill; it stands under its final name, `folder_of`, only when all went well."""
    parent = cache / FOLDER
    parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=parent, prefix=f"{key}."))
    try:
        yield made
        _sync(made)
        final = folder_of(cache, key)
        try:
            os.rename(made, final)
        except OSError:
            if not final.is_dir():
                raise
            for file in made.iterdir():  # another process made it too, or parts of it were deleted
                os.replace(file, final / file.name)
        _sync(parent)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def folder_of(cache: Path, key: str) -> Path:
    return cache / FOLDER / key


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
