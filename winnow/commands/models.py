"""The models that may be asked: list, add, remove, probe. Nothing is contacted but by `probe`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from winnow import options
from winnow.answer import BadUsage

from . import model_files

app = typer.Typer(help="List, add, remove and probe the models that planners and steps may ask.", rich_markup_mode=None)
Alias = Annotated[str, typer.Argument(metavar="ALIAS", help="Name under which commands and recipes know the model, as local/small.")]
Url = Annotated[str | None, typer.Option("--url", help="Base URL of an OpenAI-compatible server, as http://127.0.0.1:8000/v1.")]
Model = Annotated[str | None, typer.Option("--model", metavar="NAME", help="Name of the model at that server.")]
Folder = Annotated[Path | None, typer.Option("--folder", help="Folder of weights (safetensors) on this machine, in place of a URL.")]
KeyEnv = Annotated[str | None, typer.Option("--key-env", metavar="NAME", help="Environment variable that holds the key; never the key itself.")]
Context = Annotated[int | None, typer.Option("--context-tokens", metavar="N", help="Tokens that question and answer may take together.")]
MostReply = Annotated[int | None, typer.Option("--most-reply-tokens", metavar="N", help="Tokens that one answer may take.")]
PriceIn = Annotated[float | None, typer.Option("--price-in", metavar="MONEY", help="Per million tokens asked.")]
PriceOut = Annotated[float | None, typer.Option("--price-out", metavar="MONEY", help="Per million tokens answered.")]
Timeout = Annotated[float | None, typer.Option("--timeout-seconds", metavar="S", help="The longest silence that is waited through.")]
Small = Annotated[bool, typer.Option("--small", help="A small model: it is asked in two steps.")]
PROBE_TOKENS = 30_000  # three questions at their worst


@app.command("list", epilog="Example: winnow models list")
def list_(json: options.AsJson = False) -> None:
    """List the configured models, and whether what they are asked leaves this machine."""
    from sandbox.gateway.endpoints import place, read
    from winnow import render

    known = read()
    if json:
        render.emit({"file": str(place()), "models": [_told(endpoint) for endpoint in known.values()]})
    elif not known:
        render.say(f"no models are configured in {place()}; `winnow models add ALIAS --url URL --model NAME` adds one")
    else:
        rows = [(one["alias"], one["model"], one["host"], _where(one), _key(one), one["context_tokens"]) for one in map(_told, known.values())]
        render.table(("alias", "model", "asked at", "what it is asked", "key", "context"), rows, right=("context",))


@app.command(epilog="Example: winnow models add small --url http://127.0.0.1:8000/v1 --model qwen3-4b")
def add(
    alias: Alias,
    url: Url = None,
    model: Model = None,
    folder: Folder = None,
    key_env: KeyEnv = None,
    context_tokens: Context = None,
    most_reply_tokens: MostReply = None,
    price_in: PriceIn = None,
    price_out: PriceOut = None,
    timeout_seconds: Timeout = None,
    small: Small = False,
    json: options.AsJson = False,
) -> None:
    """Add a model to models.toml. Nothing is contacted."""
    from sandbox.gateway import endpoints_file
    from winnow import render

    told: dict[str, Any] = {
        "url": url,
        "model": model,
        "folder": None if folder is None else str(folder.expanduser().absolute()),
        "key_env": key_env,
        "context_tokens": context_tokens,
        "most_reply_tokens": most_reply_tokens,
        "price_in": price_in,
        "price_out": price_out,
        "timeout_seconds": timeout_seconds,
        "small": small or None,
    }
    path, endpoint = _or_bad_usage(endpoints_file.add, alias, {key: value for key, value in told.items() if value is not None})
    if json:
        render.emit({"status": "done", "file": str(path), "model": _told(endpoint)})
        return
    render.put(f"added {alias} to {path}: {_where(_told(endpoint))}")
    render.say(f"Next: winnow models probe {alias}")


@app.command(epilog="Example: winnow models remove small")
def remove(alias: Alias, json: options.AsJson = False) -> None:
    """Take a model out of models.toml."""
    from sandbox.gateway import endpoints_file
    from winnow import render

    path = _or_bad_usage(endpoints_file.remove, alias)
    if json:
        render.emit({"status": "done", "file": str(path), "alias": alias})
    else:
        render.put(f"removed {alias} from {path}")


@app.command(epilog="Example: winnow models probe small")
def probe(alias: Alias, json: options.AsJson = False) -> None:
    """Ask a model two small questions: is it there, and does it hold to a schema?"""
    import time

    from sandbox.gateway import Ask, Budget, Gateway, Message
    from sandbox.gateway.endpoints import find
    from sandbox.gateway.probe import SCHEMA
    from winnow import render

    endpoint = _or_bad_usage(find, alias)
    budget, started = Budget(tokens=PROBE_TOKENS), time.monotonic()
    found = Gateway(endpoint, budget=budget).ask(Ask((Message("user", "Are you there?"),), SCHEMA))
    seconds = time.monotonic() - started
    told = {**_told(endpoint), "mode": found.mode, "said": found.text, "tokens": budget.spent_tokens, "cost": budget.spent_money, "seconds": seconds}
    if json:
        render.emit({"status": "done", "model": told})
        return
    render.put(f"{alias}: {HELD[found.mode]}")
    render.put(f"It said {render.one_line(found.text, 60)!r}; {budget.spent_tokens:,} tokens, {render.duration(seconds)}; {_where(told)}")


app.command(epilog="Example: winnow models check models/small")(model_files.check)


HELD = {
    "json_schema": "it is held to a schema by its server",
    "json_object": "its server holds it to JSON, but not to a schema; the schema goes into the prompt, and answers are checked here",
    "prompt": "its server holds it to nothing; the schema goes into the prompt, and answers are mended and checked here",
    "grammar": "it is held to a schema here, token by token",
}


def _told(endpoint: Any) -> dict[str, Any]:
    """What is known of an endpoint without asking it; the key by its name alone."""
    import os

    return {
        **endpoint.model_dump(mode="json", exclude={"headers"}),
        "headers": sorted(endpoint.headers),
        "host": endpoint.host,
        "leaves_machine": endpoint.leaves_machine,
        "key_is_set": endpoint.key_env is None or bool(os.environ.get(endpoint.key_env)),
    }


def _where(told: dict[str, Any]) -> str:
    return f"leaves this machine, to {told['host']}" if told["leaves_machine"] else "stays on this machine"


def _key(told: dict[str, Any]) -> str:
    if told["key_env"] is None:
        return "none"
    return f"${told['key_env']}" + ("" if told["key_is_set"] else ", which is not set")


def _or_bad_usage(call: Any, *arguments: Any) -> Any:
    from sandbox.gateway.errors import Misconfigured

    try:
        return call(*arguments)
    except Misconfigured as error:
        raise BadUsage(str(error)) from None
