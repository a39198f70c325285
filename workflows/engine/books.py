"""The books of a run: what came in, what became of it at every step, and that it all adds up."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from tools.contract import Numbers, Rank
from tools.errors import ContractError

from ..graph import Check, Node, Output
from .barriers import add
from .finish import Finished
from .job import Job
from .joining import Staged
from .rank import groups_of
from .result import CheckResult, Result, Spent, StepResult, Written


def result_of(
    job: Job,
    done: Sequence[Finished],
    numbers: Mapping[str, Numbers],
    staged: Mapping[str, Staged],
    seconds: dict[str, float],
    took: float,
    spent: Spent,
) -> Result:
    """The books of a finished run; `numbers` that steps tell of all rows; `seconds` by step up to the last walk, `took` on the clock."""
    graph = job.graph
    states: Counter[str] = Counter()
    for one in done:
        states.update(one.states)
        add(seconds, one.report.seconds)
    references = {given.name: 0 for given in graph.inputs if given.reference}
    sources = {given.name: 0 for given in graph.inputs}
    rows_in = 0
    for one in done:
        given = graph.inputs[job.shards[one.report.shard][0]]
        rows = one.report.rows + one.report.bad
        sources[given.name] += rows
        if given.reference:
            references[given.name] += rows
        else:
            rows_in += rows
    steps = tuple(_step(job, node, done, numbers.get(node.id, {}), seconds) for node in graph.nodes)
    return Result(
        rows_in=rows_in,
        rows_out=sum(one.rows for one in staged.values()),
        states={state: count for state, count in states.items() if count},
        born=sum(step.born for step in steps),
        references=references,
        sources=sources,
        steps=steps,
        outputs=tuple(_written(output, staged[output.name]) for output in graph.outputs if output.name in staged),
        checks=tuple(_check(job, done, {step.id: step for step in steps})),
        seconds=took,
        warnings=tuple(dict.fromkeys(f"{shard.inside}: {shard.damaged}" for _, shard in job.shards if shard.damaged)),
        spent=spent,
    )


def _step(job: Job, node: Node, done: Sequence[Finished], numbers: Numbers, seconds: Mapping[str, float]) -> StepResult:
    ports: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    histograms: dict[str, Counter[float]] = {}
    for one in done:
        ports.update({port: count for (step, port), count in one.report.ports.items() if step == node.id})
        reasons.update(one.reasons.get(node.id, {}))
        for (step, measure), counts in one.histograms.items():
            if step == node.id:
                histograms.setdefault(measure, Counter()).update(counts)
    return StepResult(
        id=node.id,
        operator=node.op,
        rows_in=sum(one.report.entered[node.id] for one in done),
        rows_out=sum(count for port, count in ports.items() if port != "dropped"),
        seconds=seconds.get(node.id, 0.0),
        reasons=dict(reasons),
        ports=dict(ports),
        born=sum(one.report.born[node.id] for one in done),
        changed=sum(one.report.changed[node.id] for one in done),
        cut=sum(one.report.cut[node.id] for one in done),
        histograms={measure: dict(sorted(counts.items())) for measure, counts in histograms.items()},
        numbers=numbers,
        groups=groups_of(made) if isinstance(node.operator, Rank) and (made := job.decisions.get(node.id)) and made.path else {},
    )


def _written(output: Output, staged: Staged) -> Written:
    return Written(
        name=output.name,
        path=output.path,
        rows=staged.rows,
        bytes=staged.bytes,
        digest=staged.digest,
        sources=staged.sources,
        part=output.part,
        parts=len(staged.parts),
    )


def _check(job: Job, done: Sequence[Finished], steps: Mapping[str, StepResult]) -> list[CheckResult]:
    found = []
    for check in job.graph.checks:
        if check.edge.step in steps:
            rows = steps[check.edge.step].ports.get(check.edge.port, 0)
            entered = steps[check.edge.step].rows_in
        else:
            rows = entered = sum(one.report.rows for one in done if job.graph.inputs[job.shards[one.report.shard][0]].name == check.edge.step)
        value: float | None
        if check.measure == "value":
            value = _float(steps[check.edge.step].numbers.get(check.column or ""))
        elif check.measure == "rows":
            value = float(rows)
        elif check.measure == "share":
            value = rows / entered if entered else 1.0
        elif check.measure == "nulls":
            value = float(sum(one.nulls[check.text] for one in done))
        else:
            value = float(
                len(np.unique(np.concatenate([one.values[check.text] for one in done if check.text in one.values] or [np.zeros(0, np.int64)])))
            )
        found.append(CheckResult(text=check.text, value=value, ok=value is not None and _holds(check, value)))
    return found


def _float(number: int | float | None) -> float | None:
    return None if number is None else float(number)


def _holds(check: Check, value: float) -> bool:
    inside = (check.at_least is None or value >= check.at_least) and (check.at_most is None or value <= check.at_most)
    return inside and value not in check.excludes


def balance(result: Result) -> None:
    """The books must be even, or the run fails."""
    told = sum(result.states.values())
    if told != result.rows_in:
        raise ContractError(f"the books do not balance: {result.rows_in} rows came in, {told} are accounted for ({dict(result.states)})")
    for step in result.steps:
        gone = sum(step.reasons.values())
        left = sum(count for port, count in step.ports.items() if port != "dropped")
        if not step.born and "childless" not in step.reasons and step.rows_in != left + gone:
            raise ContractError(f"step {step.id!r}: {step.rows_in} rows came in, {left} left and {gone} are accounted for ({step.reasons})")
