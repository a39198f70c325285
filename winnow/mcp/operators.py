"""Finding operators and reading their cards."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from tools.cards import Summary, summaries
from tools.catalogue import operator
from tools.contract import Example
from tools.errors import RecipeError
from tools.names import nearest

from .answers import ExampleShown, OperatorCard, OperatorLine, Operators

MOST = 25
MOST_EXAMPLES = 3

Query = Annotated[str, Field(max_length=1_000, description="What is to be done, in plain words; the best fits come first. Empty: all, by name.")]
Stage = Annotated[str, Field(max_length=100, description="Only those of one stage, as filter, normalise, dedupe or select. Empty: of all.")]
Skip = Annotated[int, Field(ge=0, le=10_000, description="Pass over the first so many.")]
Name = Annotated[str, Field(max_length=100, description="Name of an operator, with or without @VERSION.")]


def list_operators(query: Query = "", stage: Stage = "", skip: Skip = 0) -> Operators:
    """Find vetted operators by what they do or by stage; at most 25 at once. describe_operator tells more of one."""
    from agents.rules.retrieval import retrieve

    known = summaries()
    stages = Counter(one.stage for one in known.values())
    if stage and stage not in stages:
        raise RecipeError(f"stage {stage!r}: there is none of that name{nearest(stage, stages)}; the stages are {', '.join(sorted(stages))}")
    names = [hit.name for hit in retrieve(query)] if query.strip() else sorted(known)
    found = [known[name] for name in names if name in known and stage in ("", known[name].stage)]
    return Operators(
        operators=[_line(one) for one in found[skip : skip + MOST]], more=max(len(found) - skip - MOST, 0), stages=dict(sorted(stages.items()))
    )


def describe_operator(name: Name) -> OperatorCard:
    """Read one operator's card: columns it reads and adds, the schema of its parameters, ports, examples, and a step to start from."""
    known = summaries()
    bare = name.partition("@")[0]
    if bare not in known:
        raise RecipeError(f"no operator {name!r}{nearest(bare, known)}; list_operators finds them by what they do")
    one, card = known[bare], operator(bare).card
    return OperatorCard(
        name=one.name,
        op=f"{one.name}@{one.version}",
        stage=one.stage,
        kind=one.kind,
        does=one.doc,
        reads=dict(one.reads),
        adds=dict(one.adds),
        looks_up=dict(one.against),
        needs_second_input=one.needs_against,
        ports=list(one.ports),
        parameters={key: dict(schema) for key, schema in one.params.items()},
        required=list(one.required),
        asked_for_by=list(one.aliases),
        not_for=list(one.not_for),
        needs_extra=card.needs or None,
        step=_step(one),
        examples=[_example(example) for example in card.examples[:MOST_EXAMPLES]],
    )


def _line(one: Summary) -> OperatorLine:
    return OperatorLine(name=one.name, stage=one.stage, kind=one.kind, does=one.doc.split(". ")[0].rstrip("."), parameters=list(one.params))


def _step(one: Summary) -> str:
    if one.kind == "Source":
        return f"sources:\n  NAME: {{path: PATH, format: {one.name}}}"
    if one.kind == "Sink":
        return f"outputs:\n  NAME: {{from: STEP, path: PATH, format: {one.name.removeprefix('write_')}}}"
    rows = "{rows: STEP_OR_SOURCE, against: SOURCE}" if one.needs_against else "STEP_OR_SOURCE"
    lines = [f"- id: {one.name}", f"  op: {one.name}@{one.version}", f"  from: {rows}"]
    if one.reads:
        lines.append("  on: COLUMN" if len(one.reads) == 1 else f"  on: {{{', '.join(f'{name}: COLUMN' for name in one.reads)}}}")
    if one.required:
        lines.append(f"  with: {{{', '.join(f'{name}: VALUE' for name in one.required)}}}")
    return "\n".join(lines)


def _example(one: Example) -> ExampleShown:
    return ExampleShown.model_validate(
        {
            "with": _plain(one.params),
            "given": _plain(one.given),
            "gives": _plain(one.gives),
            "keeps": _plain(one.keeps),
            "drops": None if one.drops is None else {str(row): reason for row, reason in one.drops.items()},
        }
    )


def _plain(value: object) -> object:
    """Mappings, tuples and odd values as JSON knows them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | range):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
