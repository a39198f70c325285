"""What every task of a run is told: the checked recipe, its lanes, the shards, and what has been decided so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools.contract import Cut, Expand, Group, Layout, Learner, Model, Operator, Rank, Rewrite, Synthesize, Whole
from tools.provenance import operator_digest
from tools.storage import Shard

from ..graph import Edge, Graph, Node
from .keys import key


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One way by which rows of one source reach a step; a step's stream is its lanes, one after the other."""

    index: int
    input: int  # number of the source
    edge: Edge
    upstream: int  # lane of the step before
    reference: bool = False  # comes in by `against`
    group: int = 0  # lanes of one group are ordered together; groups stand one after the other


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What was decided at a barrier: a file with one batch a flow, a learned state, or for a Rank that learns first one, then both."""

    path: str = ""
    batches: Mapping[tuple[int, int], int] = field(default_factory=dict)  # (lane, shard) → batch
    state: str = ""  # Learner: the file of what it learned
    passes: int = 0  # Learner: how many are done
    digest: str = ""  # Learner: of the state


@dataclass(frozen=True, kw_only=True)
class Job:
    """A run's constants; small, sent to every worker."""

    graph: Graph
    cache: str
    folder: str
    shards: tuple[tuple[int, Shard], ...]  # (source, shard) in stream order
    lanes: Mapping[str, tuple[Lane, ...]]
    keys: Mapping[str, str]  # step → what it computes with: operator, parameters other than bounds, seed
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    models: Mapping[str, Model] = field(default_factory=dict)
    trial: bool = False  # a few rows only: how many of them do not fit their types tells nothing
    unknown: frozenset[str] = frozenset()  # preview: barriers that let all rows pass
    noted: frozenset[str] = frozenset()  # those of them whose notes are taken all the same
    only: str = ""  # preview: a folder that says for each shard which rows are walked, and which of them are counted

    @property
    def fragments(self) -> Path:
        return Path(self.cache) / "fragments"


def undecided(graph: Graph, unknown: frozenset[str]) -> frozenset[str]:
    """These steps, and all that read what one of them would have measured."""
    found = set(unknown)
    for node in graph.nodes:
        read = {name.rpartition(".")[0] for columns in (*node.on.values(), *node.against_on.values()) for name in columns}
        if node.id not in found and not isinstance(node.operator, Rewrite | Expand | Synthesize | Layout) and read & found:
            found.add(node.id)
    return frozenset(found)


def lanes_of(graph: Graph) -> dict[str, tuple[Lane, ...]]:
    """The lanes of every source, step and output (`output NAME`); those of `against` first: their rows stand before all others."""
    lanes: dict[str, tuple[Lane, ...]] = {
        given.name: (Lane(index=0, input=number, edge=Edge(step=given.name), upstream=0),) for number, given in enumerate(graph.inputs)
    }
    ordering = {node.id for node in graph.nodes if isinstance(node.operator, Rank) and node.operator.card.reorders}
    for node in graph.nodes:
        lanes[node.id] = _lanes([(edge, True) for edge in node.against] + [(edge, False) for edge in node.rows], lanes, ordering)
    for output in graph.outputs:
        lanes[f"output {output.name}"] = _lanes([(edge, False) for edge in output.rows], lanes, ordering)
    return lanes


def _lanes(edges: list[tuple[Edge, bool]], known: Mapping[str, tuple[Lane, ...]], ordering: set[str]) -> tuple[Lane, ...]:
    """A step that puts rows in an order makes one group of all that leaves it; else the groups of each edge go on side by side."""
    found = [(turn, edge, reference, lane) for turn, (edge, reference) in enumerate(edges) for lane in known[edge.step] if not lane.reference]
    own = [(turn, 0 if edge.step in ordering else lane.group) for turn, edge, _, lane in found]
    groups = {name: number for number, name in enumerate(dict.fromkeys(own))}
    return tuple(
        Lane(index=index, input=lane.input, edge=edge, upstream=lane.index, reference=reference, group=groups[name])
        for index, ((_, edge, reference, lane), name) in enumerate(zip(found, own, strict=True))
    )


def step_keys(graph: Graph) -> dict[str, str]:
    """For each step what its values depend on beside the content it reads."""
    return {node.id: _step_key(node) for node in graph.nodes}


def _step_key(node: Node) -> str:
    plain: Operator = node.operator.undecided()
    seed = (node.seed, node.id) if node.operator.card.seeded else None
    return key(node.op, operator_digest(type(node.operator)), plain.model_dump(mode="json"), seed)


def is_barrier(operator: Operator) -> bool:
    return isinstance(operator, Group | Cut | Rank | Whole)


def still_learns(job: Job, node: Node) -> bool:
    """Whether a pass of learning is still to come. A step that preview lets pass learns all the same if it orders by what it learned."""
    if not isinstance(node.operator, Learner) or (node.id in job.unknown and not is_barrier(node.operator)):
        return False
    decision = job.decisions.get(node.id)
    return decision is None or decision.passes < node.operator.card.passes


def is_open(job: Job, node: Node) -> bool:
    """Whether no row gets through yet."""
    if still_learns(job, node):
        return True
    decision = job.decisions.get(node.id)
    return is_barrier(node.operator) and node.id not in job.unknown and not (decision and decision.path)


def learns_from_reference(job: Job, node: Node) -> bool:
    """Whether the pass that comes next learns from the input `against`."""
    decision, card = job.decisions.get(node.id), node.operator.card
    return isinstance(node.operator, Learner) and bool(node.against) and (decision.passes if decision else 0) < card.passes - card.own_passes
