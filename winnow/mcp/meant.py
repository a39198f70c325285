"""Which recipe a client means, over which inputs: looked at before anything of it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import Field

from tools.errors import RecipeError
from winnow import options, review
from workflows.builtin_recipes import is_builtin, needs
from workflows.chosen import Chosen, Given, from_builtin, from_file, from_recipe, from_store
from workflows.loader import Loaded, load
from workflows.store import Store

from .grants import ENDINGS, Grants
from .quoting import MOST_RECIPE

MOST_PATH = 4_000
MOST_INPUTS = 50

Path_: TypeAlias = Annotated[str, Field(max_length=MOST_PATH)]
RecipeGiven = Annotated[
    str,
    Field(min_length=1, max_length=MOST_RECIPE, description="A recipe's YAML text; or a stored one: NAME, NAME@VERSION, builtin/NAME; or its file."),
]
InputsGiven = Annotated[
    Path_ | dict[str, Path_],
    Field(max_length=MOST_PATH, description="A file, folder or glob; or name → path where there are several. Empty: what the recipe says."),
]
OutputGiven = Annotated[Path_, Field(description="The file to write. Empty: what the recipe says.")]
ScanAll = Annotated[bool, Field(description="Read all of the input to find the column types, not a sample.")]


@dataclass(frozen=True, kw_only=True)
class Meant:
    """A recipe, where it comes from and where its relative paths start."""

    loaded: Loaded
    text: str
    name: str  # what it was called; empty: the client gave its text
    folder: Path


@dataclass(frozen=True, kw_only=True)
class House:
    """The project's store and what a client may do with it."""

    grants: Grants
    store: Store

    def meant(self, recipe: str, *, approved: bool = False) -> Meant:
        """`approved`: a name without a version means the latest that was approved, where one was. Raises RecipeError where there is no
        such recipe, or the text is none."""
        if "\n" in recipe.strip():
            return Meant(loaded=load(recipe, "recipe"), text=recipe, name="", folder=self.store.project)
        name = recipe.strip()
        if not is_builtin(name) and not name.endswith(ENDINGS) and ("/" in name or ":" in name):
            raise RecipeError(f"recipe {name[:100]!r}: give a recipe's whole text, a stored NAME, builtin/NAME, or a file that ends in .yaml")
        if is_file := name.endswith(ENDINGS):
            self.grants.file(name, Path.cwd())
        elif not is_builtin(name):
            name = self._version(name, approved)
        text, place = review.text_of(self.store, name)
        if len(text) > MOST_RECIPE:
            raise RecipeError(f"recipe {name!r} has {len(text):,} characters; here at most {MOST_RECIPE:,} are taken: use the command line")
        folder = Path(options.absolute(name)).parent if is_file else self.store.project
        return Meant(loaded=load(text, place), text=text, name=name, folder=folder)

    def inputs(self, given: str | Mapping[str, str], known: tuple[str, ...] = ()) -> dict[str, str]:
        """Name → absolute path, each granted."""
        if isinstance(given, str):
            named = options.named_inputs([given], known) if given else {}
        else:
            if len(given) > MOST_INPUTS:
                raise RecipeError(f"inputs: {len(given):,} of them; at most {MOST_INPUTS} are taken: give folders or globs")
            named = {name: options.absolute(path) if path not in ("", options.STANDARD) else path for name, path in given.items()}
        for path in named.values():
            self.grants.read(path, Path.cwd(), self.store.cache)
        return named

    def output(self, given: str) -> str | None:
        """Absolute and granted, None where none is named."""
        if not given:
            return None
        self.grants.written(given, Path.cwd())
        return options.absolute(given)

    def given(self, meant: Meant, inputs: str | Mapping[str, str], output: str, scan_all: bool = False) -> Given:
        """What stands in for the recipe's own paths, after all of both were found to be granted."""
        recipe = meant.loaded.recipe
        named = self.inputs(inputs, tuple(recipe.sources))
        self.grants.recipe(recipe, meant.folder, self.store.cache, named)
        if is_builtin(meant.name) and not named:
            raise RecipeError(f"{meant.name} comes without data: give `inputs`; it takes {needs(meant.name)}")
        return Given(inputs=dict(named), output=self.output(output), scan_all=scan_all)

    def chosen(self, recipe: str, inputs: str | Mapping[str, str], output: str, scan_all: bool = False, *, approved: bool = False) -> Chosen:
        """Checked against its inputs. Raises RecipeError with all that is wrong."""
        meant = self.meant(recipe, approved=approved)
        given = self.given(meant, inputs, output, scan_all)
        if not meant.name:
            return from_recipe(meant.loaded.recipe.model_copy(update={"version": None}), meant.folder, self.store.cache, given)
        if is_builtin(meant.name):
            return from_builtin(meant.name, self.store.project, self.store.cache, given)
        if meant.name.endswith(ENDINGS):
            return from_file(Path(options.absolute(meant.name)), self.store.cache, given)
        name, _, version = meant.name.partition("@")
        return from_store(self.store, name, int(version), given)

    def writable(self, chosen: Chosen) -> None:
        """Raises NotGranted where an output would be put where it must not."""
        for spec in chosen.recipe.outputs.values() if chosen.given.output is None else ():
            self.grants.written(spec.path, chosen.folder)

    def _version(self, name: str, approved: bool) -> str:
        """NAME@VERSION, so that what is looked at is what is used."""
        bare, version = review.stored_name(self.store, name)
        latest = review.latest_approved(self.store, bare) if approved and version is None else None
        return f"{bare}@{version or latest or self.store.versions(bare)[-1]}"
