"""Vetting: a certificate, made by a machine, that an operator keeps the laws; tied to the digest of the code that it was made of.

`python -m workflows.vetting` vets what has changed (`--all`: everything) and writes `certificates.json`, which comes with the package.
"""

import json
import os
import pickle
import platform
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from tools import catalogue
from tools.contract import Operator
from tools.provenance import operator_digest
from tools.storage import Sink, Source

from .certificates import PLACE, shipped
from .given import Outcome, Trial, run
from .laws import CRASHES, LAWS, SLOW_LAWS, Broken, Case, cases, difference, examples_hold
from .round_trip import FORMAT_LAWS

SOCKETS = ("connect", "connect_ex", "sendto", "bind")
QUICK_CASES = 3
ASK = "import sys; sys.path[:] = {path!r}; from workflows.vetting import answer; answer()"
Params = Sequence[Mapping[str, object]]
T = TypeVar("T")
UNPICKLED: tuple[type[Exception], ...] = (*CRASHES, pickle.PicklingError)


@dataclass(frozen=True)
class Verdict:
    """One law, and whether the operator keeps it."""

    name: str
    passed: bool
    note: str = ""


class Certificate(BaseModel):
    """What vetting found for exactly this code."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    operator: str
    version: int
    digest: str
    laws: tuple[Verdict, ...]
    passed: bool
    winnow: str
    python: str
    pyarrow: str
    time: str


def vet(operator: str | type[Operator], params: Params = (), *, quick: bool = False) -> Certificate:
    """Try every law on an operator of the catalogue, or on a class. `params`: sets of parameters to try before those of the
    card's examples; `quick`: at most three sets, and without the laws that take seconds."""
    return vet_all([operator], {_name(operator): params}, quick=quick)[0]


def vet_all(operators: Iterable[str | type[Operator]], params: Mapping[str, Params] | None = None, *, quick: bool = False) -> list[Certificate]:
    """As `vet`, for many; one fresh process unpickles them all."""
    named = [(_name(one), catalogue.operator(one) if isinstance(one, str) else one) for one in operators]
    fresh = fresh_process([(name, made, (params or {}).get(name, ())) for name, made in named])
    return [certificate(name, made, [*judged(name, made, (params or {}).get(name, ()), quick=quick), fresh[name]]) for name, made in named]


def judged(name: str, made: type[Operator], params: Params = (), *, quick: bool = False) -> list[Verdict]:
    """All laws but that of the fresh process."""
    with offline() as attempts:
        if issubclass(made, Source | Sink):
            found = [_judge(law, [(name, made)], work) for law, work in FORMAT_LAWS.items()]
        else:
            found = [_judge("examples_hold", [(name, made)], lambda given: examples_hold(*given)), *_judged_cases(name, made, params, quick)]
    return [*found, Verdict("no_network", not attempts, f"it tried to reach {attempts[0]}" if attempts else "")]


def certificate(name: str, made: type[Operator], laws: Sequence[Verdict]) -> Certificate:
    return Certificate(
        operator=name,
        version=made.card.version,
        digest=operator_digest(made),
        laws=tuple(laws),
        passed=all(law.passed for law in laws),
        winnow=version("winnow"),
        python=platform.python_version(),
        pyarrow=version("pyarrow"),
        time=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def fresh_process(operators: Sequence[tuple[str, type[Operator], Params]]) -> dict[str, Verdict]:
    """Every operator pickled, unpickled in a process that has seen nothing, and the first case run there."""
    trials: dict[str, Trial | None] = {}
    found: dict[str, Verdict] = {}
    for name, made, params in operators:
        try:
            trials[name] = None if issubclass(made, Source | Sink) else cases(name, made, params)[0].trial()
            pickle.dumps((made, trials[name]))
        except UNPICKLED as error:
            found[name] = Verdict("pickles", False, _told(error))
    asked = [(name, pickle.dumps((made, trials[name]))) for name, made, _ in operators if name not in found]
    environment = {**os.environ, "PYTHONHASHSEED": "1"}  # what hangs on the order of a set comes out
    command = [sys.executable, "-c", ASK.format(path=sys.path)]
    done = subprocess.run(command, input=pickle.dumps(asked), capture_output=True, env=environment, check=False)
    if done.returncode:
        note = f"the fresh process ended with {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}"
        return found | {name: Verdict("pickles", False, note) for name, _ in asked}
    answers: dict[str, Outcome | str | None] = pickle.loads(done.stdout)
    return found | {name: _compared(name, trials[name], answers[name]) for name, _ in asked}


def answer() -> None:
    """What the fresh process does: unpickle each, run it, send back what came of it."""
    asked = pickle.loads(sys.stdin.buffer.read())
    answers: dict[str, Outcome | str | None] = {}
    for name, pickled in asked:
        try:
            _, trial = pickle.loads(pickled)
            answers[name] = run(trial) if trial is not None else None
        except CRASHES as error:
            answers[name] = _told(error)
    sys.stdout.buffer.write(pickle.dumps(answers))


@contextmanager
def offline() -> Iterator[list[str]]:
    """No connection can be made; gives the addresses that were tried."""
    attempts: list[str] = []

    def refuse(*where: object, **_: object) -> None:
        attempts.append(" ".join(repr(one) for one in where if not isinstance(one, socket.socket)))
        raise OSError("an operator under vetting may not use the network")

    before = {name: getattr(socket.socket, name) for name in SOCKETS}
    lookup = socket.getaddrinfo
    for name in before:
        setattr(socket.socket, name, refuse)
    socket.getaddrinfo = refuse  # type: ignore[assignment]
    try:
        yield attempts
    finally:
        for name, method in before.items():
            setattr(socket.socket, name, method)
        socket.getaddrinfo = lookup


def _judged_cases(name: str, made: type[Operator], params: Params, quick: bool) -> list[Verdict]:
    try:
        tried = cases(name, made, params)
    except CRASHES as error:
        return [Verdict(law, False, _told(error)) for law in LAWS]
    tried = tried[:QUICK_CASES] if quick else tried
    found = [_judge(law, tried, work) for law, work in LAWS.items()]
    return found if quick else [*found, *(_judge(law, tried[:1] if law == "long_text" else tried, work) for law, work in SLOW_LAWS.items())]


def _judge(law: str, given: Sequence[T], work: Callable[[T], str]) -> Verdict:
    notes = []
    for one in given:
        try:
            notes.append(work(one))
        except Broken as broken:
            return Verdict(law, False, f"{_params(one)}{broken}")
        except CRASHES as error:
            return Verdict(law, False, f"{_params(one)}{_told(error)}")
    return Verdict(law, True, "; ".join(dict.fromkeys(note for note in notes if note)))


def _params(given: object) -> str:
    if not isinstance(given, Case):
        return ""
    params = given.operator.model_dump(mode="json", exclude_defaults=True)
    return f"with {json.dumps(params, ensure_ascii=False)}: " if params else ""


def _compared(name: str, trial: Trial | None, answer: Outcome | str | None) -> Verdict:
    if isinstance(answer, str):
        return Verdict("pickles", False, f"in a fresh process: {answer}")
    if trial is None or answer is None or not trial.operator.card.repeatable:
        return Verdict("pickles", True)
    try:
        wrong = difference(run(trial), answer, None if trial.operator.card.exact else trial.operator.card.tolerance)
    except CRASHES as error:
        return Verdict("pickles", False, _told(error))
    return Verdict("pickles", not wrong, f"in a fresh process it gives something else: {wrong}" if wrong else "")


def _told(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:400]


def _name(operator: str | type[Operator]) -> str:
    return operator if isinstance(operator, str) else operator.__name__


def _is_current(name: str, digest: str) -> bool:
    return name in catalogue.OPERATORS and operator_digest(catalogue.operator(name)) == digest


def main() -> None:
    """Vet what is not on record as its code is now, with `--all` the whole catalogue; write the digests of what passes, name what does not."""
    known = {} if "--all" in sys.argv else {name: digest for name, digest in shipped().items() if _is_current(name, digest)}
    certificates = vet_all(name for name in catalogue.OPERATORS if name not in known)
    for one in certificates:
        failed = [f"{law.name}: {law.note}" for law in one.laws if not law.passed]
        sys.stderr.write(f"{one.operator}: {'vetted' if one.passed else 'NOT vetted: ' + '; '.join(failed)}\n")
    found = known | {one.operator: one.digest for one in certificates if one.passed}
    PLACE.write_text(json.dumps({name: found[name] for name in catalogue.OPERATORS if name in found}, indent=1) + "\n", encoding="utf-8")
    if not all(one.passed for one in certificates):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
