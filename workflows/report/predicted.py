"""What a preview said, kept until the run that it was made for tells what came of it."""

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from ..graph import Graph
from ..manifest import Fingerprint, replace_file

if TYPE_CHECKING:
    from ..engine.preview import Preview

log = logging.getLogger(__name__)
NAME = "preview.json"


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True, defer_build=True)


class StepPrediction(Part):
    """What one step was expected to do. `share` with `low` and `high`: what it lets through of what it gets."""

    id: str
    share: float | None
    low: float | None
    high: float | None
    unknown: bool
    rows_out: float | None
    rows_low: float = 0.0
    rows_high: float = 0.0
    seconds: float | None = None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Of the share, where one was told."""
        return None if self.low is None or self.high is None else (self.low, self.high)


class CostPrediction(Part):
    """What the run was expected to take."""

    seconds: float = 0.0
    memory: float = 0.0
    disk: float = 0.0
    steps: dict[str, float] = {}
    sure: bool = True
    measured: bool = False
    workers: int = 1


class Prediction(Part):
    """What a run was expected to do."""

    rows: int
    whole: bool
    total_rows: float
    bytes: float = 0.0
    steps: tuple[StepPrediction, ...]
    cost: CostPrediction = CostPrediction()

    @property
    def by_step(self) -> Mapping[str, StepPrediction]:
        return {step.id: step for step in self.steps}


def prediction(seen: "Preview") -> Prediction:
    """What a preview says of the run."""
    return Prediction.model_validate(seen)


def parsed(text: str) -> Prediction | None:
    """A prediction that was kept as text; none when this winnow cannot read it."""
    try:
        return Prediction.model_validate_json(text)
    except ValidationError:
        return None


def keep(seen: "Preview", graph: Graph, lock_digest: str, cache: Path) -> None:
    """Remember a preview under what it was of: the lock and the input files as they are. A store that nobody may write to forgets it."""
    try:
        facts = [(file.path, stat.st_size, stat.st_mtime_ns) for given in graph.inputs for file in given.files if (stat := Path(file.path).stat())]
        path = _path(cache, lock_digest, facts)
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, prediction(seen).model_dump_json().encode())
    except OSError as error:
        log.info("the preview is not kept: %s", error)


def known(run: Path, lock_digest: str, files: Iterable[Fingerprint], cache: Path | None) -> Prediction | None:
    """What was said before this run, if anything was. It is moved into the run's folder, where no clean-up reaches it."""
    places = [run / NAME, *([] if cache is None else [_path(cache, lock_digest, ((one.path, one.size, one.mtime_ns) for one in files))])]
    for place in places:
        try:
            body = place.read_bytes()
            found = Prediction.model_validate_json(body)
        except (OSError, ValidationError):
            continue
        if place.parent != run:
            replace_file(run / NAME, body)
        return found
    return None


def _path(cache: Path, lock_digest: str, files: Iterable[tuple[str, int, int]]) -> Path:
    text = json.dumps([lock_digest, sorted([path, size, mtime] for path, size, mtime in files)])
    return cache / "previews" / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.json"
