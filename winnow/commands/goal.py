"""From a goal to a recipe, and from there to rows: `prepare` and `plan`."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

from winnow import options
from winnow.answer import Answer, BadUsage

if TYPE_CHECKING:
    from agents.draft import Draft
    from workflows.chosen import Chosen
    from workflows.planned import Planned
    from workflows.recipe import Recipe
    from workflows.store import Store

Goal = Annotated[str, typer.Argument(metavar="GOAL", help="What you want, in plain words.")]
Planner = Annotated[
    Literal["auto", "rules", "llm"],
    typer.Option("--planner", help="Who plans; auto: the model with the rules to stand in, without --model the rules."),
]
Name = Annotated[str | None, typer.Option("--name", help="Name of the recipe; by default made from the goal.")]


def add_to(app: typer.Typer) -> None:
    app.command(epilog="Example: winnow prepare 'German messages, no duplicates' --input chat.jsonl --output german.jsonl")(prepare)
    app.command(epilog="Example: winnow plan 'at least 20 words per answer' --input qa=answers.parquet")(plan)


def prepare(
    goal: Goal,
    input: options.Inputs = None,
    output: options.Output = None,
    yes: options.Yes = False,
    planner: Planner = "auto",
    model: options.Model = None,
    budget: options.Budget = None,
    seed: options.Seed = 0,
    workers: options.Workers = None,
    overwrite: options.Overwrite = False,
    name: Name = None,
    json: options.AsJson = False,
) -> None:
    """Plan, review and run in one go.

    State a goal, look at the recipe and a preview, say yes, get the rows.
    """
    from winnow import review, show

    if output is None:
        raise BadUsage("--output is missing; say where the rows go, or - for stdout")
    store = review.open_store()
    with options.destination(output, json) as place:
        made = draft(goal, input, place, planner, seed, name, store, model, budget)
        if not json:
            show.draft(made)
        carry_out(made, store, input, output, place, yes=yes, workers=workers, overwrite=overwrite, json=json)


def plan(
    goal: Goal,
    input: options.Inputs = None,
    output: options.Output = None,
    planner: Planner = "auto",
    model: options.Model = None,
    budget: options.Budget = None,
    seed: options.Seed = 0,
    name: Name = None,
    json: options.AsJson = False,
) -> None:
    """Draft a recipe, try it and save it as a version.

    Nothing is run. Saving it does not approve it.
    """
    from dataclasses import asdict

    from winnow import render, review, show

    store = review.open_store()
    place = None if output in (None, options.STANDARD) else options.absolute(str(output))
    made = draft(goal, input, place, planner, seed, name, store, model, budget)
    if not json:
        show.draft(made)
    common = plan_told(made)
    if made.recipe is None or made.status != "draft":
        leave(Answer(status="refuse" if made.status == "refuse" else "ask", message=made.message), common, json)
    chosen = _chosen(made, made.recipe, store, input, place)
    seen = review.preview(chosen, store, shown=not json)
    saved = review.save(chosen, store)
    if json:
        told = {"status": "done", "message": "", **common, "recipe": saved.name, "text": saved.text}
        render.emit({**told, "findings": list(saved.warnings), "preview": asdict(seen)})
    else:
        render.put(saved.name)
        render.say(f"saved. Next: winnow show {saved.name}, winnow run {saved.name} --input …")


def carry_out(
    made: "Draft",
    store: "Store",
    input: list[str] | None,
    output: str | None,
    place: str | None,
    *,
    yes: bool,
    workers: int | None,
    overwrite: bool,
    json: bool,
) -> None:
    """Preview a draft, ask, save it as a version and run it; or end with its question, its refusal, or what went wrong."""
    from tools.errors import WinnowError
    from winnow import render, review, show
    from workflows import runs
    from workflows.chosen import Refused

    common = plan_told(made)
    if made.recipe is None or made.status != "draft":
        leave(Answer(status="refuse" if made.status == "refuse" else "ask", message=made.message), common, json)
    try:
        chosen = _chosen(made, made.recipe, store, input, place)
        runs.refuse_existing(chosen.graph, overwrite)
        seen = None if json else review.preview(chosen, store)
        approved_by = review.approved_by(chosen, yes, seen)
        chosen = review.save(chosen, store)
        with render.progress() as progress:
            run = runs.start(store, chosen, approved_by=approved_by, workers=workers, overwrite=overwrite, command=sys.argv, progress=progress)
    except Refused as error:
        leave(Answer(status="refuse", message=str(error)), common, json)
    except WinnowError as error:
        leave(Answer(status="failed", message=str(error)), common, json)
    if json:
        render.emit(show.answer(run, warnings=[*chosen.warnings, *run.books.warnings], **common).as_json())
    else:
        show.finished(run, to_stderr=output == options.STANDARD, to_stdout=output == options.STANDARD)


def plan_told(made: "Draft") -> dict[str, object]:
    """How a plan came about, for machines."""
    from winnow import show

    return {
        "planner": made.planner,
        "model": made.model or None,
        "tokens": made.tokens,
        "cost": made.cost,
        "note": made.note,
        "clauses": show.clauses(made),
        "unclear": list(made.unclear),
        "suggestions": list(made.suggestions),
    }


def draft(
    goal: str,
    input: list[str] | None,
    output: str | None,
    planner: Literal["auto", "rules", "llm"],
    seed: int,
    name: str | None,
    store: "Store",
    model: str | None = None,
    budget: str | None = None,
) -> "Draft":
    """The planner's answer to a goal. Raises BadUsage for a call that cannot be planned."""
    limits = options.budget_of(budget)
    if not goal.strip():
        raise BadUsage("GOAL is empty; say in plain words what rows you want")
    named = options.named_inputs(input)
    if not named:
        raise BadUsage("--input is missing; name the file, folder or glob that the rows come from")
    made = _planned(goal, named, output, planner, seed, store, model, limits)
    if name is None or made.recipe is None:
        return made
    return replace(made, recipe=made.recipe.model_copy(update={"name": name}))


def _planned(
    goal: str,
    inputs: dict[str, str],
    output: str | None,
    planner: Literal["auto", "rules", "llm"],
    seed: int,
    store: "Store",
    model: str | None,
    budget: tuple[int | None, float | None],
) -> "Draft":
    if planner == "rules" or (planner == "auto" and model is None):
        from agents import plan as make_plan

        return make_plan(goal, inputs, output, cache=store.cache, seed=seed)
    from agents.planners import draft_of, planner_for
    from agents.turns import Situation
    from sandbox.gateway import GatewayError
    from winnow import render

    try:
        asked = planner_for(planner, model or _only_model(), tokens=budget[0], money=budget[1], cache=store.cache / "replies")
        turn = asked.turn(Situation(message=goal, inputs=inputs, output=output, cache=store.cache, seed=seed))
    except GatewayError as error:
        raise BadUsage(str(error)) from None
    if turn.tokens:
        render.say(f"asked {turn.model}: {turn.tokens:,} tokens" + (f", {turn.cost:.4g} of money" if turn.cost else ""))
    if turn.note:
        render.say(f"note: {turn.note}")
    return draft_of(turn)


def _only_model() -> str:
    """The one model that is configured, where `--planner llm` names none."""
    from sandbox.gateway.endpoints import read

    known = list(read())
    if len(known) != 1:
        raise BadUsage(f"--planner llm: say which model, with --model ALIAS; there are {', '.join(known) or 'none: `winnow models add` makes one'}")
    return known[0]


def _chosen(made: "Draft", recipe: "Recipe", store: "Store", input: list[str] | None, place: str | None) -> "Chosen":
    """The draft's recipe, checked, with the record of how it came about."""
    from workflows.chosen import from_draft

    chosen = from_draft(recipe, store, options.named_inputs(input), place)
    return replace(chosen, plan=_record(made, recipe))


def _record(made: "Draft", recipe: "Recipe") -> "Planned":
    from workflows.planned import Planned

    return Planned.of(
        made.planner,
        recipe.goal or "",
        made.clauses,
        made.unclear,
        made.suggestions,
        model=made.model,
        prompt=made.prompt,
        note=made.note,
    )


def leave(answer: Answer, common: dict[str, object], json: bool) -> NoReturn:
    """Say it and end with the exit code that goes with it."""
    from winnow import render

    if json:
        render.emit({**answer.as_json(), **common})
    word = {"ask": "question", "refuse": "refused"}.get(answer.status, "error")
    render.say(f"{word}: {answer.message}")
    raise typer.Exit(answer.exit_code)
