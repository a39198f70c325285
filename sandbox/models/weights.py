"""The headers of safetensors files: what tensors a file claims to hold, and whether it can hold them."""

import math
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .refused import ModelRefused
from .strict_json import parse_object

BITS = {
    "F64": 64, "F32": 32, "F16": 16, "BF16": 16, "I64": 64, "I32": 32, "I16": 16, "I8": 8, "U64": 64, "U32": 32, "U16": 16, "U8": 8,
    "BOOL": 8, "F8_E4M3": 8, "F8_E5M2": 8,
}  # fmt: skip
MOST_HEADER, MOST_TENSORS, MOST_AXES = 32 << 20, 200_000, 8
INDEX, ONE = "model.safetensors.index.json", "model.safetensors"
MEND = "take the file from its source again"


@dataclass(frozen=True)
class Tensor:
    kind: str
    shape: tuple[int, ...]

    @property
    def values(self) -> int:
        return math.prod(self.shape)


def tensors_of(path: Path) -> dict[str, Tensor]:
    """By name. Raises ModelRefused where the header is not true: tensors must lie one behind the other and fill the file."""
    header, body = _header(path)
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise ModelRefused(path.name, "its __metadata__ holds more than texts", MEND)
    if len(header) > MOST_TENSORS:
        raise ModelRefused(path.name, f"claims {len(header):,} tensors, more than {MOST_TENSORS:,}", MEND)
    found = {name: _tensor(path.name, name, told) for name, told in header.items()}
    _fill(path.name, {name: (start, end) for name, (_, start, end) in found.items()}, body)
    if zipfile.is_zipfile(path):
        raise ModelRefused(path.name, "is an archive (zip) as well, as pickled weights are", MEND)
    return {name: tensor for name, (tensor, _, _) in found.items()}


def _header(path: Path) -> tuple[dict[str, object], int]:
    """And how many bytes come after it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 2 <= length <= min(MOST_HEADER, size - 8):
            raise ModelRefused(path.name, f"is no safetensors file: its header claims {length:,} bytes of {size:,}", MEND)
        raw = file.read(length)
    if not raw.startswith(b"{"):
        raise ModelRefused(path.name, f"is no safetensors file: its header starts with {raw[:8]!r}", MEND)
    return parse_object(raw, path.name), size - 8 - length


def _tensor(file: str, name: str, told: object) -> tuple[Tensor, int, int]:
    if not isinstance(told, dict) or set(told) != {"dtype", "shape", "data_offsets"}:
        raise ModelRefused(file, f"tensor {name[:80]!r} is not described by dtype, shape and data_offsets", MEND)
    kind, shape, place = told["dtype"], told["shape"], told["data_offsets"]
    if not isinstance(kind, str) or kind not in BITS:
        raise ModelRefused(file, f"tensor {name[:80]!r} has the dtype {str(kind)[:20]!r}, which is none of {', '.join(BITS)}", MEND)
    if not _are_sizes(shape) or len(shape) > MOST_AXES or not _are_sizes(place) or len(place) != 2:
        raise ModelRefused(file, f"tensor {name[:80]!r} has the shape {str(shape)[:60]} at {str(place)[:60]}", MEND)
    tensor, (start, end) = Tensor(kind, tuple(shape)), place
    if end - start != tensor.values * BITS[kind] // 8:
        raise ModelRefused(file, f"tensor {name[:80]!r}: {shape} of {kind} are {tensor.values * BITS[kind] // 8:,} bytes, not {end - start:,}", MEND)
    return tensor, start, end


def _are_sizes(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one < 1 << 48 for one in value)


def _fill(file: str, places: Mapping[str, tuple[int, int]], body: int) -> None:
    """No two tensors overlap, nothing lies between or behind them."""
    reached = 0
    for name, (start, end) in sorted(places.items(), key=lambda one: one[1]):
        if start != reached:
            raise ModelRefused(file, f"tensor {name[:80]!r} starts at {start:,} where {reached:,} was due: tensors overlap or leave a gap", MEND)
        reached = end
    if reached != body:
        raise ModelRefused(file, f"its tensors take {reached:,} bytes, but {body:,} lie behind the header", MEND)


def all_tensors(folder: Path, names: list[str]) -> dict[str, Tensor]:
    """Of model.safetensors, or of the shards that the index names. Raises ModelRefused."""
    if INDEX not in names:
        shards = [name for name in names if name.endswith(".safetensors")]
        if shards != [ONE]:
            raise ModelRefused(str(folder), f"holds {', '.join(shards) or 'no weights'} where {ONE}, or shards and {INDEX}, were due")
        return tensors_of(folder / ONE)
    told = parse_object((folder / INDEX).read_bytes(), INDEX).get("weight_map")
    if not isinstance(told, dict) or not told:
        raise ModelRefused(INDEX, "has no weight_map", MEND)
    return _sharded(folder, told, {name for name in names if name.endswith(".safetensors")})


def _sharded(folder: Path, told: Mapping[str, object], shards: set[str]) -> dict[str, Tensor]:
    named = set(map(str, told.values()))
    if named - shards:
        raise ModelRefused(INDEX, f"names {min(named - shards)[:80]!r}, which is no file of weights in this folder", MEND)
    if shards - named:
        raise ModelRefused(INDEX, f"does not name {min(shards - named)!r}, which lies beside it", "take away what does not belong to the model")
    found: dict[str, Tensor] = {}
    for shard in sorted(shards):
        inside = tensors_of(folder / shard)
        if inside.keys() != {name for name, place in told.items() if place == shard}:
            raise ModelRefused(INDEX, f"does not say truly which tensors lie in {shard}", MEND)
        found |= inside
    return found
