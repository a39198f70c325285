"""The story of a run, for the card that stands beside its rows: nothing in it differs when the run is replayed."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.contract import Operator
from tools.story import Effect, Story, TakenFrom

from .engine import Result, StepResult
from .graph import Graph, Node
from .loader import load
from .lock import recipe_digest
from .manifest import Manifest
from .recipe import Recipe, Step
from .text import dump


def story_of(manifest: Manifest, graph: Graph, result: Result) -> Story:
    """Told from what the run was made of and what its books say."""
    recipe = load(manifest.text, manifest.recipe).recipe
    steps = {step.id: step for step in recipe.steps}
    books = {step.id: step for step in result.steps}
    return Story(
        recipe=recipe.name,
        version=manifest.version,
        goal=recipe.goal,
        text=dump(_bare(recipe)),
        digest=recipe_digest(recipe),
        seed=graph.seed,
        winnow=manifest.packages.get("winnow", ""),
        rows_in=result.rows_in,
        rows_out=result.rows_out,
        states=dict(result.states),
        sources=tuple(_sources(manifest, graph, recipe, result)),
        steps=tuple(_effect(node, steps[node.id], books[node.id]) for node in graph.nodes),
    )


def _sources(manifest: Manifest, graph: Graph, recipe: Recipe, result: Result) -> Iterator[TakenFrom]:
    import xxhash

    for given in graph.inputs:
        files = [one for one in manifest.files if one.source == given.name]
        kept = {output.name: output.sources[given.name] for output in result.outputs if given.name in output.sources}
        yield TakenFrom(
            name=given.name,
            files=tuple(one.inside for one in files),
            bytes=sum(one.size for one in files),
            digest=files[0].digest if len(files) == 1 else xxhash.xxh3_128_hexdigest("".join(one.digest for one in files).encode()),
            licence=recipe.sources[given.name].licence,
            rows=result.sources[given.name],
            is_reference=given.reference,
            kept=kept,
        )


def _effect(node: Node, step: Step, books: StepResult) -> Effect:
    return Effect(
        id=node.id,
        operator=step.op,
        summary=_first_sentence(node.operator),
        why=step.why,
        params=dict(step.params),
        columns=tuple(dict.fromkeys(name for names in node.on.values() for name in names)),
        rows_in=books.rows_in,
        rows_out=books.rows_out,
        reasons=dict(books.reasons),
        ports=dict(books.ports),
        born=books.born,
        changed=books.changed,
        cut=books.cut,
    )


def _first_sentence(operator: Operator) -> str:
    text = " ".join((type(operator).__doc__ or "").split())
    return re.split(r"(?<=[.])\s+(?=[A-Z`])", text, maxsplit=1)[0]


def _bare(recipe: Recipe) -> Recipe:
    """The recipe with the names of files and no folders: where they lie on this machine is nobody's business."""
    sources = {name: spec.model_copy(update={"path": _named(spec.path)}) for name, spec in recipe.sources.items()}
    outputs: Mapping[str, object] = {name: spec.model_copy(update={"path": _named(spec.path)}) for name, spec in recipe.outputs.items()}
    return recipe.model_copy(update={"sources": sources, "outputs": outputs, "version": None})


def _named(path: str | list[str]) -> str | list[str]:
    if isinstance(path, list):
        return [str(_named(one)) for one in path]
    return Path(path).name + ("/" if path.endswith("/") else "")
