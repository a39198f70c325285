"""What datatrove's four filters say of texts. Runs inside the peer's own environment: `python agreement_peer.py TEXTS VERDICTS`, both JSON lines."""

import json
import sys
from contextlib import suppress
from typing import Any

from datatrove.data import Document
from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter

FILTERS = {
    "gopher_repetition": GopherRepetitionFilter(),
    "gopher_quality": GopherQualityFilter(),
    "c4_quality": C4QualityFilter(),
    "fineweb_quality": FineWebQualityFilter(),
}


def verdict(name: str, document: Any) -> str:
    """The reason for which a filter drops a document, empty where it keeps it."""
    found = FILTERS[name].filter(document)
    return "" if found is True else str(found[1])


def verdicts(text: str) -> dict[str, str]:
    """Of each filter by itself, and of the four in a row, where C4 changes the text that FineWeb sees."""
    found = dict.fromkeys(FILTERS, "failed")
    for name in FILTERS:
        with suppress(Exception):  # a text on which the peer fails, for instance one without words
            found[name] = verdict(name, Document(text=text, id=""))
    cleaned, chain = Document(text=text, id=""), ""
    for name in FILTERS:
        chain = chain or _in_chain(name, cleaned)
    return found | {"chain": chain}


def _in_chain(name: str, document: Any) -> str:
    try:
        reason = verdict(name, document)
    except Exception:
        reason = "failed"
    return f"{name}:{reason}" if reason else ""


def main(texts: str, said: str) -> None:
    with open(texts, encoding="utf-8") as given, open(said, "w", encoding="utf-8") as out:
        for line in given:
            out.write(json.dumps(verdicts(json.loads(line)["text"])) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
