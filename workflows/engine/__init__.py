"""The engine: runs a checked recipe over its inputs and keeps the books."""

from .cost import Cost
from .execute import execute, find_shards, warm
from .preview import Preview, PreviewStep, Shown, preview
from .result import CheckResult, Result, StepResult, Written
from .sample_rows import InputRows, OutputRows, SampleRows
from .scaled import Scaled, scaled
from .trace import Trace, TraceStep, known_shards, trace

__all__ = [
    "CheckResult",
    "Cost",
    "InputRows",
    "OutputRows",
    "Preview",
    "PreviewStep",
    "Result",
    "SampleRows",
    "Scaled",
    "Shown",
    "StepResult",
    "Trace",
    "TraceStep",
    "Written",
    "execute",
    "find_shards",
    "known_shards",
    "preview",
    "scaled",
    "trace",
    "warm",
]
