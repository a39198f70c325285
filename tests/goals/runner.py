"""Our own goals, played in this process: the files here are trusted, so their checks need no jail."""

import sys
import tempfile
from pathlib import Path

from winnow.evaluation import cases, figures
from winnow.evaluation.cases import Case
from winnow.evaluation.judging import Trusting
from winnow.evaluation.playing import Outcome, Planner
from winnow.evaluation.playing import play as played

HERE = Path(__file__).parent
ROOT = (HERE.parents[2] / "shared").resolve().parent  # the folder that holds shared/, wherever a link leads
OTHER_WORDS = ("other_words.yaml", "more_other_words.yaml")  # of the public yardstick, which is not in the repository
FILES = sorted(path.name for path in HERE.glob("*.yaml") if path.name not in OTHER_WORDS)


def goals(only: str = "") -> list[Case]:
    """The goals of all files of our own, in order; `only` picks some by their ids. None where their data are not there."""
    there = (ROOT / "shared/data").exists()
    every = [case for name in FILES if there for case in cases.load(HERE / name, ROOT)[0]]
    return [case for case in every if not only or case.id in only.split(",")]


def in_other_words() -> list[Case]:
    """The public goals as others would say them; none where the public file is not there."""
    public = (ROOT / "shared/goals/dev.yaml").exists()
    return [case for name in OTHER_WORDS if public for case in cases.load(HERE / name, ROOT)[0]]


def play(case: Case, folder: Path) -> Outcome:
    """Run one goal in an empty folder."""
    return played(case, ROOT, folder.resolve(), Trusting(), Planner())


def main(only: str = "") -> None:
    """Play the goals from a shell: `python -m tests.goals.runner g01,g02`."""
    results = []
    for case in goals(only):
        with tempfile.TemporaryDirectory() as folder:
            one = play(case, Path(folder))
        results.append(one)
        sys.stdout.write(f"{one.id} {one.level:<7} {'ok' if one.ok else 'WRONG' if one.confident else 'no'}  {one.cpu_seconds:.2f} s  {one.note}\n")
    whole = figures.by_level(results)[-1]
    sys.stdout.write(f"{whole.passed.part} of {whole.passed.of}, {whole.confident.part} wrong but confident\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
