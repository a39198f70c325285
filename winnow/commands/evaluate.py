"""How good a planner is, on goals whose right results are known: `eval`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winnow import options
from winnow.answer import FAILED, BadUsage

from .goal import Planner

if TYPE_CHECKING:
    from winnow.evaluation.figures import Figures
    from winnow.evaluation.playing import Outcome

File = Annotated[Path, typer.Argument(metavar="GOALS", help="YAML file of goals, each with its inputs and checks.")]
Model = Annotated[str | None, typer.Option("--model", metavar="ALIAS", help="The model that plans, for --planner llm and auto.")]
Only = Annotated[str, typer.Option("--only", metavar="ID,…", help="Play these goals alone.")]
Without = Annotated[str, typer.Option("--skip-needs", metavar="TAG,…", help="Leave out goals that need one of these.")]
Root = Annotated[
    Path | None,
    typer.Option("--root", help="Folder that the paths of the file start from; by default its nearest parent that has the first of them."),
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Goals that are played at the same time.")]
Timeout = Annotated[float, typer.Option("--timeout", min=1, help="Seconds after which a goal counts as failed.")]
Trust = Annotated[
    bool, typer.Option("--trust", help="The file is one's own: run its checks in this process and not in the jail. It can then do whatever you can.")
]
Markdown = Annotated[bool, typer.Option("--markdown", help="Print the table as Markdown.")]
AtLeast = Annotated[
    float, typer.Option("--at-least", min=0, max=100, metavar="PERCENT", help="End with exit code 1 when fewer goals come out right.")
]


def add_to(app: typer.Typer) -> None:
    app.command("eval", epilog="Example: winnow eval goals.yaml --planner rules --jobs 2")(evaluate)


def evaluate(
    goals: File,
    planner: Planner = "auto",
    model: Model = None,
    only: Only = "",
    skip_needs: Without = "",
    root: Root = None,
    jobs: Jobs = 1,
    timeout: Timeout = 300.0,
    trust: Trust = False,
    at_least: AtLeast = 0.0,
    markdown: Markdown = False,
    json: options.AsJson = False,
) -> None:
    """Play goals and judge the rows that come out.

    Each goal runs in a folder of its own, which is thrown away. The checks of the file are code: they run in the jail.
    """
    from winnow import evaluation_shown, render
    from winnow.evaluation import cases, figures, judging
    from winnow.evaluation.playground import played
    from winnow.evaluation.playing import Planner as Plans

    chosen, base = cases.load(goals, root, _parts(only), _parts(skip_needs))
    if not chosen:
        raise BadUsage(f"{str(goals)!r}: no goal is left to play")
    why = None if trust else judging.refusal()
    if why:
        render.say(f"note: what a file of goals brings along as code cannot be run safely, so its checks are not made: {why}; --trust runs them here")
    outcomes: list[Outcome] = []
    for one in played(chosen, base.resolve(), Plans(name=planner, model=model), jobs=jobs, trusted=trust, seconds=timeout):
        if one.bad_usage and not outcomes:
            raise BadUsage(f"the first goal could not be played: {one.note}")
        outcomes.append(one)
        evaluation_shown.line(one)
    found = figures.by_level(outcomes)
    if json:
        render.emit(_as_json(planner, model, found, outcomes))
    else:
        evaluation_shown.figures(found, markdown)
    value = found[-1].passed.value
    if value is None or 100 * value < at_least:
        raise typer.Exit(FAILED)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _as_json(planner: str, model: str | None, found: "list[Figures]", outcomes: "list[Outcome]") -> dict[str, object]:
    from dataclasses import asdict

    each = [{**asdict(one), "ok": one.ok, "judged": one.is_judged, "confident": one.confident} for one in outcomes]
    return {"status": "done", "planner": planner, "model": model, "figures": [one.as_json() for one in found], "goals": each}
