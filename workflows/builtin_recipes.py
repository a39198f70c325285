"""The recipes that come with winnow, as text: `builtin/NAME` is the file builtin/NAME.yaml."""

from pathlib import Path

from tools.errors import RecipeError
from tools.names import nearest

from .loader import load
from .recipe import Recipe

PREFIX = "builtin/"
ENDING = ".yaml"
FOLDER = Path(__file__).with_name("builtin")


def is_builtin(target: str) -> bool:
    """Whether NAME[@V]|FILE means a recipe that comes with winnow, there or not."""
    return target.startswith(PREFIX) and not target.endswith((ENDING, ".yml"))


def names() -> tuple[str, ...]:
    """All of them, as they are called: `builtin/web`."""
    return tuple(sorted(PREFIX + path.stem for path in FOLDER.glob(f"*{ENDING}")))


def text_of(target: str) -> str:
    """The file as it is, with its comments. Raises RecipeError."""
    name, at, _ = target.partition("@")
    if name not in names():
        raise RecipeError(f"no recipe {name!r}{nearest(name, names())}; `winnow recipes --builtin` lists them")
    if at:
        raise RecipeError(f"{target!r}: a builtin recipe has no versions of its own, it comes with winnow; give {name!r}")
    return (FOLDER / f"{name.removeprefix(PREFIX)}{ENDING}").read_text(encoding="utf-8")


def reads(recipe: Recipe) -> tuple[str, ...]:
    """The columns that the data must have, in the order of the steps: those bound before any step has made them."""
    made = {name for spec in recipe.sources.values() for name in spec.columns}  # columns that may be missing
    found: dict[str, None] = {}
    for step in recipe.steps:
        bound = step.on.values() if isinstance(step.on, dict) else [step.on or []]
        for columns in bound:
            for column in [columns] if isinstance(columns, str) else columns:
                if column not in made and "." not in column:
                    found[column] = None
        renamed = step.rename.values() if isinstance(step.rename, dict) else [step.rename]
        made.update(str(name) for name in (*renamed, step.params.get("column")) if name)
    return tuple(found)


def needs(target: str) -> str:
    """What a person gives to run it, in a few words."""
    recipe = load(text_of(target), target).recipe
    columns = reads(recipe)
    noun = "column" if len(columns) == 1 else "columns"
    return f"--input PATH, rows with the {noun} {', '.join(columns)} (`--column {columns[0]}=NAME` where yours is called NAME)"
