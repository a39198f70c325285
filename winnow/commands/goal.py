"""From a goal to a recipe, and from there to rows: `prepare` and `plan`."""

import sys
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

from winnow import options
from winnow.answer import Answer, BadUsage

if TYPE_CHECKING:
    from agents.draft import Draft
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
    values: options.Values = True,
    seed: options.Seed = 0,
    workers: options.Workers = None,
    overwrite: options.Overwrite = False,
    name: Name = None,
    json: options.AsJson = False,
) -> None:
    """Plan, review and run in one go.

    State a goal, look at the recipe and a preview, say yes, get the rows.
    """
    from winnow import planning, review, show

    if output is None:
        raise BadUsage("--output is missing; say where the rows go, or - for stdout")
    store = review.open_store()
    with options.destination(output, json) as place:
        made = planning.draft(goal, input, place, planning.Wanted(planner=planner, model=model, budget=budget, values=values), seed, name, store)
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
    values: options.Values = True,
    seed: options.Seed = 0,
    name: Name = None,
    json: options.AsJson = False,
) -> None:
    """Draft a recipe, try it and save it as a version.

    Nothing is run. Saving it does not approve it.
    """
    from dataclasses import asdict

    from winnow import planning, render, review, show

    store = review.open_store()
    place = None if output in (None, options.STANDARD) else options.absolute(str(output))
    made = planning.draft(goal, input, place, planning.Wanted(planner=planner, model=model, budget=budget, values=values), seed, name, store)
    if not json:
        show.draft(made)
    if made.recipe is None or made.status != "draft":
        leave(Answer(status="refuse" if made.status == "refuse" else "ask", message=made.message), planning.told(made), json)
    chosen = planning.chosen_of(made, made.recipe, store, options.named_inputs(input), place)
    seen = planning.try_out(goal, made, chosen, store, shown=not json)
    saved = review.save(chosen, store)
    if json:
        told = {"status": "done", "message": "", **planning.told(made, seen.evidence), "recipe": saved.name, "text": saved.text}
        render.emit({**told, "findings": list(saved.warnings), "preview": asdict(seen.preview)})
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
    from agents.critique import failing
    from tools.errors import WinnowError
    from winnow import planning, render, review, show
    from workflows import runs
    from workflows.chosen import Refused

    common = planning.told(made)
    if made.recipe is None or made.status != "draft":
        leave(Answer(status="refuse" if made.status == "refuse" else "ask", message=made.message), common, json)
    try:
        chosen = planning.chosen_of(made, made.recipe, store, options.named_inputs(input), place)
        runs.refuse_existing(chosen.graph, overwrite)
        seen = planning.try_out(made.recipe.goal or "", made, chosen, store, shown=not json)
        common = planning.told(made, seen.evidence)
        approved_by = review.approved_by(chosen, yes, seen.preview, failing=failing(seen.evidence))
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


def leave(answer: Answer, common: dict[str, object], json: bool) -> NoReturn:
    """Say it and end with the exit code that goes with it."""
    from winnow import render

    if json:
        render.emit({**answer.as_json(), **common})
    word = {"ask": "question", "refuse": "refused"}.get(answer.status, "error")
    render.say(f"{word}: {answer.message}")
    raise typer.Exit(answer.exit_code)
