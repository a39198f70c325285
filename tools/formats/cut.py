"""Where one shard of a file lies."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cut:
    """The bytes of one shard in a decoded file."""

    start: int
    stop: int
    line: int  # line breaks before it
    digest: str
    damaged: str = ""
