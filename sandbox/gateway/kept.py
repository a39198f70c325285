"""Replies that were paid for, kept as files under the digest of everything that was asked."""

import contextlib
import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)
VERSION = 1  # of what is kept: another one finds nothing of the old


def digest(facts: Mapping[str, Any]) -> str:
    """The name under which something is kept."""
    told = json.dumps({"version": VERSION, **facts}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


class Kept:
    """A folder of small JSON files, each put in place by one rename.

    A file that cannot be read counts as not there. One that cannot be written is a warning: the reply is paid for and must reach whoever asked.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, name: str) -> dict[str, Any] | None:
        if self._folder is None:
            return None
        try:
            found = json.loads(self._path(name).read_bytes())
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def put(self, name: str, value: Mapping[str, Any]) -> None:
        if self._folder is None:
            return
        try:
            self._write(self._path(name), value)
        except OSError as error:
            log.warning("a reply could not be kept in %s: %s", self._folder, error.strerror)

    def _write(self, path: Path, value: Mapping[str, Any]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(json.dumps(value, ensure_ascii=True).encode())
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(beside)
            raise

    def _path(self, name: str) -> Path:
        assert self._folder is not None
        return self._folder / name[:2] / f"{name}.json"
