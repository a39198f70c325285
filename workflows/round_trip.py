"""Laws of sources and sinks: what is written is read back, however it is cut."""

from collections.abc import Callable, Mapping

from tools.contract import Operator

FORMAT_LAWS: Mapping[str, Callable[[tuple[str, type[Operator]]], str]] = {}
