"""`cards.json` says what the cards say."""

import subprocess
import sys

from tools.cards import PLACE, generate, summaries
from tools.catalogue import OPERATORS


def test_file_is_fresh():
    assert PLACE.read_text(encoding="utf-8") == generate(), "run: python -m tools.cards"


def test_every_operator_is_in_it():
    assert list(summaries()) == list(OPERATORS)
    assert summaries()["words"].kind == "Bounded"
    assert summaries()["top_k"].reads == {"by": "double"}


def test_retrieval_imports_no_operator():
    code = (
        "import sys, agents.rules.retrieval as r; r.retrieve('drop duplicates'); print([m for m in sys.modules if "
        "m.startswith(('tools.measures', 'tools.dedupe', 'tools.select'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
