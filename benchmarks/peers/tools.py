"""Ours and the peers: what each is asked to do, with which file, by which command."""

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from tools.catalogue import operator

from . import truth, venvs
from .files import Files
from .truth import Split

Work: TypeAlias = Literal["filters", "near", "both", "exact"]

WORKERS = 2
SCRIPTS = Path(__file__).with_name("scripts")
ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("agents", "sandbox", "tools", "winnow", "workflows")
FILTERS = ("gopher_repetition", "gopher_quality", "fineweb_quality", "c4_quality")  # C4 last: the peer's rewrites the text
NEAR = {"minhash_dedup": "{similarity: 0.8}"}
STEPS: dict[Work, dict[str, str]] = {
    "filters": dict.fromkeys(FILTERS, "{}"),
    "near": NEAR,
    "both": {**dict.fromkeys(FILTERS, "{}"), **NEAR},
    "exact": {"exact_dedup": "{ignore: case_and_space}"},
}


@dataclass(frozen=True)
class Order:
    """A command to be timed, and where its rows will lie."""

    command: list[str]
    output: Path
    environment: dict[str, str]


@cache
def compiled() -> Path:
    """A state folder of the benchmark's own in which the kernels are compiled; and our Python, as an installer would."""
    place = venvs.home() / "state"
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "tools.kernels"], env={**os.environ, "XDG_STATE_HOME": str(place)}, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([sys.executable, "-m", "compileall", "-q", *ROOMS], cwd=ROOT, check=True)  # also where Python is told to write no bytecode
    return place


@dataclass(frozen=True)
class Ours:
    """winnow by its command line: an empty store and cache each time; compiled code counts as installed, as by `make setup`."""

    ending: str = "jsonl"
    split: Split = truth.runs

    @property
    def name(self) -> str:
        return f"winnow, to {'Parquet' if self.ending == 'parquet' else 'JSONL'}"

    def order(self, work: Work, files: Files, file: str, folder: Path, turn: int) -> Order:
        del turn
        recipe, before, steps = folder / "recipe.yaml", "docs", []
        for number, (name, given) in enumerate(STEPS[work].items()):
            steps.append(f"  - {{id: s{number}, op: {name}@{operator(name).card.version}, from: {before}, on: text, with: {given}}}")
            before = f"s{number}"
        head = ["winnow: 1", "name: bench", "sources: {docs: {path: docs.jsonl}}", "steps:"]
        recipe.write_text("\n".join([*head, *steps, f"outputs: {{out: {{from: {before}, path: out.{self.ending}}}}}", ""]))
        own = {"WINNOW_HOME": str(folder / "home"), "XDG_STATE_HOME": str(compiled())}
        command = [
            sys.executable,
            "-m",
            "winnow",
            "run",
            str(recipe),
            "--input",
            f"docs={files.path(file)}",
            "--yes",
            "--workers",
            str(WORKERS),
            "--json",
        ]
        return Order(command, folder / f"out.{self.ending}", {**os.environ, **own})


@dataclass(frozen=True)
class Peer:
    """Another tool, by a script of ours in an environment of its own."""

    package: str
    split: Split = truth.space
    workers: tuple[int, ...] = ()  # of each turn, for those that take it
    parts: bool = False  # shares out whole files
    more: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.package

    def order(self, work: Work, files: Files, file: str, folder: Path, turn: int) -> Order:
        script = self.package.removeprefix("py-").replace("-", "_")
        command = [str(venvs.python(self.package)), str(SCRIPTS / f"run_{script}.py"), *([work] if self.workers else [])]
        output = folder / ("out" if self.parts else "out.jsonl")
        command += [str(files.parts(file) if self.parts else files.path(file)), str(output)]
        command += ["--workers", str(self.workers[turn % len(self.workers)])] if self.workers else []
        return Order([*command, *(self.more if work == "filters" else ())], output, dict(os.environ))


DATATROVE = Peer("datatrove", truth.runs, (WORKERS,), parts=True, more=("--filters", *FILTERS))
PEERS: dict[Work, tuple[Peer, ...]] = {
    "filters": (DATATROVE, Peer("py-data-juicer", workers=(WORKERS, 1))),
    "near": (
        DATATROVE,
        Peer("py-data-juicer", workers=(WORKERS,)),
        Peer("gaoya", truth.runs),
        Peer("rensa"),
        Peer("datasketch"),
    ),
    "both": (),
    "exact": (Peer("duckdb"), Peer("polars")),
}
