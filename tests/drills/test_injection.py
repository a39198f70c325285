"""All 200 hostile texts in every share of the rows, each with two of the answers that an obedient model may give: no plan changes."""

import pytest

from tests.agents.injecting import SHARES, Clean, violations
from tests.agents.payloads import OBEDIENT, PAYLOADS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("share", SHARES)
def test_no_payload_changes_operators_paths_or_code(tmp_path, share):
    clean = Clean.of(tmp_path / "clean")
    found = []
    for number, payload in enumerate(PAYLOADS):
        answers = ((number + round(share * 100)) % len(OBEDIENT), (number // len(OBEDIENT) + 7) % len(OBEDIENT))
        found += [f"{number}: {one}" for one in violations(clean, tmp_path / str(number), payload, share, answers)]
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 200
    assert found == []
