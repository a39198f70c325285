"""Which files of a folder are a Hugging Face data set, and to which split each belongs."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.errors import RecipeError

NAME = "hf_dataset"
DICT, STATE, INFO, README = "dataset_dict.json", "state.json", "dataset_info.json", "README.md"
SUFFIXES = (".parquet", ".arrow", ".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt")
COMPRESSIONS = (".gz", ".zst", ".bz2", ".xz")
_OURS = ("croissant.json", "_manifest.json", DICT, STATE, INFO)  # beside the rows, about them
_TELLING = ("configs", "dataset_info", "license", "size_categories", "task_categories", "pretty_name", "language", "annotations_creators")
_WORDS = {
    "train": r"train(?:ing)?",
    "validation": r"valid(?:ation)?|dev|val",
    "test": r"test(?:ing)?|eval(?:uation)?",
}

Split = tuple[str, Path]


def splits_of(folder: Path) -> list[Split] | None:
    """Each data file with its split, or nothing where the folder is no such data set. Raises RecipeError where it is a broken one."""
    if (folder / DICT).is_file():
        names = _json(folder / DICT).get("splits")
        if not isinstance(names, list) or not names:
            raise RecipeError(f"{str(folder / DICT)!r} names no splits; save the data set again")
        return [(str(name), path) for name in names for _, path in _saved(folder / str(name))]
    if (folder / STATE).is_file() and (folder / INFO).is_file():
        return _saved(folder)
    head = _front_matter(folder / README)
    if head is None or not set(_TELLING) & set(head):
        return None
    found = list(_configured(folder, head) if head.get("configs") else _by_name(folder))
    return found or None


def _saved(folder: Path) -> list[Split]:
    """What `save_to_disk` wrote: other Arrow files in the folder are caches of `map` and no rows of it."""
    state = _json(folder / STATE)
    files = state.get("_data_files")
    try:
        names = [str(one["filename"]) for one in files]  # type: ignore[attr-defined]
    except (TypeError, KeyError):
        raise RecipeError(f"{str(folder / STATE)!r} does not say which files hold the rows; save the data set again") from None
    return [(str(state.get("_split") or "train"), folder / Path(name).name) for name in names]


def _configured(folder: Path, head: Mapping[str, object]) -> Iterator[Split]:
    config = _config(folder, head)
    told = config.get("data_files")
    entries = told if isinstance(told, list) else [told]
    for entry in entries:
        split = str(entry.get("split", "train")) if isinstance(entry, dict) else "train"
        paths = entry.get("path") if isinstance(entry, dict) else entry
        for pattern in paths if isinstance(paths, list) else [paths]:
            if not isinstance(pattern, str) or "://" in pattern or Path(pattern).is_absolute() or ".." in Path(pattern).parts:
                raise RecipeError(f"{str(folder / README)!r}: data_files {pattern!r} is no path within the folder")
            yield from ((split, path) for path in sorted(folder.glob(pattern)) if path.is_file() and _is_data(path, folder))


def _config(folder: Path, head: Mapping[str, object]) -> Mapping[str, object]:
    configs = head["configs"]
    known = [one for one in configs if isinstance(one, dict)] if isinstance(configs, list) else []
    by_name = {str(one.get("config_name", "default")): one for one in known}
    if len(by_name) == 1:
        return next(iter(by_name.values()))
    chosen = next((one for one in known if one.get("default")), by_name.get("default"))
    if chosen is None:
        raise RecipeError(
            f"{str(folder)!r} holds the configurations {', '.join(by_name)}; name the files of one, as in {str(folder / 'NAME/*.parquet')!r}"
        )
    return chosen


def _by_name(folder: Path) -> Iterator[Split]:
    """By the names of folders and files, as the Hub does where its YAML says nothing; else all is `train`."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and _is_data(path, folder):
            words = re.split(r"[^a-z]+", str(path.relative_to(folder)).lower())
            yield next((split for split, pattern in _WORDS.items() if any(re.fullmatch(pattern, word) for word in words)), "train"), path


def _is_data(path: Path, folder: Path) -> bool:
    within = path.relative_to(folder)
    bare = path.with_suffix("") if path.suffix in COMPRESSIONS else path
    return bare.suffix.lower() in SUFFIXES and path.name not in _OURS and not any(part[0] in "._" for part in within.parts)


def _front_matter(path: Path) -> Mapping[str, object] | None:
    """The YAML at the head of a card."""
    if not path.is_file():
        return None
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    head = re.match(r"\ufeff?---\r?\n(.*?)\r?\n---\s*(?:\r?\n|$)", path.read_text(encoding="utf-8", errors="replace")[: 1 << 20], re.DOTALL)
    try:
        told = YAML(typ="safe", pure=True).load(head[1]) if head else None
    except YAMLError:
        return None
    return told if isinstance(told, dict) else None


def _json(path: Path) -> Mapping[str, object]:
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise RecipeError(f"{str(path)!r} cannot be read: {error}; was the data set copied whole?") from error
    return told if isinstance(told, dict) else {}
