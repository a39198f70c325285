"""A goal told in several messages: each adds to it, `undo` takes the last one back, `run` runs it."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from winnow import options
from winnow.answer import Answer, BadUsage

from .goal import Planner, carry_out, draft, leave

Script = Annotated[Path | None, typer.Option("--script", help="Take the messages from this file, one a line; the last may be run.")]

BETWEEN = "\n\n"  # messages are sentences of their own
UNDO = re.compile(r"(?:please )?(?:undo\b|take (?:that|it) back|never ?mind|scratch that)", re.I)
RUN = re.compile(r"(?:ok(?:ay)?,? |please )?(?:run|go|go ahead)(?: it| that| now)?[.!]?", re.I)
QUIT = re.compile(r"(?:quit|exit|bye)[.!]?", re.I)
CHANGES = re.compile(
    r"\b(?:looser|less strict|more lenient|relax\w*|instead|rather than|change|replace the|no longer|"
    r"(?:drop|remove|skip) the \w+ (?:step|filter))\b",
    re.I,
)


def add_to(app: typer.Typer) -> None:
    app.command(epilog="Example: winnow chat --input messages.jsonl --output clean.jsonl")(chat)


def chat(
    input: options.Inputs = None,
    output: options.Output = None,
    script: Script = None,
    planner: Planner = "auto",
    seed: options.Seed = 0,
    workers: options.Workers = None,
    overwrite: options.Overwrite = False,
    json: options.AsJson = False,
) -> None:
    """State a goal in several messages and run it.

    Each message adds to the goal; `undo` takes the last one back, `run` approves and runs, `quit` leaves.
    """
    from winnow import render, review, show

    if output is None:
        raise BadUsage("--output is missing; say where the rows go")
    store = review.open_store()
    said: list[str] = []
    with options.destination(output, json) as place:
        for message in _messages(script):
            if QUIT.fullmatch(message):
                return
            if RUN.fullmatch(message):
                if not said:
                    leave(Answer(status="ask", message="What shall be done with the rows? Say it before `run`."), {}, json)
                made = draft(BETWEEN.join(said), input, place, planner, seed, None, store)
                carry_out(made, store, input, output, place, yes=True, workers=workers, overwrite=overwrite, json=json)
                return
            if UNDO.match(message):
                render.say(f"taken back: {said.pop()}" if said else "there is nothing to take back")
            elif CHANGES.search(message):
                told = f"{message!r} changes what was said before; messages only add so far: `undo` that one and say it anew"
                if script is not None:
                    leave(Answer(status="ask", message=told), {}, json)
                render.say(f"question: {told}")
            else:
                said.append(message)
            if said and not json:
                show.draft(draft(BETWEEN.join(said), input, place, planner, seed, None, store))
    leave(Answer(status="ask", message="Nothing was run; end with the message `run`."), {}, json)


def _messages(script: Path | None) -> Iterator[str]:
    if script is not None:
        try:
            text = script.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise BadUsage(f"--script {str(script)!r} cannot be read: {error}") from None
        yield from (line.strip() for line in text.splitlines() if line.strip())
        return
    while True:
        typer.echo("> ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            return
        if line.strip():
            yield line.strip()
