"""Puts wishes in order and makes the recipe: names that are free, edges from step to step, one output."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from tools.cards import summaries
from workflows.recipe import OutputSpec, Recipe, SourceSpec, Step

from . import saving
from .clauses import Phrase
from .profile import Table
from .retrieval import STOP
from .routing import beside
from .wishes import EVERY, JOIN, SELECT, SPLIT, Scene, Wish


def order(wishes: Sequence[Wish], said_in_order: bool) -> list[Wish]:
    """By stage; as said where the goal says `then`. Joins come first and splits last either way."""
    if not said_in_order:
        return sorted(wishes, key=lambda wish: wish.stage)
    return sorted(wishes, key=lambda wish: (wish.stage > JOIN) + (wish.stage == SPLIT))


def says_order(phrases: Iterable[Phrase], goal: str) -> bool:
    """Whether the goal tells an order of its steps."""
    return bool(re.search(r"(?:,|\.|;|\band)\s+(?:then|after that|afterwards|next)\b|\bfirst\b[^.;]*\bthen\b|\bstep \d\b", goal.lower()))


def merged(wishes: Iterable[Wish]) -> list[Wish]:
    """The same wish once; two bounds on one measure of one column become one step; a sample by groups is the sample."""
    found: list[Wish] = []
    wishes = list(wishes)
    by_group = [wish.params for wish in wishes if wish.op in ("stratified_sample", "balance")]
    for wish in wishes:
        if wish.op == "random_sample" and any(wish.params.items() <= params.items() for params in by_group):
            continue
        twin = next((place for place, other in enumerate(found) if _same_step(wish, other)), None)
        if twin is None:
            found.append(wish)
        else:
            other = found[twin]
            evidence = other.evidence if wish.evidence in other.evidence else f"{other.evidence}; {wish.evidence}"
            checks = tuple(dict.fromkeys((*other.checks, *wish.checks)))
            found[twin] = replace(other, params={**other.params, **wish.params}, evidence=evidence, checks=checks)
    return found


def steps(wishes: Sequence[Wish], start: str | list[str], taken: Iterable[str], why: Mapping[int, str]) -> list[Step]:
    """A chain of steps; `why` gives each wish's clause by its place."""
    used = set(taken)
    chain: list[Step] = []
    edge = start
    renamed: dict[str, str] = {}
    for place, wish in enumerate(wishes):
        name = _free(wish.id, used)
        renamed[wish.id] = name
        used.add(name)
        made = {
            "id": name,
            "op": f"{wish.op}@{summaries()[wish.op].version}",
            "from": {"rows": edge, "against": wish.against} if wish.against else edge,
            "on": {key: _renamed(column, renamed) for key, column in wish.on.items()} if isinstance(wish.on, dict) else _renamed(wish.on, renamed),
            "with": dict(wish.params),
            "as": wish.rename,
            "why": why.get(place),
        }
        chain.append(Step.model_validate(made))
        edge = _edge(name, wish.port)
    return chain


def edge_after(chain: Sequence[Step], wishes: Sequence[Wish], start: str | list[str]) -> str | list[str]:
    """Where rows come out of a chain."""
    if not chain:
        return start
    return _edge(chain[-1].id, wishes[-1].port)


def _edge(step: str, port: str) -> str | list[str]:
    return [step, f"{step}.dropped"] if port == EVERY else step if port == "kept" else f"{step}.{port}"


def checks(wishes: Sequence[Wish], chain: Sequence[Step]) -> list[str]:
    """What the recipe must hold, of the steps as they are called in it."""
    return [text.replace("{id}", step.id) for wish, step in zip(wishes, chain, strict=True) for text in wish.checks]


def recipe(
    scene: Scene,
    chain: list[Step],
    last: str | list[str],
    sources: Collection[str],
    output: str | None,
    rest: str | None = None,
    checks: Sequence[str] = (),
) -> Recipe:
    """The whole recipe."""
    used = [table for name, table in scene.tables.items() if name in set(sources)]
    placed = saving.place(scene.goal, output, slug(scene.goal), [table.format for table in used])
    path, format, options = placed.path, placed.format, placed.options
    name = "out" if "out" not in {step.id for step in chain} and "out" not in scene.tables else "result"
    return Recipe(
        name=slug(scene.goal),
        goal=scene.goal,
        seed=scene.seed,
        sources={table.name: _source(table) for table in used},
        steps=chain,
        outputs={name: OutputSpec.model_validate({"from": last, "path": path, "format": format, "with": options})}
        | ({"rest": OutputSpec.model_validate({"from": rest, "path": beside(path), "format": format, "with": options})} if rest else {}),
        checks=list(checks),
    )


def _source(table: Table) -> SourceSpec:
    return SourceSpec.model_validate({"path": table.path, "format": table.read_as.format, "with": dict(table.read_as.options)})


def slug(goal: str) -> str:
    """A short name for a recipe: the first telling words of the goal."""
    words = [word for word in re.findall(r"[a-z0-9]+", goal.lower()) if word not in STOP and len(word) > 1]
    return "-".join(words[:5])[:60].strip("-") or "recipe"


def _same_step(wish: Wish, other: Wish) -> bool:
    if (wish.op, wish.on, wish.against, wish.port, wish.only, wish.rename) != (
        other.op,
        other.on,
        other.against,
        other.port,
        other.only,
        other.rename,
    ):
        return False
    if wish.params == other.params:
        return True
    if (
        wish.op
        in (
            "extract_main_text",
            "remove_references",
            "remove_code_comments",
            "exact_dedup",
            "minhash_dedup",
            "decontaminate",
            "split",
            "language",
            "mask_pii",
        )
        and not wish.params.keys() & other.params.keys()
    ):
        return True
    bounds = {"at_least", "at_most"}
    return wish.stage < SELECT and bool(wish.params) and {*wish.params, *other.params} <= bounds and not wish.params.keys() & other.params.keys()


def _free(name: str, used: set[str]) -> str:
    if name not in used:
        return name
    return next(f"{name}_{number}" for number in range(2, 1000) if f"{name}_{number}" not in used)


def _renamed(columns: str | list[str] | None, renamed: Mapping[str, str]) -> str | list[str] | None:
    """`lengths.words` follows the step's new name."""
    if not isinstance(columns, str) or "." not in columns:
        return columns
    step, _, measure = columns.partition(".")
    return f"{renamed[step]}.{measure}" if step in renamed else columns
