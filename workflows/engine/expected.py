"""Rows that are expected on every edge of the recipe, with intervals, from what was seen of a sample."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tools.contract import Cut, Group, Rank, Whole
from tools.errors import RecipeError

from ..graph import Edge, Graph, Node
from .barriers import members_of
from .estimates import NOTHING, UNKNOWN, Estimate, Stratum, share_of, together
from .job import Job, undecided
from .places import Places
from .rank import foretell
from .reports import ShardReport

MOST_ROWS = 1e15
ROUNDS = 60  # of the bootstrap
WIDER = 1.1  # its ends are a little too near when few draws are drawn again


@dataclass(frozen=True)
class StepExpected:
    """What one step is expected to do with the whole input."""

    into: Estimate
    ports: Mapping[str, Estimate]
    share: Estimate  # of what comes in, that goes on

    @property
    def out(self) -> Estimate:
        """Rows that go on, by all ports but `dropped`."""
        return together(rows for port, rows in self.ports.items() if port != "dropped")


def expect(job: Job, strata: Mapping[int, Stratum], reports: Sequence[ShardReport]) -> dict[str, StepExpected]:
    """Step by step in running order; `reports` are of the walks that the strata were counted on."""
    graph = job.graph
    tried = {given.name for given in graph.inputs}  # what only tried steps stand before: counted on the sample
    fair = set(tried)  # what was let pass before them is no other than what goes on in the run
    rows = {Edge(step=given.name): _source(graph, strata, number) for number, given in enumerate(graph.inputs)}
    found: dict[str, StepExpected] = {}
    for node in graph.nodes:
        before = {edge.step for edge in node.rows}
        if before <= tried and node.id not in job.unknown:
            tried.add(node.id)
            fair.add(node.id)
            found[node.id] = _counted(node, strata)
        else:
            into = together(rows.get(edge, UNKNOWN) for edge in node.rows)
            if before <= tried:
                into = _seen(strata, f"in {node.id}")
            found[node.id], is_fair = _carried(job, node, strata, reports, into, before <= fair)
            if is_fair:
                fair.add(node.id)
        rows |= {Edge(step=node.id, port=port): one for port, one in found[node.id].ports.items()}
    return found


def _source(graph: Graph, strata: Mapping[int, Stratum], number: int) -> Estimate:
    return strata[number].expected_rows if number in strata else NOTHING


def _seen(strata: Mapping[int, Stratum], place: str) -> Estimate:
    return together(one.at(place) for one in strata.values())


def _counted(node: Node, strata: Mapping[int, Stratum]) -> StepExpected:
    ports = {port: _seen(strata, f"{node.id}.{port}") for port in node.operator.ports()}
    return StepExpected(_seen(strata, f"in {node.id}"), ports, _share(node, strata))


def _share(node: Node, strata: Mapping[int, Stratum]) -> Estimate:
    """Of what comes in; over all ports but `dropped`."""
    kept = [port for port in node.operator.ports() if port != "dropped"]
    shares = [share_of(strata.values(), f"{node.id}.{port}", f"in {node.id}") for port in kept]
    return shares[0] if len(shares) == 1 else together(shares).most(1.0)


def _carried(
    job: Job, node: Node, strata: Mapping[int, Stratum], reports: Sequence[ShardReport], into: Estimate, is_fair: bool
) -> tuple[StepExpected, bool]:
    """A step that was let pass, or that stands behind one; and whether what was let pass is what goes on."""
    if isinstance(node.operator, Cut) and node.id in job.unknown:  # all rows stay; what is left of their texts is not known
        return StepExpected(into, {port: into if port == "kept" else NOTHING for port in node.operator.ports()}, Estimate(1.0, 1.0, 1.0)), False
    if isinstance(node.operator, Group | Whole) or node.id in _blind(job):
        least = min(1.0, into.low) if isinstance(node.operator, Group) else 0.0
        ports = {port: Estimate(None, least if port == "kept" else 0.0, into.high) for port in node.operator.ports()}
        return StepExpected(into, ports, Estimate(None, 0.0, 1.0)), False
    if isinstance(node.operator, Rank):
        ports, share = _ranked(job, node, reports, into, any(one.one_by_one for one in strata.values()))
        takes_all = share.value is not None and share.value >= 0.98
        return StepExpected(into, ports, share), is_fair and (takes_all or _draws(node))
    ports = {}
    for port in node.operator.ports():
        share = share_of(strata.values(), f"{node.id}.{port}", f"in {node.id}")
        if not is_fair:  # other rows come than were tried
            share = Estimate(None, 0.0, max(1.0, share.high))
        ports[port] = into.times(share)
    share = _share(node, strata)
    return StepExpected(into, ports, share if is_fair else Estimate(None, 0.0, max(1.0, share.high))), is_fair


def _blind(job: Job) -> frozenset[str]:
    """Steps that read what a step over all rows would have measured."""
    over_all = frozenset(node.id for node in job.graph.nodes if node.id in job.unknown and isinstance(node.operator, Group | Whole))
    return undecided(job.graph, over_all) - over_all


def _ranked(job: Job, node: Node, reports: Sequence[ShardReport], into: Estimate, one_by_one: bool) -> tuple[dict[str, Estimate], Estimate]:
    """Rows on each port, and the share that goes on, by the quota: at both ends of what may come in, and with the sample drawn
    again, since quotas may go by keys and weights."""
    members = members_of(job, node, reports)
    ports = node.operator.ports()
    nothing = {port: Estimate(None, 0.0, into.high) for port in ports}, Estimate(None, 0.0, 1.0)
    if members is None:
        return nothing
    places, most = Places(members), min(into.high, MOST_ROWS)
    middle_rows = most if into.value is None else into.value
    try:
        ends = [(rows, foretell(job, node, places, rows)[0]) for rows in (into.low, most)]
        middle, *again = foretell(job, node, places, middle_rows, ROUNDS, job.graph.seed, one_by_one)
    except RecipeError:
        return nothing  # the run says so too, when it is so
    found = {
        port: _spread([middle.get(port, 0.0), *(end.get(port, 0.0) for _, end in ends)], [one.get(port, 0.0) for one in again]) for port in ports
    }
    shares = [_kept(one) / max(rows, 1.0) for rows, one in [(middle_rows, middle), *ends]]
    share = _spread(shares, [_kept(one) / max(middle_rows, 1.0) for one in again]).most(1.0)
    if into.value is None:
        return {port: replace(one, value=None) for port, one in found.items()}, replace(share, value=None)
    return {port: one.most(into.high) for port, one in found.items()}, share


def _kept(rows: Mapping[str, float]) -> float:
    return sum(count for port, count in rows.items() if port != "dropped")


def _spread(at: Sequence[float], again: Sequence[float]) -> Estimate:
    """A number, told at the middle and at both ends of what may come in, and drawn again: the two uncertainties together."""
    value = at[0]
    low, high = np.quantile(again, [0.025, 0.975])
    below = float(np.hypot(value - min(at), WIDER * max(0.0, value - low)))
    above = float(np.hypot(max(at) - value, WIDER * max(0.0, high - value)))
    return Estimate(value, max(0.0, value - below), value + above)


def _draws(node: Node) -> bool:
    """Whether the rank takes rows by lot alone."""
    return node.operator.card.seeded and not node.operator.reads()
