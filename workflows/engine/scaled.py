"""What a run would take over more rows of the same kind, told from a preview: time, memory, disk, and what its Group steps spill."""

from dataclasses import dataclass

import pyarrow as pa

from tools.contract import Group
from tools.storage import SHARD_BYTES

from ..graph import Graph, Node
from .cost import PROCESS_BYTES, ROW_BYTES, SHARDS_HELD, START_SECONDS
from .desk import BatchDesk
from .matching import GATHERED_AT_ONCE, MOST_OPENED, partitions
from .preview import Preview

WORDS = "a text of more words than any operator asks for, so that it has a note under as many keys as texts have that are long enough"
HASH_BYTES, TURN_BYTES, NUMBER_BYTES = 8, 4, 8
OPENING_SECONDS = 3e-4  # the notes of one flow


@dataclass(frozen=True)
class Spilled:
    """Notes of a Group step: bytes of their index, and of all that is kept of them; the key ranges in which they are matched."""

    step: str
    index: float
    notes: float
    partitions: int


@dataclass(frozen=True)
class Scaled:
    """Seconds on the clock, bytes of memory in all processes, bytes kept on disk; `rows` is what so many bytes of such rows are."""

    bytes: float
    rows: float
    seconds: float
    memory: float
    disk: float
    groups: tuple[Spilled, ...]


def scaled(seen: Preview, graph: Graph, size: float) -> Scaled:
    """The preview's run over `size` bytes of rows, nothing of it kept from before. Groups are told as if all rows reached them."""
    times = size / max(seen.bytes, 1.0)
    rows, shards, workers = seen.total_rows * times, size / SHARD_BYTES, seen.cost.workers
    groups = tuple(_spilled(node, rows) for node in graph.nodes if isinstance(node.operator, Group))
    opened = sum(one.partitions * (shards if shards <= MOST_OPENED else shards / GATHERED_AT_ONCE) for one in groups)
    return Scaled(
        bytes=size,
        rows=rows,
        seconds=seen.cost.anew * times + START_SECONDS + OPENING_SECONDS * opened / workers,
        memory=(workers + 1) * PROCESS_BYTES + workers * SHARDS_HELD * min(SHARD_BYTES, size / workers) + ROW_BYTES * rows * len(groups),
        disk=seen.cost.disk * times,
        groups=groups,
    )


def _spilled(node: Node, rows: float) -> Spilled:
    """Sizes by what the operator notes of one row."""
    operator = node.operator
    assert isinstance(operator, Group)
    kinds = operator.reads()
    row = {name: pa.array([WORDS if pa.types.is_string(kind) else None], kind) for name, kind in kinds.items()}
    row |= {name: pa.array([1.0]) for name, kind in kinds.items() if pa.types.is_floating(kind)}
    made = dict(operator.note(pa.RecordBatch.from_pydict(row), BatchDesk(node.seed, node.id)))
    keys = made.pop(operator.card.key or "")
    own = 0 if pa.types.is_list(keys.type) else keys.nbytes
    count = len(keys.flatten()) if pa.types.is_list(keys.type) else len(keys)
    index = rows * count * (HASH_BYTES + TURN_BYTES) + rows * own
    return Spilled(node.id, index, index + rows * NUMBER_BYTES * (1 + len(made)), partitions(int(index)))
