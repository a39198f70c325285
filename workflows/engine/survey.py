"""What steps tell of all rows: surveys merged in stream order and told once, and counts of measures added up."""

import json
import time
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from tools.contract import Measure, Numbers, Survey
from tools.errors import ContractError, RecipeError

from ..graph import Node
from .barriers import Clock, members_of
from .call import blamed
from .desk import BatchDesk
from .files import commit, open_table
from .finish import Finished
from .fragments import Fragments
from .job import Job
from .keys import key
from .learn import nothing
from .places import Member


def numbers_of(job: Job, done: Sequence[Finished], clock: Clock) -> dict[str, Numbers]:
    """By step; of a preview's steps that could not be tried there are none."""
    found: dict[str, Numbers] = {}
    reports = [one.report for one in done]
    for node in job.graph.nodes:
        if isinstance(node.operator, Survey) and node.id not in job.unknown:
            started = time.perf_counter()
            members = members_of(job, node, reports)
            if members is not None:
                with blamed(node):
                    found[node.id] = _told(job, node, members)
            clock.seconds[node.id] += time.perf_counter() - started
        elif isinstance(node.operator, Measure) and (names := node.operator.numbers()):
            found[node.id] = {name: sum(one.totals[node.id][name] for one in done if node.id in one.totals) for name in names}
    return found


def _told(job: Job, node: Node, members: list[Member]) -> Numbers:
    """The numbers, from the cache where the same rows were surveyed before."""
    operator = node.operator
    assert isinstance(operator, Survey)
    name = key("told", job.keys[node.id], [(one.lane.reference, one.report.learned) for one in members])
    path = Path(job.cache) / "numbers" / f"{name}.json"
    if path.exists():
        known: Numbers = json.loads(path.read_text())
        return known
    against = _state(job, node, operator, members, True) if node.against else None
    told = dict(operator.tell(_state(job, node, operator, members, False), against))
    if set(told) != set(operator.numbers()):
        raise ContractError(f"step {node.id!r}: told {sorted(told)}, its card says {sorted(operator.numbers())}")
    commit(path, lambda temp: _write(temp, json.dumps(told, allow_nan=False)))
    return told


def _state(job: Job, node: Node, operator: Survey, members: list[Member], reference: bool) -> pa.Table:
    fragments, state = Fragments(job.fragments), None
    for member in members:
        for path in fragments.paths(member.report.learned) if member.lane.reference == reference else []:
            one = open_table(path).drop_columns("at")
            state = one if state is None else operator.merge(state, one)
    if state is None:
        return operator.learn(nothing(job, node, reference), BatchDesk(node.seed, node.id))
    most = operator.card.state_bytes
    if most is not None and state.nbytes > most:
        raise RecipeError(f"step {node.id!r}: what it learned takes {state.nbytes:,} bytes, its card allows {most:,}; give it fewer rows")
    return state


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
