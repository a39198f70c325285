"""How far a text can be compressed."""

from typing import ClassVar

import pyarrow as pa
import zstandard

from tools.contract import Bounded, Card, Columns, Desk, Example
from tools.digest import pieces

from .shape import quotient

LEVEL = 3


class CompressionRatio(Bounded):
    """Divide the bytes of a text by what Zstandard makes of them. What repeats itself lies above five, prose between 1.5 and 3, noise near one.

    Texts of a few words hardly compress and lie below one: ask it of texts of a hundred words and more. An empty text has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"compression_ratio": pa.float64()},
        exact=True,
        micros_per_row=15.0,
        aliases=(
            "compression ratio",
            "compresses well",
            "compressibility",
            "too compressible",
            "how far it compresses",
            "zstd ratio",
            "zlib ratio",
            "gzip ratio",
            "low information content",
            "random strings that do not compress",
            "repetitive by compression",
        ),
        not_for=("write a compressed file", "repeated lines: use duplicate_line_share", "shorten a text"),
        examples=(
            Example(params={"at_most": 5}, given={"text": ["again and again " * 50, "Once upon a time there was a king."]}, keeps=(1,)),
            Example(given={"text": ["", "a"]}, gives={"compression_ratio": [0.0, 0.1]}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        # the size is known, so the frame has no checksum and no other field that could differ
        compress = zstandard.ZstdCompressor(level=LEVEL, write_checksum=False).compress
        sizes = pa.array([len(compress(piece)) for piece in pieces(texts)], pa.int32())
        return {"compression_ratio": quotient(desk.scan(texts).bytes, sizes)}
