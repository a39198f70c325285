"""What the sinks of bytes share: pieces are runs of records, cut where a record begins."""

from abc import abstractmethod
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tools.storage import Sink

from .compression import CHUNK
from .splitting import Finder


class ByteSink(Sink):
    """A sink whose pieces are the bytes of its records; subclasses say where records begin."""

    @abstractmethod
    def finder(self) -> Finder: ...

    def sizes(self, piece: Path) -> npt.NDArray[np.int64]:
        found, finder, at = [np.zeros(1, np.int64)], self.finder(), 0
        with piece.open("rb") as file:
            while block := file.read(CHUNK):
                starts = finder.starts(block, at)
                found.append(starts[starts > 0])
                at += len(block)
        bounds = np.concatenate(found)
        return np.diff(bounds if at == bounds[-1] else np.append(bounds, at))

    def cut(self, piece: Path, start: int, stop: int, target: Path) -> None:
        ends = np.append(0, np.cumsum(self.sizes(piece)))
        with piece.open("rb") as file, target.open("wb") as out:
            file.seek(int(ends[start]))
            left = int(ends[stop] - ends[start])
            while left and (block := file.read(min(CHUNK, left))):
                out.write(block)
                left -= len(block)
