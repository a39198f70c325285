"""What operators share that write conversations in a format."""

from abc import abstractmethod

import pyarrow as pa

from tools.contract import Columns, Desk, Rewrite, Types

from .formats import OfChats
from .targets import Target


class ToChats(OfChats, Rewrite):
    """Reads conversations of one format and adds the columns of another."""

    @abstractmethod
    def target(self, given: Types) -> Target: ...

    def adds(self, given: Types) -> Types:
        self.check(given)
        return self.target(given).types()

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return self.target(dict(zip(batch.schema.names, batch.schema.types, strict=True))).columns(self.talks(batch))
