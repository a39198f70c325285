"""A file that knows the digest of what was written to it."""

import hashlib
import os
from io import RawIOBase
from pathlib import Path
from typing import Any


class Digested(RawIOBase):
    """Written from its start to its end; nothing reads it meanwhile."""

    def __init__(self, path: Path) -> None:
        self._file = open(path, "wb", buffering=0)  # noqa: SIM115
        self._hash, self._size = hashlib.sha256(), 0
        self.name = str(path)

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        view = memoryview(data).cast("B")
        self._hash.update(view)
        self._size += len(view)
        written = 0
        while written < len(view):
            written += self._file.write(view[written:])
        return len(view)

    def tell(self) -> int:
        return self._size

    def sync(self) -> None:
        os.fsync(self._file.fileno())

    def hexdigest(self) -> str:
        return self._hash.hexdigest()

    def close(self) -> None:
        self._file.close()
        super().close()
