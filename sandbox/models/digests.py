"""Digests of files: of large ones remembered, so that weights are not read through at every start."""

import hashlib
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path

READ_BYTES = 8 << 20
SETTLED_SECONDS = 2.0  # a file that was written just now could be written again within the grain of its clock


class Digests:
    """sha256 of files, remembered in a folder that belongs to this user, by path, size, time and inode."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def of(self, path: Path) -> str:
        facts = path.stat()
        stamp = [facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino]
        known = self._known(path)
        if known is not None and known.get("facts") == stamp:
            return str(known["sha256"])
        digest = sha256_of(path)
        if self.folder is not None and time.time() - facts.st_ctime > SETTLED_SECONDS:
            self._note(path, {"facts": stamp, "sha256": digest})
        return digest

    def _place(self, path: Path) -> Path:
        assert self.folder is not None
        return self.folder / f"{hashlib.sha256(os.fsencode(path)).hexdigest()[:32]}.json"

    def _known(self, path: Path) -> dict[str, object] | None:
        if self.folder is None:
            return None
        try:
            found = json.loads(self._place(path).read_bytes())
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) and isinstance(found.get("sha256"), str) else None

    def _note(self, path: Path, content: dict[str, object]) -> None:
        place = self._place(path)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = place.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps(content), encoding="ascii")
        beside.replace(place)


def sha256_of(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(READ_BYTES):
            found.update(block)
    return found.hexdigest()


def digest_of_all(files: Iterable[tuple[str, str]]) -> str:
    """Of names and digests, sorted."""
    return hashlib.sha256("".join(f"{name}\0{digest}\n" for name, digest in sorted(files)).encode()).hexdigest()
