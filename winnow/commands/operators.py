"""The operators: list them, read a card, vet one. Listing reads the generated cards and imports no operator."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winnow import options
from winnow.answer import FAILED, BadUsage

if TYPE_CHECKING:
    from workflows.strangers.file import File
    from workflows.vetting import Certificate

app = typer.Typer(help="List the vetted operators, read a card, vet one.", rich_markup_mode=None)
Stage = Annotated[str | None, typer.Option("--stage", help="Only those of one stage, as filter or dedupe.")]
Operator = Annotated[
    str,
    typer.Argument(metavar="NAME|FILE[:CLASS]", help="Name of an operator, as `winnow operators list` shows it, or a Python file that holds one."),
]


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
def vet(operator: Operator, json: options.AsJson = False) -> None:
    """Check every law of the contract for one operator; an operator that passes all is vetted.

    What stands in a file runs in the jail, then and always.
    """
    from dataclasses import asdict

    from winnow import render

    certificate, operator = _vetted_file(operator) if _is_file(operator) else (_vetted(operator), operator)
    if json:
        render.emit({"operator": operator, "passed": certificate.passed, "laws": [asdict(law) for law in certificate.laws]})
    else:
        render.table(("law", "holds", "note"), [(law.name, law.passed, law.note) for law in certificate.laws])
        render.put(f"{operator}: {'vetted' if certificate.passed else 'NOT vetted'}")
    if not certificate.passed:
        raise typer.Exit(FAILED)


def _is_file(operator: str) -> bool:
    from workflows.strangers.file import is_file

    return is_file(operator)


def _vetted(operator: str) -> "Certificate":
    from workflows import vetting
    from workflows.trust import State

    _card(operator)
    certificate = vetting.vet(operator)
    State().put_certificate(certificate.digest, certificate.model_dump(mode="json"))
    return certificate


def _vetted_file(operator: str) -> "tuple[Certificate, str]":
    """An operator in a file, tried in the jail, and its name in full."""
    from workflows.strangers import vetted

    file, name = _opened(operator)
    certificate = vetted.vet(file, name)
    vetted.keep(certificate)
    return certificate, f"{file.place}:{certificate.operator} (sha256 {certificate.digest[:12]}…)"


def _opened(operator: str) -> "tuple[File, str]":
    """A file that was named on the command line, wherever it lies, and the class that is meant."""
    from workflows.strangers.file import called, read

    found = called(operator)
    assert found is not None
    return read(Path(found.place), found.place), found.name


def _card_of_file(operator: str) -> dict[str, object]:
    import json
    from dataclasses import asdict

    from workflows.strangers import believed, vetted
    from workflows.strangers.proxy import operator_class

    file, name = _opened(operator)
    made = operator_class(file, name)
    state = "vetted" if believed.is_vetted(file.digest, made.__name__) else "not vetted"
    return {
        **json.loads(json.dumps(asdict(vetted.summary_of(made)))),
        "file": file.place,
        "sha256": file.digest,
        "origin": f"a stranger's file, {state}; it runs in the jail",
    }


def _card(name: str) -> dict[str, object]:
    if _is_file(name):
        return _card_of_file(name)
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
