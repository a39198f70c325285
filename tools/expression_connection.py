"""The DuckDB connection in which expressions run: locked down, in memory, one for each thread."""

import os
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_HELD = threading.local()

CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
    "preserve_insertion_order": "true",
    "memory_limit": "1GB",
    "threads": "1",
    "temp_directory": "",
    "max_temp_directory_size": "0B",
}


def connection() -> "duckdb.DuckDBPyConnection":
    """This thread's connection; a forked child gets one of its own."""
    if getattr(_HELD, "process", None) != os.getpid():
        import duckdb

        opened = duckdb.connect(":memory:", config=CLOSED)
        opened.execute("SET TimeZone='UTC'")  # else a time with a zone prints differently elsewhere
        opened.execute("SET enable_external_access=false")
        opened.execute("SET lock_configuration=true")
        _HELD.opened, _HELD.process = opened, os.getpid()
    held: duckdb.DuckDBPyConnection = _HELD.opened
    return held


def forget() -> None:
    """After an error that may have broken the connection: the next call opens a new one."""
    _HELD.process = None
