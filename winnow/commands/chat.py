"""A goal told in several messages: each adds to the recipe or changes it, `undo` takes the last one back, `run` runs it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from winnow import options
from winnow.answer import BadUsage

from .goal import Planner, leave

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agents.critique import Tried
    from workflows.chosen import Chosen

Script = Annotated[Path | None, typer.Option("--script", help="Take the messages from this file, one a line; the last may be run.")]
Resume = Annotated[str | None, typer.Option("--resume", metavar="ID", help="Go on with a conversation: its id, the beginning of it, or `last`.")]
Fork = Annotated[str | None, typer.Option("--fork", metavar="ID", help="Go on with a copy of a conversation; the other stays as it is.")]


def add_to(app: typer.Typer) -> None:
    app.command(epilog="Example: winnow chat --input messages.jsonl --output clean.jsonl")(chat)


def chat(
    input: options.Inputs = None,
    output: options.Output = None,
    script: Script = None,
    planner: Planner = "auto",
    model: options.Model = None,
    budget: options.Budget = None,
    values: options.Values = True,
    seed: options.Seed = 0,
    workers: options.Workers = None,
    overwrite: options.Overwrite = False,
    resume: Resume = None,
    fork: Fork = None,
    json: options.AsJson = False,
) -> None:
    """State a goal in several messages and run it.

    Each message adds to the goal or changes the recipe; `undo` takes the last one back, `run` approves and runs, `help` says more.
    """
    from agents.conversation.nodes import Kit
    from agents.conversation.talk import Conversation, find, forked, opened
    from winnow import planning, render, review
    from winnow.talk import keyboard, loop, shown
    from workflows.store import new_run

    if resume is not None and fork is not None:
        raise BadUsage("--resume and --fork both name a conversation; give one of them")
    if (resume or fork) and input:
        raise BadUsage("--input belongs to a new conversation; one that goes on has its inputs")
    store = review.open_store()
    with options.destination(output, json) as place, opened(store.home) as connection:
        plans, author = planning.Wanted(planner=planner, model=model, budget=budget, values=values).make(store)
        kit = Kit(planner=plans, author=author, store=store, approve=_approved, workers=workers, command=tuple(sys.argv))
        name = find(connection, resume) if resume else forked(connection, find(connection, fork)) if fork else new_run()
        conversation = Conversation(kit, connection, name)
        if resume or fork:
            state = conversation.proceed()
            if not conversation.began:
                raise BadUsage(f"conversation {name} was cut off before it took in the first message; begin another")
            if not json:
                render.say(f"conversation {name}")
                shown.recipe(state)
        given = {} if conversation.began else _given(input, place, seed)
        talk = loop.Talk(conversation, given, is_script=script is not None, is_quiet=json, overwrites=overwrite)
        if script is None and sys.stdin.isatty() and not json:
            render.say("Say what rows you want; `help` says what else can be said, `quit` leaves.")
        answer = talk.hear(keyboard.messages() if script is None else loop.from_script(script))
        if script is None and answer.status == "ask" and sys.stdin.isatty():
            if conversation.began:
                render.say(f"  winnow chat --resume {name}      goes on with it")
            return
        if answer.status != "done" and talk.has_told(answer):
            raise typer.Exit(answer.exit_code)
        if answer.status != "done":
            leave(answer, {}, json)
        if json:
            render.emit(answer.as_json())


def _given(input: list[str] | None, place: str | None, seed: int) -> dict[str, Any]:
    """What a new conversation starts from."""
    if place is None:
        raise BadUsage("--output is missing; say where the rows go")
    named = options.named_inputs(input)
    if not named:
        raise BadUsage("--input is missing; name the file, folder or glob that the rows come from")
    return {"inputs": named, "output": place, "seed": seed}


def _approved(chosen: "Chosen", seen: "Tried", decision: "Mapping[str, Any]") -> str:
    """A script's `run` is the policy's yes, within its bounds; at a terminal it is the person's."""
    from agents.critique import failing
    from winnow import review
    from workflows.report.predicted import prediction
    from workflows.trust import State

    if decision.get("by") != "person":
        return review.approved_by(chosen, yes=True, seen=seen.preview, failing=failing(seen.evidence))
    return State().approve(chosen.lock.digest, prediction(seen.preview).model_dump_json(), review.person(), "in a conversation").name
