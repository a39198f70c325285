"""The second step: the file, tried in the jail on the agreed examples and by all the laws."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from agents.llm import portable
from agents.llm.answers import Fault, Unfit
from tools.errors import WinnowError
from workflows.given import Trial, run
from workflows.strangers.file import File, from_bytes
from workflows.strangers.proxy import operator_class
from workflows.strangers.strange import Strange
from workflows.strangers.vetted import vet
from workflows.vetting import Certificate

from .sheet import Sheet, snake

MOST_TOLD = 5
ARROW = {"int": pa.int64(), "float": pa.float64(), "bool": pa.bool_(), "str": pa.string()}


def schema() -> portable.Schema:
    return portable.closed({"file": portable.TEXT})


def as_card(sheet: Sheet) -> str:
    """The agreed examples as the card of the file is to hold them."""
    given = [one for one, _ in sheet.examples]
    if sheet.kind != "Expand":
        return f"Example(given={{'text': {given!r}}}, gives={{{sheet.added!r}: {[one for _, one in sheet.examples]!r}}})"
    texts = [text for _, one in sheet.examples for text in one]
    parents = [[place] for place, (_, one) in enumerate(sheet.examples) for _ in one]
    return f"Example(given={{'text': {given!r}}}, gives={{'text': {texts!r}}}, parents={parents!r})"


def adds(sheet: Sheet) -> str:
    """In words for the prompt."""
    return f"{sheet.added!r} (pa.{ARROW[sheet.type] if sheet.type != 'float' else 'float64'}())"


def read(data: Mapping[str, Any], sheet: Sheet, origin: str) -> tuple[File, Certificate]:
    """The file, with where it comes from at its top, and what vetting found. Raises Unfit with what the jail said of it."""
    text = data.get("file")
    if not isinstance(text, str) or not text.strip():
        raise Unfit(Fault("file", "is empty", "the whole Python file as one text"))
    try:
        file = from_bytes(f"{origin}{text.strip()}\n".encode("utf-8", "replace"), f"ops/{snake(sheet.name)}.py")
        made = operator_class(file, sheet.name)
        faults = list(_unlike(made, sheet)) or list(_examples(made, sheet))
        if faults:
            raise Unfit(*faults[:MOST_TOLD])
        certificate = vet(file, sheet.name)
    except WinnowError as error:
        raise Unfit(Fault("file", str(error))) from None
    if not certificate.passed:
        raise Unfit(*(Fault(f"law {law.name}", law.note) for law in certificate.laws if not law.passed))
    return file, certificate


def _unlike(made: type[Strange], sheet: Sheet) -> Iterator[Fault]:
    """Where the file is not what was agreed."""
    card = made.card
    kind = made.stranger.described.said.kind
    if kind != sheet.kind:
        yield Fault("file", f"class {sheet.name} is a {kind}", f"class {sheet.name}({sheet.kind})")
    if dict(card.reads) != {"text": pa.string()}:
        yield Fault("file", f"the card reads {', '.join(card.reads) or 'nothing'}", 'reads={"text": pa.string()}')
    if dict(card.adds) != {sheet.added: ARROW[sheet.type]}:
        yield Fault("file", f"the card adds {dict(card.adds)}"[:200], f"adds={adds(sheet)}")
    needed = [name for name, one in made.stranger.described.said.params.items() if one.required]
    if needed:
        yield Fault("file", f"parameters without a default: {', '.join(needed)}", "a default for each")


def _examples(made: type[Strange], sheet: Sheet) -> Iterator[Fault]:
    """Agreed examples that do not hold, whatever the file's own card says."""
    given = pa.table({"text": pa.array([one for one, _ in sheet.examples], pa.string())})
    outcome = run(Trial(operator=made(), given=given))
    if any(fate.reason for fate in outcome.fates):
        place = next(place for place, fate in enumerate(outcome.fates) if fate.reason)
        if sheet.kind != "Expand" or outcome.fates[place].reason != "childless":
            yield Fault(f"example {place}", f"the operator fails on {sheet.examples[place][0]!r}")
            return
    for place, (text, wanted) in enumerate(sheet.examples):
        gave = _gave(outcome, sheet, place)
        if not _same(gave, wanted):
            yield Fault(f"example {place}", f"of {text!r} it makes {gave!r}", repr(wanted))


def _gave(outcome: Any, sheet: Sheet, place: int) -> Any:
    if sheet.kind in ("Bounded", "Measure"):
        return outcome.measures(sheet.added)[place]
    table = outcome.kept
    texts = [text for at, text in zip(table["_at"].to_pylist(), table["text"].to_pylist(), strict=True) if at == place]
    return texts if sheet.kind == "Expand" else next(iter(texts), None)


def _same(gave: Any, wanted: Any) -> bool:
    if isinstance(wanted, float) and isinstance(gave, float | int) and not isinstance(gave, bool):
        return math.isclose(gave, wanted, rel_tol=1e-6, abs_tol=1e-9)
    return bool(gave == wanted)
