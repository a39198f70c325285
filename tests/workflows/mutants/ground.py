"""What must hold of a mutant: refused with place, value and mend, or it runs; and the few failures that the check cannot foresee."""

import json
import re
import signal
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.workflows.mutants.wrong_values import Data
from tests.workflows.sound_recipes import clear, tiny_files
from tools.errors import RecipeError
from workflows.check import Checked, Finding, check
from workflows.engine import execute
from workflows.engine.preview import preview
from workflows.graph import Graph
from workflows.loader import load

SECONDS = 60  # a mutant that takes longer hangs: the alarm ends the test
NOTHING_THERE = re.compile("missing|None|unknown parameter| no |have|needs")  # said of a value that is not there, or is null

# What may go wrong in a run although the check passed: it lies in the values alone. Each holds only for recipes that ask for it.
DATA_ALONE: tuple[tuple[str, Callable[[Data], bool]], ...] = (
    (r"^the run's checks do not hold: ", lambda recipe: bool(recipe.get("checks"))),
    (r"has no value in .*; set `nulls: keep` or `nulls: drop`$", lambda recipe: any(one.get("nulls") == "error" for one in recipe["steps"])),
    (r"^(step|output) '[^']+': row \d+ arrives twice, ", lambda recipe: _reads_a_list(recipe)),
    (
        r"^the input `against` has the key .* more than once; ",
        lambda recipe: any(str(one.get("op")).startswith("join_on") for one in recipe["steps"]),
    ),
    (r"^vectors of different lengths ", lambda recipe: any((one.get("with") or {}).get("of") == "vector" for one in recipe["steps"])),
    (r"^mix: weights name ", lambda recipe: any(str(one.get("op")).startswith("mix") for one in recipe["steps"])),
    (r"^dsir: the rows of `against` hold no words", lambda recipe: any(str(one.get("op")).startswith("dsir") for one in recipe["steps"])),
)


def _reads_a_list(recipe: Data) -> bool:
    given = [one.get("from") for one in (*recipe["steps"], *recipe["outputs"].values())]
    return any(isinstance(one, list) or (isinstance(one, dict) and any(isinstance(rows, list) for rows in one.values())) for one in given)


def is_of_the_data_alone(error: Exception, recipe: Data) -> bool:
    """Whether no look at the recipe and the columns could have told."""
    return type(error) is RecipeError and any(re.search(said, str(error)) and asks(recipe) for said, asks in DATA_ALONE)


@dataclass
class Ground:
    """A folder with the tiny files in which mutants are tried; each leaves it as it was."""

    folder: Path

    def __post_init__(self) -> None:
        self.project, self.cache = self.folder / "project", self.folder / "cache"
        tiny_files(self.project)
        self.all = set(self.project.rglob("*"))
        self.given = {path: path.read_bytes() for path in self.all if path.is_file()}
        self.runs = 0
        signal.signal(signal.SIGALRM, _too_late)

    def check(self, recipe: Data) -> Checked | None:
        """What the check says; none where the text is no recipe. Everything that is said must be fit to show."""
        return self.check_text(json.dumps(recipe, indent=1, ensure_ascii=False))

    def check_text(self, text: str) -> Checked | None:
        """The same of a text."""
        try:
            loaded = load(text)
        except RecipeError as error:
            assert all(re.match(r"recipe\.yaml:\d+: .", line) for line in str(error).split("\n")), str(error)[:500]
            return None
        found = check(loaded.recipe, self.project, self.cache, lines=loaded.lines)
        assert (found.graph is None) == bool(found.errors)
        for finding in (*found.errors, *found.warnings):
            fit_to_show(finding)
        return found

    def run(self, graph: Graph, recipe: Data) -> str:
        """Preview and run; gives what the values alone made fail. Any other failure is the check's."""
        self.runs += 1
        failed = ""
        for work in (self._preview, self._execute):
            try:
                work(graph)
            except Exception as error:
                if not is_of_the_data_alone(error, recipe):
                    raise
                failed = str(error)
        read = {Path(file.path) for given in graph.inputs for file in given.files}
        assert all(path.read_bytes() == self.given[path] for path in read), "an input was written to"
        self.restore()
        return failed

    def restore(self) -> None:
        """Take away what a run left, and bring back what it replaced."""
        clear(self.project, self.all)
        for path, was in self.given.items():
            if path.read_bytes() != was:
                path.write_bytes(was)

    def _preview(self, graph: Graph) -> None:
        preview(graph, self.cache)

    def _execute(self, graph: Graph) -> None:
        with tempfile.TemporaryDirectory(dir=self.folder) as runs:
            result = execute(graph, Path(runs) / "20260101-000000-abcdef", self.cache, overwrite=True)
        assert {Path(one.path) for one in result.outputs} == {Path(one.path) for one in graph.outputs}


def _too_late(*_: object) -> None:
    raise TimeoutError(f"it takes longer than {SECONDS} seconds")


def fit_to_show(finding: Finding) -> None:
    """Place, value and mend."""
    assert finding.part == "check" or finding.step or finding.key, finding
    assert finding.line, finding
    assert finding.message, finding
    assert finding.mend.strip("; :"), finding
    assert finding.value is not None or NOTHING_THERE.search(finding.message), finding
    assert len(str(finding)) < 1500, finding


def settle(ground: Ground, recipe: Data, seed: int) -> str:
    """What becomes of a mutant: `no recipe`, `refused` or `ran`. Raises AssertionError, with the recipe, where it is none of these."""
    try:
        signal.alarm(SECONDS)
        found = ground.check(recipe)
        if found is None:
            return "no recipe"
        if found.graph is None:
            return "refused"
        ground.run(found.graph, recipe)
    except Exception as error:
        ground.restore()
        raise AssertionError(f"mutant {seed}: {type(error).__name__}: {error}\n{json.dumps(recipe)}") from error
    finally:
        signal.alarm(0)
    return "ran"


def settle_text(ground: Ground, text: str, seed: int) -> str:
    """The same for a mutated text, which is not run."""
    try:
        signal.alarm(SECONDS)
        found = ground.check_text(text)
    except Exception as error:
        raise AssertionError(f"mutant {seed}: {type(error).__name__}: {error}\n{text[:5000]}") from error
    finally:
        signal.alarm(0)
    return "no recipe" if found is None else "refused" if found.graph is None else "passes"
