"""What the pages show is what happens: their Python, their commands and their recipes run, and give what stands there."""

import io
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from winnow import cli
from workflows import jailing, laws

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CHANGING = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}|[\d.]+ s\b|\d[\d.e-]*$", re.MULTILINE)  # ids of runs, seconds of runs and of steps


@dataclass(frozen=True)
class Block:
    """A fenced block of a page and the line where it begins."""

    kind: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [Block(found[1], found[2], text[: found.start()].count("\n") + 1) for found in BLOCK.finditer(text)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the examples, and a store and a state of its own."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / "examples").mkdir()
    for name in ("crawl.jsonl.zst", "crawl.yaml"):
        shutil.copy(ROOT / "examples" / name, folder / "examples")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("WINNOW_HOME", str(folder / ".winnow"))
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        yield folder


@pytest.mark.parametrize("name", ["api.md", "dedupe.md", "chat-formats.md", "refine.md", "pii.md", "formats.md"])
def test_every_example_runs_and_prints_what_the_page_says(project: Path, name: str) -> None:
    page = ROOT / "docs" / name
    found = blocks(page)
    namespace: dict[str, object] = {"__name__": "docs"}
    for block, after in zip(found, [*found[1:], Block("", "", 0)], strict=True):
        if block.kind == "python":
            said = io.StringIO()
            with redirect_stdout(said):
                exec(compile("\n" * block.line + block.text, str(page), "exec"), namespace)
            assert said.getvalue() == (after.text if after.kind == "text" else ""), f"docs/{name}:{block.line}"
    assert {block.kind for block in found} == {"python", "text"}


def test_the_page_on_operators_of_your_own_is_true(project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Its file is vetted as it says, its recipe runs, its Python too."""
    if refusal := jailing.refusal():
        pytest.skip(f"NOT TESTED: {refusal}")
    monkeypatch.setattr(laws, "LONG", 1 << 16)
    page = ROOT / "docs" / "operators-of-your-own.md"
    code, vet, table, recipe, use, books, python, said = blocks(page)
    (project / "ops").mkdir()
    (project / "ops" / "shouting.py").write_text(code.text, encoding="utf-8")
    (project / "calm.yaml").write_text(recipe.text, encoding="utf-8")
    for commands, shown in ((vet, table), (use, books)):
        assert [cli.call(line.removeprefix("$ winnow ").split()) for line in commands.text.splitlines()] == [0] * len(commands.text.splitlines())
        assert masked(capfd.readouterr().out, project) == masked(shown.text, project)
    told = io.StringIO()
    with redirect_stdout(told):
        exec(compile(python.text, str(page), "exec"), {"__name__": "docs"})
    assert told.getvalue() == said.text


def test_the_readme_shows_the_recipe_and_the_books_of_its_own_command(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    console, recipe, books = (next(block for block in blocks(ROOT / "README.md") if block.kind == kind) for kind in ("console", "yaml", "text"))
    command = shlex.split(console.text.removeprefix("$ ").replace("\\\n", " "))
    said = {}
    for arguments in ([*command[1:], "--yes"], ["show", "strip-html-english-pages-least"]):
        assert cli.call([" ".join(one.split()) for one in arguments]) == 0
        said[arguments[0]] = capfd.readouterr().out
    assert without_version(said["show"]) == recipe.text
    assert masked(said["prepare"], project) == masked(books.text, project)


def test_the_readme_installs_what_it_then_calls(capfd: pytest.CaptureFixture[str]) -> None:
    install = next(block for block in blocks(ROOT / "README.md") if "make setup" in block.text)
    calls = [line.removeprefix("$ ").split() for line in install.text.splitlines() if line.startswith("$ winnow")]
    assert calls
    assert [cli.call(call[1:]) for call in calls] == [0] * len(calls)
    capfd.readouterr()


@pytest.mark.filterwarnings("ignore::DeprecationWarning:nbclient", "ignore::DeprecationWarning:jupyter_client")
@pytest.mark.slow
def test_the_notebook_runs_and_shows_what_it_shows_here(project: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(ROOT / "examples" / "tour.ipynb", as_version=4)
    here = {cell.id: cell.get("outputs", []) for cell in notebook.cells}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(project / "examples")}}).execute()
    for cell in notebook.cells:
        assert plain(cell.get("outputs", []), project) == plain(here[cell.id], project), cell.source
    pages = [output["data"]["text/html"] for cell in notebook.cells for output in cell.get("outputs", []) if "text/html" in output.get("data", {})]
    titles = [title for html in pages for title in re.findall(r'class="over">([^<]*)', html)]
    assert [title.split()[0] for title in titles] == ["A", "A", "Run", "Row", "Two"]


def plain(outputs: list[dict[str, Any]], project: Path) -> list[str]:
    """What a cell prints and gives, as text."""
    told = [output["text"] if "text" in output else output["data"]["text/plain"] for output in outputs]
    return [masked(one, project) for one in told]


def without_version(text: str) -> str:
    return re.sub(r"^version: \d+\n", "", text, flags=re.MULTILINE)


def masked(text: str, project: Path) -> str:
    """Without what differs from run to run and from place to place: ids, seconds, folders, blanks and rules of the table."""
    lines = (" ".join(line.replace("─", " ").split()) for line in text.replace(str(project), "…").splitlines())
    return CHANGING.sub("…", "\n".join(line for line in lines if line))


@pytest.mark.slow
def test_the_conversation_goes_as_the_page_tells(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    start, talk = blocks(ROOT / "docs" / "chat.md")
    lines = talk.text.splitlines()
    (project / "said.txt").write_text("".join(line.removeprefix("> ") + "\n" for line in lines if line.startswith("> ")), encoding="utf-8")
    assert cli.call([*shlex.split(start.text.removeprefix("$ winnow ")), "--script", "said.txt"]) == 0
    said = capfd.readouterr().err.splitlines()
    assert [line for line in lines if not line.startswith("> ") and line not in said] == []
