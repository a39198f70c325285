"""Replies of models, kept by digest of the request and committed batch by batch: what was answered once is never paid again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pyarrow as pa
import xxhash

from tools.contract import Model
from tools.errors import ContractError


def answered(store: Path, alias: str, model: Model, prompts: pa.Array, silent: set[bytes]) -> pa.Array:
    """One reply a prompt (string, null where the model gave none); asks only for what is neither kept nor in `silent`, the
    requests of this task that got no reply."""
    texts = prompts.to_pylist()
    keys = [xxhash.xxh3_128_digest(f"{alias}\0{text}".encode()) for text in texts]
    with _opened(store) as database:
        known = {key: database.execute("select reply from replies where request = ?", (key,)).fetchone() for key in dict.fromkeys(keys)}
        asked = {key: text for key, text in zip(keys, texts, strict=True) if known[key] is None and key not in silent}
        if asked:
            replies = model.generate(pa.array(list(asked.values()), pa.string()))
            if len(replies) != len(asked):
                raise ContractError(f"model {alias!r} gave {len(replies)} replies to {len(asked)} prompts")
            given = dict(zip(asked, replies.to_pylist(), strict=True))
            with database:
                kept = [(key, reply) for key, reply in given.items() if reply is not None]
                database.executemany("insert or ignore into replies values (?, ?)", kept)
            known |= {key: (reply,) for key, reply in given.items()}
            silent |= {key for key, reply in given.items() if reply is None}
    return pa.array([row[0] if (row := known[key]) else None for key in keys], pa.string())


@contextmanager
def _opened(store: Path) -> Iterator[sqlite3.Connection]:
    store.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(store, timeout=60)) as database:
        database.execute("pragma journal_mode=wal")
        database.execute("create table if not exists replies (request blob primary key, reply text)")
        yield database
