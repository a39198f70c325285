"""Which files a path means, and which source or sink speaks their format."""

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from tools.catalogue import OPERATORS, operator
from tools.contract import Operator
from tools.errors import RecipeError
from tools.formats.hf_layout import NAME as HF_DATASET
from tools.formats.hf_layout import splits_of
from tools.names import nearest
from tools.storage import File, Sink, Source

from .parameters import Problem, make, problems, too_large
from .remote import LOCAL, fetched, is_remote

# suffix → source; kept here so that a file is told by its name without importing all readers (a test compares it with them)
SUFFIXES: Mapping[str, str] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".arrows": "arrow",
    ".ipc": "arrow",
    ".txt": "text",
    ".text": "text",
    ".md": "text_files",
    ".markdown": "text_files",
    ".rst": "text_files",
    ".html": "html_files",
    ".htm": "html_files",
    ".xhtml": "html_files",
}
# formats that read files whose ending means another one, where a recipe says so
ALSO_READ: Mapping[str, tuple[str, ...]] = {"text_files": ("text", "html_files"), "text": ("text_files", "html_files")}
COMPRESSIONS = ("gz", "zst", "bz2", "xz")
FOLDERS = ("jsonl", "parquet", "arrow", "csv", "tsv", "json", "text", "hf_dataset")  # what a folder of parts may be of
STDIN = "-"
WILD = frozenset("*?[")
ABOUT = ("README", "LICENSE", "LICENCE", "NOTICE", "CHANGELOG")  # beside data, about data
MOST_FILES = 100_000
MOST_NAME = 255  # bytes of one name in a path, on every file system that is in use

Kind = TypeVar("Kind", bound=Operator)


@dataclass(frozen=True)
class Found:
    """A file that a path means, by which name, and of what its folder says it is part."""

    root: Path
    path: Path
    name: str  # from the root
    layout: str = ""


class Unfit(RecipeError):
    """Options that a source or sink does not take: said one by one where they stand."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message + problem.mend for problem in problems))
        self.problems = problems


_spooled: list[Path] = []  # a process has one stdin and can read it once


def find(path: str | Sequence[str], folder: Path, granted: bool, cache: Path | None = None) -> tuple[File, ...]:
    """Files sorted by their name within the source. Raises RecipeError.

    A path that a person typed on the command line is `granted`; one that stands in a recipe is relative to the recipe's
    folder and must stay beneath it, wherever its links lead.
    """
    paths = [path] if isinstance(path, str) else list(path)
    if not paths:
        raise RecipeError("no path is given")
    found: dict[str, Found] = {}
    for one in paths:
        for file in _files(one, folder, granted, cache):
            found.setdefault(os.path.realpath(file.path), file)
    if len(found) > MOST_FILES:
        raise RecipeError(f"path {paths[0]!r} means {len(found):,} files; at most {MOST_FILES:,} are read at once: join them first")
    return _named(list(found.values()))


def source_for(files: Sequence[File], format: str | None, options: Mapping[str, object]) -> Source:
    """The source that reads these files: the one named, or the one that knows their ending."""
    return _made(format or format_of(files), Source, options)  # type: ignore[type-abstract]


def sink_for(path: str, format: str | None, options: Mapping[str, object]) -> tuple[Sink, str]:
    """The sink that writes this file and the compression that its ending asks for."""
    suffix, compression = ending(path)
    if format is None and path.endswith("/") and suffix not in SUFFIXES:
        raise RecipeError(
            f"output path {path!r} names a folder, but not what its parts are; say `format:` ({_listed(FOLDERS)}), or name it as in {'out.jsonl/'!r}"
        )
    if format is None and suffix not in SUFFIXES:
        mend = f"{nearest(suffix, SUFFIXES) or ';'} give one of {_listed(SUFFIXES)}, or say `format:`"
        raise RecipeError(f"output path {path!r}: ending {suffix!r} is not known{mend}")
    name = format or SUFFIXES[suffix]
    if format is None and f"write_{name}" not in OPERATORS:
        raise RecipeError(f"output path {path!r}: files that end in {suffix!r} are only read; end it in one of {_listed(_written())}")
    sink = _made(name if name.startswith("write_") else f"write_{name}", Sink, options)  # type: ignore[type-abstract]
    if sink.only_folder and not path.endswith("/"):
        raise RecipeError(f"output path {path!r}: {name} is a folder; end the path in `/`, as in {path + '/'!r}")
    return sink, compression


def _written() -> list[str]:
    return [suffix for suffix, name in SUFFIXES.items() if f"write_{name}" in OPERATORS]


def ending(path: str) -> tuple[str, str]:
    """The suffix that tells the format and the compression: `.jsonl` and `zst` of `rows.jsonl.zst`."""
    stem, dot, last = Path(path).name.rpartition(".")
    if dot and last.lower() in COMPRESSIONS:
        return Path(stem).suffix.lower(), last.lower()
    return (f".{last.lower()}" if dot and stem else ""), ""


def fingerprint(path: Path) -> tuple[int, int, int]:
    """Size, time of change and inode: when none differs, the file is taken to be the same."""
    seen = path.stat()
    return seen.st_size, seen.st_mtime_ns, seen.st_ino


def takes_in(paths: str | Sequence[str], folder: Path, output: str) -> bool:
    """Whether this path, a folder or a pattern, would mean the output's file too, once that is written."""
    from fnmatch import fnmatch

    written = os.path.realpath(output)
    for path in [paths] if isinstance(paths, str) else paths:
        place = os.path.realpath(folder / path)
        if os.path.isdir(place):
            is_data = ending(written)[0] in SUFFIXES and not any(part[:1] in "._" for part in Path(os.path.relpath(written, place)).parts)
            if Path(written).is_relative_to(place) and is_data:
                return True
        elif WILD & set(path) and not os.path.exists(place):
            root = os.path.realpath(folder / _fixed(path))
            if Path(written).is_relative_to(root) and fnmatch(written, str(Path(root) / _loose(path))):
                return True
    return False


def _loose(pattern: str) -> str:
    """The part of a pattern behind its fixed part; `**/` may stand for no folder at all."""
    return str(Path(pattern).relative_to(_fixed(pattern))).replace("**/", "*")


def beneath(path: str, folder: Path, granted: bool = False) -> Path:
    """The place that a path in a recipe means. Raises RecipeError where it leads out of the recipe's folder, unless `granted`."""
    _refuse_no_path(path)
    place = (folder / path).absolute()
    if not granted and not Path(os.path.realpath(place)).is_relative_to(os.path.realpath(folder)):
        raise RecipeError(f"path {path!r} leads out of the recipe's folder; a recipe reads and writes beneath it: name the path on the command line")
    return place


def _refuse_no_path(path: str) -> None:
    if not path or "\0" in path:
        raise RecipeError(f"path {path!r} is no path; name a file")
    if long := next((part for part in Path(path).parts if len(os.fsencode(part)) > MOST_NAME), None):
        raise RecipeError(f"path {path[:40] + '...'!r}: a name of {len(os.fsencode(long))} bytes is too long; at most {MOST_NAME} do")


def _files(path: str, folder: Path, granted: bool, cache: Path | None) -> list[Found]:
    """The files, each with the folder from which they are named: it follows from the path alone, not from what it matches today."""
    if path == STDIN:
        spooled = _spool(cache)
        return [Found(spooled.parent, spooled, spooled.name)]
    if is_remote(path):
        if not granted:
            raise RecipeError(f"path {path!r} lies elsewhere, and a recipe fetches nothing by itself: name it on the command line")
        if not path.startswith(LOCAL):
            root, chosen = fetched(path, cache)
            return [Found(root, file, str(file.relative_to(root).relative_to(file.relative_to(root).parts[0]))) for file in chosen]
        path = path.removeprefix(LOCAL)
    _refuse_no_path(path)
    place = (folder / path).absolute()
    if not granted:
        beneath(str(_fixed(path)), folder)
    splits = splits_of(place) if place.is_dir() else None
    if splits is not None:
        return [_split_file(place, file, split, granted, folder, path) for split, file in splits]
    if place.is_dir():
        root, chosen = place, _in_folder(place)
    elif place.exists() or not WILD & set(path):
        root, chosen = place.parent, [place]
    else:
        root, chosen = _matching(path, folder)
    for file in chosen:
        if not granted:
            beneath(str(file), folder)
        _readable(file, path)
    return [Found(root, file, str(file.relative_to(root))) for file in chosen]


def _split_file(root: Path, file: Path, split: str, granted: bool, folder: Path, path: str) -> Found:
    """A file of a data set with splits: it is named as if it lay in a folder of its split."""
    if not granted:
        beneath(str(file), folder)
    _readable(file, path)
    within = file.relative_to(root)
    name = within if within.parent.name == split else within.parent / split / within.name
    return Found(root, file, str(name), HF_DATASET)


def _in_folder(folder: Path) -> list[Path]:
    inside = [file for file in folder.rglob("*") if not any(part[0] in "._" for part in file.relative_to(folder).parts)]
    files = sorted(file for file in inside if ending(file.name)[0] in SUFFIXES and file.is_file() and not file.name.upper().startswith(ABOUT))
    if not files:
        raise RecipeError(f"folder {str(folder)!r} holds no file of a known format ({_listed(SUFFIXES)})")
    return files


def _matching(pattern: str, folder: Path) -> tuple[Path, list[Path]]:
    import glob

    found = (Path(name) for name in glob.iglob(str(Path(glob.escape(str(folder))) / pattern), recursive=True))
    files = sorted(file.absolute() for file in found if file.is_file())
    if not files:
        raise RecipeError(f"pattern {pattern!r} matches no file in {str(folder)!r}")
    return (folder / _fixed(pattern)).absolute(), files


def _fixed(pattern: str) -> Path:
    """The part of a pattern before the first that may match several names."""
    return Path(*takewhile(lambda part: not WILD & set(part), Path(pattern).parts))


def _readable(file: Path, path: str) -> None:
    try:
        mode = file.stat().st_mode
    except FileNotFoundError:
        beside = sorted(one.name for one in file.parent.iterdir()) if file.parent.is_dir() else []
        there = f"; there are {_some(beside)}" if beside else f"; there is no file in {str(file.parent)!r}"
        mend = (nearest(file.name, beside) or there) if file.parent.is_dir() else f"; there is no folder {str(file.parent)!r}"
        raise RecipeError(f"no file {path!r}{mend}") from None
    except OSError as error:
        raise RecipeError(f"file {path!r} cannot be read: {error.strerror}") from None
    if not stat.S_ISREG(mode):
        raise RecipeError(f"{path!r} is not a plain file; a stream is read as `-`")
    if not os.access(file, os.R_OK):
        raise RecipeError(f"file {path!r} cannot be read: permission denied")


def _named(found: list[Found]) -> tuple[File, ...]:
    top = Path(os.path.commonpath([one.root for one in found]))
    named = sorted((_bare(str(one.root.relative_to(top) / one.name)), str(one.path), one.layout) for one in found)
    for (name, one, _), (other, two, _) in pairwise(named):
        if name == other:
            raise RecipeError(f"{one!r} and {two!r} differ in compression alone; they look like one file twice: name the one that is meant")
    return tuple(File(path=path, inside=name, layout=layout) for name, path, layout in named)


def _bare(name: str) -> str:
    stem, dot, last = name.rpartition(".")
    return stem if dot and last.lower() in COMPRESSIONS else name


def _spool(cache: Path | None) -> Path:
    """What stands on stdin, as a JSONL file that can be read more than once."""
    if not _spooled:
        if sys.stdin.isatty():
            raise RecipeError("path '-' reads rows from stdin, but stdin is a terminal; pipe JSONL into the command")
        folder = (cache or Path(tempfile.mkdtemp(prefix="winnow-"))) / "stdin"
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
            shutil.copyfileobj(sys.stdin.buffer, part)
        _spooled.append(_by_content(Path(part.name)))
    return _spooled[0]


def _by_content(part: Path) -> Path:
    import hashlib

    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    folder = part.parent / digest[:32]  # the folder carries the digest: the file's name is what rows are known by
    folder.mkdir(exist_ok=True)
    return part.replace(folder / "stdin.jsonl")


def format_of(files: Sequence[File]) -> str:
    """The format that the files' folder or their endings tell. Raises RecipeError where they tell none, or two."""
    first: dict[str, str] = {}
    for file in files:
        if file.layout:
            first.setdefault(file.layout, file.path)
            continue
        suffix, _ = ending(file.path)
        if suffix not in SUFFIXES:
            mend = f"{nearest(suffix, SUFFIXES) or ';'} say `format:` ({_listed(set(SUFFIXES.values()))})"
            raise RecipeError(f"file {file.path!r}: ending {suffix!r} is not known{mend}")
        first.setdefault(SUFFIXES[suffix], file.path)
    if len(first) > 1:
        (one, a), (two, b) = list(first.items())[:2]
        raise RecipeError(f"one source holds two formats: {a!r} is {one}, {b!r} is {two}; make two sources of them, or say `format:`")
    return next(iter(first))


def _made(name: str, kind: type[Kind], options: Mapping[str, object]) -> Kind:
    noun = "source" if kind is Source else "sink"
    known = [one for one in OPERATORS if OPERATORS[one].startswith("tools.formats.") and one.startswith("write_") == (kind is Sink)]
    formats = [one.removeprefix("write_") for one in known]
    if name.partition("@")[0] not in OPERATORS:
        bare = name.removeprefix("write_")
        raise RecipeError(f"format {bare!r} is not known{nearest(bare, formats) or ';'} the formats are {_listed(formats)}")
    made = operator(name)
    if not issubclass(made, kind):
        raise RecipeError(f"format {name!r} is no {noun}; give one of {_listed(formats)}")
    found = too_large(options)
    try:
        if not found:
            return make(made, options)
    except ValidationError as error:
        found = problems(error, made)
    raise Unfit(found)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
