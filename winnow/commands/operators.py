"""The operators: list them, read a card, vet one. Listing reads the generated cards and imports no operator."""

from typing import Annotated

import typer

from winnow import options
from winnow.answer import FAILED, BadUsage

app = typer.Typer(help="List the vetted operators, read a card, vet one.", rich_markup_mode=None)
Stage = Annotated[str | None, typer.Option("--stage", help="Only those of one stage, as filter or dedupe.")]
Operator = Annotated[str, typer.Argument(metavar="NAME", help="Name of an operator, as `winnow operators list` shows it.")]
Vettable = Annotated[str, typer.Argument(metavar="NAME|FILE", help="Name of an operator, or a Python file that holds one.")]


def cards() -> list[dict[str, object]]:
    """The generated cards, by name. Read as data: importing what made them would load pyarrow."""
    import json
    from importlib.resources import files

    made: list[dict[str, object]] = json.loads(files("tools").joinpath("cards.json").read_text(encoding="utf-8"))
    return sorted(made, key=lambda card: str(card["name"]))


@app.command("list", epilog="Example: winnow operators list --stage dedupe")
def list_(stage: Stage = None, json: options.AsJson = False) -> None:
    """List the operators with what they do."""
    from winnow import render

    known = cards()
    stages = sorted({str(card["stage"]) for card in known})
    if stage is not None and stage not in stages:
        raise BadUsage(f"--stage {stage!r}: there is none of that name; the stages are {', '.join(stages)}")
    found = [card for card in known if stage in (None, card["stage"])]
    if json:
        render.emit(found)
    else:
        render.table(("operator", "stage", "what it does"), [(card["name"], card["stage"], _first_sentence(card)) for card in found])


@app.command(epilog="Example: winnow operators show minhash_dedup")
def show(operator: Operator, json: options.AsJson = False) -> None:
    """Show the card of one operator: parameters, columns, phrases that ask for it."""
    from winnow import render

    card = _card(operator)
    card["micros_per_row_here"] = _measured(operator)
    if json:
        render.emit(card)
        return
    render.put(f"{card['name']}  ({card['stage']})")
    render.put(str(card["doc"]))
    for key, value in card.items():
        if key not in ("name", "stage", "doc", "params", "required") and value not in (None, "", [], {}, False):
            render.put(f"  {key:<14} {_words(value)}")
    _parameters(card)


@app.command(epilog="Example: winnow operators vet words")
def vet(operator: Vettable, json: options.AsJson = False) -> None:
    """Check every law of the contract for one operator; an operator that passes all is vetted."""
    from dataclasses import asdict

    from winnow import render
    from workflows import vetting
    from workflows.chosen import Refused
    from workflows.trust import State

    if operator.endswith(".py") or "/" in operator:
        raise Refused(
            f"{operator}: operators in files of strangers run in no jail yet, so they cannot be vetted; only operators of the catalogue can"
        )
    _card(operator)
    certificate = vetting.vet(operator)
    State().put_certificate(certificate.digest, certificate.model_dump(mode="json"))
    if json:
        render.emit({"operator": operator, "passed": certificate.passed, "laws": [asdict(law) for law in certificate.laws]})
    else:
        render.table(("law", "holds", "note"), [(law.name, law.passed, law.note) for law in certificate.laws])
        render.put(f"{operator}: {'vetted' if certificate.passed else 'NOT vetted'}")
    if not certificate.passed:
        raise typer.Exit(FAILED)


def _card(name: str) -> dict[str, object]:
    from tools.names import nearest

    known = {str(card["name"]): card for card in cards()}
    if name not in known:
        raise BadUsage(f"no operator {name!r}{nearest(name, known)}; `winnow operators list` names them all")
    return known[name]


def _measured(name: str) -> float | None:
    """Microseconds a row of 1 kB took on this machine, by the runs of this user."""
    from workflows.trust import State

    micros = State().paces().get(name, (1.0, None))[1]
    return None if micros is None else round(micros, 2)


def _first_sentence(card: dict[str, object]) -> str:
    return str(card["doc"]).split(". ")[0].rstrip(".")


def _words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {one}" for key, one in value.items())
    return str(value)


def _parameters(card: dict[str, object]) -> None:
    from winnow import render

    params, required = card["params"], card["required"]
    assert isinstance(params, dict)
    assert isinstance(required, list)
    rows = [
        (name, "required" if name in required else render.number(fact.get("default")), fact.get("description", "")) for name, fact in params.items()
    ]
    if rows:
        render.table(("parameter", "default", "what it is"), rows)
