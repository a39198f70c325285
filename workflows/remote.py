"""Inputs that lie elsewhere: fetched once into the cache, under a name made of their address and of what tells one content from another."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from tools.errors import RecipeError

MARK = "://"
LOCAL = "file://"
EXTRAS: Mapping[str, str] = {"s3": "s3", "s3a": "s3", "gs": "gcs", "gcs": "gcs"}
WEB = ("http", "https", "ftp")
_TELLING = ("ETag", "etag", "md5Hash", "crc32c", "LastModified", "mtime", "updated", "created", "last_modified")  # what stores say of a content


def is_remote(path: str) -> bool:
    """Whether the path is an address."""
    return MARK in path


def fetched(address: str, cache: Path | None) -> tuple[Path, list[Path]]:
    """The files that an address, a folder or a pattern there means, as they lie in the cache, and the folder that they are named from.
    What the store says is unchanged is not fetched again. Raises RecipeError."""
    files, found, names = _looked_up(address)
    place = cache or Path(tempfile.mkdtemp(prefix="winnow-"))
    root = place / "remote" / _key(address)
    try:
        return root, [_kept(files, path, info, root, names[path]) for path, info in found.items()]
    except OSError as error:
        raise RecipeError(f"{address!r} cannot be fetched: {error}; check the address and your credentials") from error


def _looked_up(address: str) -> tuple[Any, dict[str, Mapping[str, Any]], dict[str, str]]:
    """The file system, its files with what it says of them, and their names from where the address is fixed."""
    protocol = address.partition(MARK)[0]
    if protocol in WEB:
        raise RecipeError(f"{address!r}: pages of the web are not fetched, only stores of files; download it first")
    try:
        import fsspec

        files, path = fsspec.core.url_to_fs(address)
    except ImportError as error:
        extra = EXTRAS.get(protocol, "s3")
        raise RecipeError(f"{address!r}: reading {protocol}:// needs more than is installed ({error}); pip install 'winnow[{extra}]'") from None
    except ValueError as error:
        raise RecipeError(f"{address!r}: {error}; copy the files to this machine first") from None
    try:
        wild = any(sign in path for sign in "*?[")
        found = files.glob(path) if wild else files.find(path) if files.isdir(path) else [path]
        told = {str(one): files.info(one) for one in found}
    except OSError as error:
        raise RecipeError(f"{address!r} cannot be read: {error}; check the address and your credentials") from error
    told = {one: info for one, info in told.items() if info.get("type") == "file"}
    if not told:
        raise RecipeError(f"{address!r} means no file")
    top = PurePosixPath(path).parent if not wild and len(told) == 1 else PurePosixPath(*_fixed(PurePosixPath(path)))
    return files, dict(sorted(told.items())), {one: str(PurePosixPath(one).relative_to(top)) for one in told}


def _fixed(path: PurePosixPath) -> list[str]:
    parts: list[str] = []
    for part in path.parts:
        if any(sign in part for sign in "*?["):
            break
        parts.append(part)
    return parts


def _kept(files: Any, path: str, info: Mapping[str, Any], root: Path, name: str) -> Path:
    """The file in the cache, fetched whole or not at all."""
    told = [str(info[one]) for one in _TELLING if info.get(one) is not None]
    place = root / _key(f"{path}\0{info.get('size')}\0{told}") / name
    if told and place.exists():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    with files.open(path, "rb") as source, beside.open("wb") as target:
        shutil.copyfileobj(source, target, 4 << 20)
        target.flush()
        os.fsync(target.fileno())
    if place.exists() and place.read_bytes() == beside.read_bytes():  # a store that tells nothing: the same content keeps its file
        beside.unlink()
        return place
    return beside.replace(place)


def _key(text: str) -> str:
    import xxhash

    return str(xxhash.xxh3_128_hexdigest(text.encode()))[:24]
