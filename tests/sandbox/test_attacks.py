"""Attacks on the jail: all are stopped in every tier, and each layer is needed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import tiers
from sandbox.layers import TIERS, Layer

HERE = Path(__file__).parent
NEEDED = {  # tier, layer taken off → attacks that must then get through
    ("A", Layer.SECCOMP): ["forks", "asks_for_the_keyring", "handles_page_faults"],
    ("B", Layer.LANDLOCK): ["reads_the_password_file", "reads_a_key_of_the_user"],
    ("B", Layer.SECCOMP): ["sends_by_udp", "connects_to_a_unix_socket", "forks"],
    ("C", Layer.NAMESPACES): ["reads_the_password_file", "reads_a_key_of_the_user"],
}


@pytest.fixture(scope="module")
def lacking():
    return tiers.lacking()


def attacked(layers, names=(), python=(sys.executable,), **user):
    """Run apart, so that what happens to the attacked process does not happen to the tests."""
    command = [*python, str(HERE / "attacking.py"), " ".join(layers), *names]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd="/", **user)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def skip_without(layers, lacking):
    for layer in layers & lacking.keys():
        pytest.skip(f"NOT TESTED: this machine has no {layer} ({lacking[layer]})")


@pytest.mark.parametrize("tier", [pytest.param(tier, marks=[pytest.mark.slow] * (tier == "C")) for tier in TIERS])
def test_all_attacks_are_stopped(tier, lacking):
    skip_without(TIERS[tier], lacking)
    assert attacked(TIERS[tier]) == {}


@pytest.mark.slow
@pytest.mark.parametrize("tier", TIERS)
def test_all_attacks_of_a_plain_user_are_stopped(tier, lacking):
    skip_without(TIERS[tier], lacking)
    nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}
    python = f"/usr/bin/python3.{sys.version_info.minor}" if nobody else sys.executable  # a root user's own may be closed to others
    if not Path(python).exists():
        pytest.skip(f"NOT TESTED: no {python}, which a plain user could run")
    path = os.pathsep.join(one for one in sys.path if "site-packages" in one)
    assert attacked(TIERS[tier], python=[python], env={"PYTHONPATH": path, "PATH": "/usr/bin:/bin"}, **nobody) == {}


@pytest.mark.parametrize(("tier", "layer"), NEEDED)
def test_without_one_layer_attacks_get_through(tier, layer, lacking):
    skip_without(TIERS[tier], lacking)
    assert sorted(attacked(TIERS[tier] - {layer}, NEEDED[tier, layer]).keys() - {"left behind"}) == sorted(NEEDED[tier, layer])


def test_the_best_tier_that_holds_is_granted(lacking):
    proof = tiers.prove()
    possible = [tier for tier, layers in TIERS.items() if not layers & lacking.keys()]
    assert proof.tier == (possible[0] if possible else None)
    assert set(proof.missing) == set(lacking)


def test_a_jail_that_does_not_hold_is_not_granted(monkeypatch):
    monkeypatch.setattr(tiers, "TIERS", {"B": frozenset({Layer.SECCOMP})})
    if Layer.SECCOMP in tiers.lacking():
        pytest.skip("NOT TESTED: no seccomp here")
    proof = tiers.prove()
    assert proof.tier is None
    assert proof.attacks["B"]["read a file outside"].startswith("got through")
    with pytest.raises(tiers.Refused, match="does not run"):
        _ = proof.layers
