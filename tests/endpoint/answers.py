"""What the test server can be told to answer, and every way in which it can go wrong."""

from dataclasses import dataclass
from typing import Any

FAULTS = (
    "busy",  # 429, Retry-After: 0
    "busy_by_date",  # 429, Retry-After is a date by a clock that is an hour ahead
    "error_500",
    "error_503",
    "slow_headers",
    "slow_tokens",
    "cut_stream",  # the connection closes within a chunk
    "cut_cleanly",  # the stream ends as if it were complete, without finish_reason
    "bad_utf8",
    "split_utf8",  # one character in two packets: right, and to be read
    "no_choices",
    "html",
    "fenced",
    "thinking",
    "broken_json",
    "wrong_schema",
    "no_usage",
    "null_content",
    "refusal",
    "length",
    "ignores_limit",  # of tokens
    "huge",  # text without end
    "huge_line",  # a line without end
    "reset",
    "reset_midway",
    "refuses_format",  # 400
    "refuses_seed",  # 400
    "too_long",  # 400
    "wrong_model",  # 404
    "echoes",  # 401, with all headers of the request in it
    "error_200",
    "error_midway",
    "redirect",
    "compressed",
    "whole",  # one object although a stream was asked
    "wrong_types",
    "nothing",
)
MIXED = tuple(
    fault for fault in FAULTS if fault not in ("refuses_format", "refuses_seed", "too_long", "redirect", "wrong_model", "echoes", "ignores_limit")
)  # what comes and goes


@dataclass(frozen=True)
class Answer:
    """One answer of the script. `text` None: whatever the mode of the server says. `seconds`: how slow a slow one is."""

    text: str | None = None
    fault: str | None = None
    seconds: float = 5.0
    location: str = "http://127.0.0.1:9/v1/chat/completions"

    def __post_init__(self) -> None:
        assert self.fault is None or self.fault in FAULTS, f"no fault {self.fault!r}; there are {', '.join(FAULTS)}"


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    body: dict[str, Any]
    headers: dict[str, str]
    fault: str | None
    is_probe: bool

    @property
    def prompt(self) -> str:
        return "\n".join(str(message["content"]) for message in self.body["messages"])
