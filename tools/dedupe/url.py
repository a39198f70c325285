"""Drop rows whose address was already there."""

import re
from functools import lru_cache
from typing import ClassVar, Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import Card, Columns, Desk, Example, Group, Types

from .exact import ExactDedup

PORTS = {"http": 80, "https": 443, "ftp": 21}
TRACKING = re.compile(
    r"utm_\w+|gclid|gclsrc|dclid|gbraid|wbraid|fbclid|msclkid|twclid|ttclid|yclid|igshid|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi|mkt_tok|oly_\w+_id|vero_id",
    re.IGNORECASE,
)
BARE = re.compile(r"[^\s/?#:@]+\.[^\s/?#:@]+(?:[:/?#]|$)")  # a host without a scheme
ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
LEFT_AS_IS = "!$%&'()*+,;=:@"
NEEDS_NONE = re.compile(r"[A-Za-z0-9._~-]")


class UrlDedup(Group):
    """Keep one row per address. Addresses that lead to the same page count as one.

    Before they are compared, `http` and `https` become one, as do `www.` and none; host and scheme are lower-cased; the default
    port, the fragment, user names, a slash at the end and `index.html` go; so do parameters that only track (utm_*, gclid, fbclid
    and their like), and the others are sorted; `.` and `..` in the path are followed; needless percent escapes are undone. Case in
    the path counts. What is no address is compared as it stands, less the space at its ends; an empty one is no duplicate of another.
    """

    keep: Literal["first", "longest", "best"] = Field(
        default="first", description="Which row of an address stays: the first, the one with the longest `text`, or the one with the largest `by`."
    )
    ignore_scheme: bool = Field(default=True, description="Take http and https for one, and www. and none.")

    card: ClassVar[Card] = Card(
        stage="dedupe",
        reads={"url": pa.string()},
        against={"url": pa.string()},
        notes={"mark": pa.binary(16), "prefer": pa.float64()},
        key="mark",
        prefer="prefer",
        exact=True,
        micros_per_row=12.0,
        paper="RFC 3986, section 6",
        aliases=(
            "one row per URL",
            "url dedup",
            "duplicate URLs",
            "deduplicate by URL",
            "the same page crawled twice",
            "unique links",
            "one page per address",
            "drop repeated URLs",
            "same link with tracking parameters",
        ),
        not_for=("columns that hold no addresses: use exact_dedup", "pages with the same text under several addresses: use exact_dedup on the text"),
        examples=(
            Example(
                given={
                    "url": [
                        "https://www.Example.org:443/a/?b=2&a=1&utm_source=x#top",
                        "http://example.org/a?a=1&b=2",
                        "https://example.org/A",
                        "https://example.org",
                        "http://example.org/./index.html",
                        "",
                        "",
                    ]
                },
                keeps=(0, 2, 3, 5, 6),
                into={1: 0, 4: 3},
            ),
            Example(
                params={"keep": "longest"},
                given={"url": ["http://a.org/x", "http://a.org/x/"], "text": ["short", "longer text"]},
                keeps=(1,),
                into={0: 1},
            ),
            Example(params={"keep": "best"}, given={"url": ["http://a.org", "http://a.org/"], "by": [2.0, 1.0]}, keeps=(0,), into={1: 0}),
        ),
    )

    def reads(self) -> Types:
        more: Types = {"text": pa.string()} if self.keep == "longest" else {"by": pa.float64()} if self.keep == "best" else {}
        return {**self.card.reads, **more}

    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        known = batch["url"].dictionary_encode()
        plain = pa.array([normalised(url, self.ignore_scheme) for url in known.dictionary.to_pylist()], pa.string()).take(known.indices)
        rows = np.flatnonzero(pc.not_equal(plain, "").to_numpy(zero_copy_only=False)).astype(np.int32)
        prefer = np.zeros(len(batch), np.float64)
        if self.keep == "best" and "by" in batch.schema.names:  # reference rows have none: they stay as it is
            prefer = np.nan_to_num(batch["by"].to_numpy(), nan=-np.inf, posinf=np.inf, neginf=-np.inf)
        if self.keep == "longest" and "text" in batch.schema.names:
            prefer = np.asarray(pc.utf8_length(batch["text"]), np.float64)
        return {"row": pa.array(rows), "mark": desk.digest(plain.take(pa.array(rows))), "prefer": pa.array(prefer[rows])}

    def match(self, partition: pa.Table) -> pa.Table:
        return ExactDedup().match(partition)


def normalised(url: str, ignore_scheme: bool = True) -> str:
    """The address in the form in which it is compared."""
    bare = url.strip()
    try:
        parts = urlsplit(f"//{bare}" if BARE.match(bare) else bare)
        port = parts.port
    except ValueError:  # no address: brackets that do not close, a port that is no number
        return bare
    if not parts.hostname:
        return bare
    host = parts.hostname.rstrip(".")
    scheme = parts.scheme.lower()
    if ignore_scheme:
        host = host.removeprefix("www.") if host.count(".") > 1 else host
    if port is not None and port != PORTS.get(scheme or "http"):
        host = f"{host}:{port}"
    scheme = "" if ignore_scheme and scheme in ("http", "https") else scheme
    wanted = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.fullmatch(pair[0])]
    query = urlencode(sorted(wanted, key=lambda pair: pair[0]))
    return f"{scheme}//{host}{_path(parts.path)}{'?' + query if query else ''}"


@lru_cache(maxsize=1024)
def _path(path: str) -> str:
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(ESCAPE.sub(_escape, quote(step, safe=LEFT_AS_IS)))
    if steps and steps[-1].lower() in ("index.html", "index.htm", "index.php"):
        steps = steps[:-1]
    return "".join(f"/{step}" for step in steps)


def _escape(found: re.Match[str]) -> str:
    """`%7e` is a needless way to write `~`; `%2f` is no slash."""
    character = chr(int(found[0][1:], 16))
    return character if NEEDS_NONE.fullmatch(character) else found[0].upper()
