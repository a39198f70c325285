"""Reads where and as what the rows are written, and what a row of an input is where files alone do not tell."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from workflows.inputs import SUFFIXES, ending

from .clauses import Phrase

HUB = "hf_dataset"
_HUB = (
    r"\bhugging ?-?face\b[^.;]{0,25}\b(?:data ?sets?|format|folder|repo(?:sitory)?|layout|style)\b|\bhf[- ]?data ?sets?\b|"
    r"\bdata ?sets? for (?:the )?hugging ?-?face\b|\b(?:data ?set|data) cards?\b|\bcroissant\b|\bload_dataset\b|"
    r"\bdatasets[- ](?:compatible|library|folder|format)\b"
)
ENDINGS = {
    HUB: _HUB,
    "arrow": r"\b(?:apache )?arrow\b(?! keys?)(?:[- ](?:ipc|file|format|table|stream))?|\bfeather\b",
    "csv": r"\bcsv\b",
    "tsv": r"\btsv\b|\btab[- ]separated\b",
    "parquet": r"\bparquet\b",
    "jsonl": r"\bjson ?lines\b|\bjsonl\b|\bndjson\b",
}
_OUTPUT = re.compile(
    "|".join(
        (
            _HUB,
            r"\b(?:in|as|to|into)\s+(?:an?\s+)?(?:apache )?(?:arrow|feather|parquet|csv|tsv|json ?lines|jsonl)\b",
            r"\b(?:arrow|feather|parquet|csv|tsv|jsonl) output\b",
            r"\b(?:arrow|feather) (?:file|format|ipc|table|stream)\b|\bneed (?:an? )?(?:arrow|feather)\b",
        )
    )
)
_ONLY = re.compile(
    r"(?:please |and |also |then |i |this |deliver |convert |we |want |need |would like |give (?:me|us) |make |makes? it |"
    r"turn (?:it|them|that|the rows) into |"
    r"write |save |store |export |output |put |produce |create |generate |all |it |them|the |rows|results?|result|data|everything|something |"
    r"that |can |reads? |as |to |in |into |an? |with |plus |including |together |proper |nice |good |full |complete |ready |for |be |loaded |"
    r"by |on |disk |of |its own |metadata|file |files |format |folder |it's )*"
)
_FOLDER = re.compile(r"\b(?:in|into|to|under|at|folder|directory)\s+(?:the\s+)?(?:folder\s+|directory\s+)?(?P<path>(?:[\w-][\w.-]*/)+)(?=[\s,.;)]|$)")
_BY_FILE = re.compile(
    r"\b(?:one|a|each|every|per|whole) (?:html |text |txt |markdown |md )?files? (?:is|as|per|=|makes?|becomes?|equals|counts as)\s+"
    r"(?:a |an |one |each |its own |a single )?"
    r"(?:row|record|document|text|page|item|example)s?\b|"
    r"\b(?:one|a|each|every) (?:row|record|document|text|page|item) (?:per|is|for each|for every|from each) (?:one |a |an )?file\b|"
    r"\bfile by file\b|\bwhole files\b"
)
_BY_PARAGRAPH = re.compile(
    r"\b(?:one|a|each|every) paragraph (?:is|as|per|=|makes?|becomes?|a)\s+(?:a |an |one |its own )?(?:row|record|text|item|document)s?\b|"
    r"\b(?:one|a|each|every) (?:row|record|text|item) (?:per|is|for each|for every) (?:one |a )?paragraph\b|\bparagraph by paragraph\b"
)
_READS = re.compile(
    r"(?:\s|[.,!]|\ue000|please|read|load|take|treat|consider|count|make|it|them|the|as|of|in|from|with|folder|input|here|and|files?|pages?|texts?|html|markdown|[\w-]+/)*"
)
_SPLIT = re.compile(
    r"\b(?:only|just|use|take|keep|read|from|of)\s+(?:only\s+|just\s+)?(?:the\s+)?[`'\"]?(?P<split>train|test|validation|dev)[`'\"]? split\b"
)


@dataclass(frozen=True)
class Reading:
    """The format of an input as the goal has it; empty: as its files have it."""

    format: str | None = None
    options: dict[str, object] = field(default_factory=dict)


AS_ITS_FILES = Reading()


@dataclass(frozen=True)
class Place:
    """Where the rows go, and as what."""

    path: str
    format: str | None
    options: dict[str, object] = field(default_factory=dict)


def said(goal: str) -> str | None:
    """The format that the goal wants written."""
    lower = goal.lower()
    if re.search(_HUB, lower) and not re.search(rf"\b(?:from|read|load)\b[^.;,]{{0,20}}(?:{_HUB})", lower):
        return HUB
    lead = r"\b(?:as|to|into|in|a|an|write|save|export|output)\b[^.;]{0,30}"
    return next(
        (
            name
            for name, pattern in ENDINGS.items()
            if name != HUB and re.search(f"{lead}(?:{pattern})|(?:{pattern}) output\\b|,\\s+(?:{pattern})[ .!]*$", lower)
        ),
        None,
    )


def only_reads(phrase: Phrase) -> bool:
    """`read the pages`: what happens anyway."""
    return bool(
        re.fullmatch(r"(?:please )?(?:read|load|open|import)(?: in)? (?:all )?(?:the |my |these |this |those )?[a-z]+[ .!]*", phrase.lower.strip())
    )


def is_place(phrase: Phrase) -> bool:
    """Whether a clause only says that the rows become a data set of some format, in some folder."""
    found = _OUTPUT.search(phrase.lower)
    if not found:
        return False
    rest = _FOLDER.sub(" ", phrase.lower[: found.start()] + " " + phrase.lower[found.end() :])
    rest = re.sub(rf"{_HUB}|[\w./-]+/(?=\s|$)", " ", rest)
    return bool(_ONLY.fullmatch(" ".join(rest.replace(",", " ").split()).strip(" .!") + " ")) or not rest.strip(" .!,")


def clash(goal: str, output: str | None) -> str:
    """A question where the goal wants a folder and the output names a file."""
    if said(goal) != HUB or output is None or output.endswith("/"):
        return ""
    if output == "-":
        return "A Hugging Face dataset is a folder and cannot go to stdout. Where shall it go?"
    if not ending(output)[0]:
        return ""
    folder = str(Path(output).with_suffix("")) + "/"
    return f"A Hugging Face dataset is a folder, and --output names the file {Path(output).name!r}. Shall it be {folder!r}?"


def absent_split(goal: str, reads: Iterable[Reading], columns: Iterable[str]) -> str:
    """A question where the goal asks for one split of an input that has none."""
    told = _SPLIT.search(goal.lower())
    if told is None or "split" in columns or any("split" in one.options for one in reads) or len(re.findall(r"\bsplit", goal.lower())) > 1:
        return ""
    return f"The input has no splits, so there is no {told['split']!r} split to take. Shall the rows be split first, or is another input meant?"


def place(goal: str, output: str | None, name: str, formats: Iterable[str]) -> Place:
    """The path, ended in `/` where it is a folder, and the format where the path does not tell it. `formats`: of the inputs."""
    wanted = said(goal)
    path = output or _folder(goal, wanted, name)
    if wanted == HUB:
        return Place(path if path.endswith("/") else f"{path}/", HUB)
    suffix = ending(path)[0]
    stream = wanted == "arrow" and re.search(r"\bstream(?:ing|s|ed)?\b", goal.lower())
    options: dict[str, object] = {"layout": "stream"} if suffix == ".arrows" or stream else {}
    if suffix in SUFFIXES and _writes(SUFFIXES[suffix]):
        return Place(path, None, options if SUFFIXES[suffix] == "arrow" else {})
    if wanted is not None:
        return Place(path, wanted, options)
    own = list(dict.fromkeys(formats))
    return Place(path, own[0] if path.endswith("/") and len(own) == 1 and _writes(own[0]) else "jsonl")


def reading(goal: str, path: str, cache: Path) -> Reading:
    """What becomes a row of an input of texts."""
    if (chosen := _SPLIT.search(goal.lower())) and _has_splits(path, cache):
        return Reading(HUB, {"split": chosen["split"]})
    suffixes = {ending(path)[0]} if Path(path).suffix and not Path(path).is_dir() else _suffixes(path, cache)
    formats = {SUFFIXES.get(suffix, "") for suffix in suffixes}
    if formats == {"text"} and _BY_FILE.search(goal.lower()):
        return Reading("text_files")
    if formats in ({"text"}, {"text_files"}) and _BY_PARAGRAPH.search(goal.lower()):
        return Reading("text_files" if formats == {"text_files"} else "text", {"records": "paragraph"})
    return Reading()


def says_what_a_row_is(phrase: Phrase, reads: Iterable[Reading]) -> bool:
    """Whether a clause tells how files are read, and nothing else."""
    by_split = any("split" in one.options for one in reads)
    found = _BY_FILE.search(phrase.lower) or _BY_PARAGRAPH.search(phrase.lower) or (_SPLIT.search(phrase.lower) if by_split else None)
    if not found:
        return False
    rest = phrase.lower[: found.start()] + " " + phrase.lower[found.end() :]
    return bool(_READS.fullmatch(rest))


def _folder(goal: str, wanted: str | None, name: str) -> str:
    """The folder beneath this one that the goal names; else a name of its own."""
    told = _FOLDER.search(goal)
    if told and ".." not in told["path"]:
        return told["path"]
    return f"{name}/" if wanted == HUB else f"{name}.{wanted or 'jsonl'}"


def _writes(format: str) -> bool:
    return format in ("jsonl", "json", "csv", "tsv", "parquet", "arrow", "text", HUB)


def _has_splits(path: str, cache: Path) -> bool:
    from workflows.inputs import find

    return all(file.layout == HUB for file in find(path, Path.cwd(), True, cache))


def _suffixes(path: str, cache: Path) -> set[str]:
    """Endings of the files of a folder or pattern."""
    from workflows.inputs import find

    return {ending(file.path)[0] for file in find(path, Path.cwd(), True, cache) if not file.layout}
