"""A folder of a model: which files may lie in it, and what they come to. Nothing of it is loaded here, and no heavy library is needed."""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import settings
from .digests import Digests, digest_of_all
from .refused import PLAIN, ModelRefused
from .strict_json import parse_object
from .tables import FILE as TABLE
from .tables import MOST_BYTES as MOST_BYTES_OF_TABLE
from .tables import checked_table
from .template import checked_template
from .weights import INDEX, all_tensors

MOST_BYTES, MOST_FILES = 512 << 30, 1000
SHARD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,100}\.safetensors")
REVISION = re.compile(r"[0-9a-f]{40}")
TEMPLATE = "chat_template.jinja"
NEEDED = (settings.CONFIG, TABLE)
MOST = {  # bytes of each file that may be there
    settings.CONFIG: 1 << 20,
    settings.GENERATION: 256 << 10,
    settings.TOKENIZER: 16 << 20,
    TABLE: MOST_BYTES_OF_TABLE,
    TEMPLATE: 256 << 10,
    INDEX: 32 << 20,
    "special_tokens_map.json": 1 << 20,
    "added_tokens.json": 4 << 20,
    "vocab.json": 64 << 20,
    "vocab.txt": 64 << 20,
    "merges.txt": 64 << 20,
    "README.md": 16 << 20,
    "LICENSE": 1 << 20,
    "LICENSE.txt": 1 << 20,
    "LICENSE.md": 1 << 20,
    "NOTICE": 1 << 20,
    ".gitattributes": 1 << 20,
}
PICKLED = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib", ".npy", ".npz", ".dill", ".msgpack", ".h5", ".keras", ".pb", ".tflite")
WHY = {
    ".py": "is Python code",
    ".so": "is machine code",
    ".gguf": "is in a form that is not loaded",
    ".onnx": "is in a form that is not loaded",
    **dict.fromkeys(PICKLED, "can carry code"),
}


@dataclass(frozen=True)
class ModelFile:
    """One file: its size, when it was written and which it is tell whether it is still the one that was looked at."""

    name: str
    size: int
    written: int
    inode: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ModelFiles:
    """A folder that was found to hold plain weights, settings and tables, and nothing else."""

    folder: Path
    files: tuple[ModelFile, ...]
    config: Mapping[str, object]  # what of config.json is used; the rest is never seen by a library
    generation: Mapping[str, object]
    tokenizer: Mapping[str, object]
    template: str | None
    values: int  # numbers in the weights
    revision: str | None

    @property
    def sha256(self) -> str:
        """Of all files: of their names and digests, in order."""
        return digest_of_all((file.name, file.sha256) for file in self.files)

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    def must_be_unchanged(self) -> None:
        """Raises ModelRefused where a file is no longer the one that was looked at."""
        now = {file.name: facts for file in self.files if (facts := _facts(self.folder / file.name))}
        for file in self.files:
            if now.get(file.name) != (file.size, file.written, file.inode):
                raise ModelRefused(file.name, "has changed since it was looked at", "load the model again")
        if sorted(os.listdir(self.folder)) != sorted(now):
            raise ModelRefused(str(self.folder), "holds other files than when it was looked at", "load the model again")


def open_model(folder: Path | str, *, revision: str | None = None, remembered: Path | None = None, most_bytes: int = MOST_BYTES) -> ModelFiles:
    """Look at all files of a folder and refuse it where one could run code, fetch something, or take more memory than its weights do.

    `remembered`: a folder of this user for digests of files, so that large weights are read once and not at every start. `revision`: what
    the person says it is; by default what the folder's name says, as in snapshots of a hub. Raises ModelRefused.
    """
    place = Path(os.path.realpath(folder))
    names = _admitted(place, str(folder), most_bytes)
    tensors = all_tensors(place, names)
    told = {name: parse_object((place / name).read_bytes(), name) for name in names if name.endswith(".json") and name != INDEX}
    config = settings.checked_config(told[settings.CONFIG], tensors)
    checked_table(told[TABLE])
    settings.refuse_code(told.get("special_tokens_map.json", {}), "special_tokens_map.json")
    tokenizing = told.get(settings.TOKENIZER, {})
    return ModelFiles(
        folder=place,
        files=_digested(place, names, Digests(remembered)),
        config=config,
        generation=settings.checked_generation(told.get(settings.GENERATION, {})),
        tokenizer=settings.checked_tokenizer(tokenizing),
        template=_template(place, names, tokenizing),
        values=sum(tensor.values for tensor in tensors.values()),
        revision=revision or (place.name if REVISION.fullmatch(place.name) else None),
    )


def _admitted(folder: Path, given: str, most_bytes: int) -> list[str]:
    """Names of the files, all of them such as may be there."""
    if "://" in given:
        raise ModelRefused(given, "is an address", "models are not fetched: name a folder of this machine")
    if not folder.is_dir():
        raise ModelRefused(
            given, "is no folder of this machine", "models are not fetched: name a folder with config.json, tokenizer.json and *.safetensors"
        )
    names = sorted(os.listdir(folder))
    if len(names) > MOST_FILES:
        raise ModelRefused(given, f"holds {len(names):,} files")
    taken = 0
    for name in names:
        taken += _admit(folder / name, name)
    if taken > most_bytes:
        raise ModelRefused(given, f"takes {taken / 1e9:,.1f} GB", f"allowed are {most_bytes / 1e9:,.1f} GB")
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise ModelRefused(given, f"lacks {', '.join(missing)}", "a model comes with config.json, tokenizer.json and *.safetensors")
    return names


def _admit(path: Path, name: str) -> int:
    """Its size."""
    facts = path.lstat()
    if stat.S_ISLNK(facts.st_mode):
        raise ModelRefused(name, f"is a link, to {os.readlink(path)[:100]!r}", "copy what it means in its place: cp -L")
    if not stat.S_ISREG(facts.st_mode):
        raise ModelRefused(name, "is a folder" if stat.S_ISDIR(facts.st_mode) else "is no plain file", PLAIN)
    if name not in MOST and not SHARD.fullmatch(name):
        raise ModelRefused(name, WHY.get(Path(name).suffix.lower(), "is no file that a model for text needs"), PLAIN)
    if facts.st_size > MOST.get(name, facts.st_size):
        raise ModelRefused(name, f"has {facts.st_size:,} bytes", f"at most {MOST[name]:,} are read of it")
    return facts.st_size


def _digested(folder: Path, names: list[str], digests: Digests) -> tuple[ModelFile, ...]:
    found = []
    for name in names:
        facts = _facts(folder / name)
        assert facts is not None
        found.append(ModelFile(name, *facts, digests.of(folder / name)))
        if _facts(folder / name) != facts:
            raise ModelRefused(name, "changed while it was read", "wait until nothing writes to it")
    return tuple(found)


def _template(folder: Path, names: list[str], told: Mapping[str, object]) -> str | None:
    if TEMPLATE in names:
        return checked_template((folder / TEMPLATE).read_text(encoding="utf-8", errors="strict"), TEMPLATE)
    found = told.get("chat_template")
    if isinstance(found, list):  # several by name: the one that is used when none is asked for
        named = {one.get("name"): one.get("template") for one in found if isinstance(one, dict)}
        found = named.get("default")
    if found is None:
        return None
    if not isinstance(found, str):
        raise ModelRefused(settings.TOKENIZER, f"chat_template is {str(found)[:60]!r}", "write the template as a text")
    return checked_template(found, settings.TOKENIZER)


def _facts(path: Path) -> tuple[int, int, int] | None:
    try:
        facts = path.lstat()
    except OSError:
        return None
    return facts.st_size, facts.st_mtime_ns, facts.st_ino
