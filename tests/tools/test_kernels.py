"""The switch between compiled kernels and the slower path: when numba is loaded, what is believed, what happens where it is missing."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

from tools import kernels
from tools.errors import RecipeError
from tools.kernels import _store, _switch

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A process that has asked for nothing, with a state folder in which nothing lies."""
    for name, value in {"_loaded": {}, "_looked": {}, "_asked_bytes": Counter(), "_is_started": False, "_why_not": None}.items():
        monkeypatch.setattr(_switch, name, value)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("WINNOW_KERNELS", raising=False)
    return tmp_path / "winnow" / "kernels"


def in_a_process(code: str, **variables: str) -> object:
    run = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(run, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_numba_is_not_imported_before_a_megabyte_of_work() -> None:
    code = (
        "import sys, json; from tools.kernels import compiled\n"
        "print(json.dumps([compiled('xxh3', n) is None and 'numba' not in sys.modules for n in (1000, 1 << 19, 1 << 18)]))"
    )
    assert in_a_process(code, WINNOW_KERNELS="ready") == [True, True, True]


def test_a_kernel_is_lent_once_the_work_passes_a_megabyte(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("WINNOW_KERNELS", "ready")
    if not _store.is_ready("xxh3"):
        pytest.skip("kernels are not compiled: make setup")
    assert kernels.compiled("xxh3", 1 << 20) is None
    assert kernels.compiled("lines", 1 << 20) is None, "each is counted by itself: several kernels read the same text"
    found = kernels.compiled("xxh3", 1)
    assert found is not None
    assert found.__name__ == "tools.kernels.xxh3"
    assert kernels.compiled("lines", 0) is not None, "numba is loaded now"


def test_numba_elsewhere_in_the_process_keeps_its_own_cache() -> None:
    code = (
        "import json, numba; before = numba.config.CACHE_DIR; from tools.kernels import compiled\n"
        "found = compiled('xxh3', 1); print(json.dumps([numba.config.CACHE_DIR == before, 'kernels' in found.hashes.stats.cache_path]))"
    )
    assert in_a_process(code, WINNOW_KERNELS="on") == [True, True]


def test_missing_machine_code_is_made_by_one_process_in_the_background(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    popen = subprocess.Popen

    def sleeper(command: list[str], **options: object) -> subprocess.Popen[bytes]:
        started.append(command)
        return popen([sys.executable, "-c", "import time; time.sleep(1.5)"], **options)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(subprocess, "Popen", sleeper)
    monkeypatch.setattr(_switch, "LOOK_AGAIN_SECONDS", 0.0)
    for _ in range(3):
        assert kernels.compiled("xxh3", 2 << 20) is None
        _switch._is_started = False  # as another process would ask
    assert started == [[sys.executable, "-m", "tools.kernels"]]
    assert kernels.condition() == ("compiling", True)
    time.sleep(2)
    assert not _store.is_compiling(), "the lock goes with the process that holds it"


def test_a_compilation_that_failed_is_not_tried_again(fresh: Path, caplog: pytest.LogCaptureFixture) -> None:
    (_store.place() / "failed").write_text("kernel 'xxh3': it broke")
    assert kernels.compiled("xxh3", 2 << 20) is None
    assert kernels.compiled("xxh3", 2 << 20) is None
    assert [record.message for record in caplog.records] == ["no compiled kernels, the slower path gives the same: kernel 'xxh3': it broke"]
    assert kernels.condition() == ("off: kernel 'xxh3': it broke", False)


def test_without_numba_the_slower_path_goes_on(fresh: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(_switch, "find_spec", lambda name: None if name == "numba" else find_spec(name))
    assert kernels.compiled("xxh3", 2 << 20) is None
    assert len(caplog.records) == 1
    assert not list(fresh.parent.rglob("lock"))


def test_machine_code_that_others_could_have_written_is_not_loaded(fresh: Path, caplog: pytest.LogCaptureFixture) -> None:
    _store.place().chmod(0o777)
    assert kernels.compiled("xxh3", 2 << 20) is None
    assert "only you can write" in caplog.text
    assert kernels.condition()[1] is False


def test_off_means_off(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINNOW_KERNELS", "off")
    assert kernels.compiled("xxh3", 1 << 30) is None
    assert not fresh.exists()


def test_a_mistyped_switch_is_named(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINNOW_KERNELS", "of")
    with pytest.raises(RecipeError, match=r"WINNOW_KERNELS='of': write one of auto"):
        kernels.compiled("xxh3", 1)
