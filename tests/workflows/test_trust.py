"""What is believed lies with the user, and nowhere else."""

import stat
from pathlib import Path

import pytest

from tools.errors import RecipeError
from workflows.store import FOLDER, Store
from workflows.trust import State, state_folder


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state")


def test_an_approval_is_of_one_lock(state: State) -> None:
    assert state.approval("a") is None
    assert not state.folder.exists()
    given = state.approve("a", "preview", "Ada", "looks right")
    assert state.approval("a") == given
    assert (given.name, given.note, given.by) == ("Ada", "looks right", "person")
    assert given.preview == "preview"
    assert state.approval("b") is None
    assert (state.approved_by("a"), state.approved_by("b")) == ("Ada", None)


def test_a_person_counts_before_the_policy(state: State) -> None:
    state.approve("a", "p", "", by="policy")
    assert state.approved_by("a") == "policy"
    state.approve("a", "p", "Ada")
    state.approve("a", "p", "", by="policy")
    assert state.approved_by("a") == "Ada"


def test_certificates_are_of_one_digest(state: State) -> None:
    state.put_certificate("a", {"laws": 8})
    state.put_certificate("a", {"laws": 9})
    assert state.certificate("a") == {"laws": 9}
    assert state.certificate("b") is None


def test_nobody_else_can_read_or_write(state: State) -> None:
    state.approve("a", "p", "Ada")
    assert stat.S_IMODE(state.folder.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in state.folder.iterdir())


def test_a_folder_open_to_others_is_not_believed(state: State, tmp_path: Path) -> None:
    state.approve("a", "p", "Ada")
    state.folder.chmod(0o777)
    with pytest.raises(RecipeError, match="can be written by others"):
        state.approval("a")
    state.folder.chmod(0o755)
    assert state.approved_by("a") == "Ada"
    assert stat.S_IMODE(state.folder.stat().st_mode) == 0o700
    (tmp_path / "link").symlink_to(state.folder)
    with pytest.raises(RecipeError, match="is not a folder of yours"):
        State(tmp_path / "link").approval("a")


def test_a_database_that_is_a_link_is_refused(state: State, tmp_path: Path) -> None:
    State(tmp_path / "theirs").approve("a", "p", "Mallory")
    state.folder.mkdir(mode=0o700)
    (state.folder / "believed.sqlite").symlink_to(tmp_path / "theirs/believed.sqlite")
    with pytest.raises(RecipeError, match="cannot be used"):
        state.approval("a")


def test_a_damaged_database_is_named(state: State) -> None:
    state.folder.mkdir(mode=0o700)
    (state.folder / "believed.sqlite").write_bytes(b"nonsense" * 1000)
    with pytest.raises(RecipeError, match="approvals will be asked for again"):
        state.approval("a")


def test_nothing_in_a_store_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger's store may hold a forged approval under any name: it is never looked at."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "mine"))
    home = tmp_path / "project" / FOLDER
    for place in (home, home / "winnow", home / "state", home / "cache"):
        State(place).approve("lock", "p", "Mallory")
        State(place).put_certificate("operator", {"laws": 9})
    monkeypatch.chdir(tmp_path / "project")
    Store(home).record_run("r", "test", 1, "done")
    assert State().approval("lock") is None
    assert State().certificate("operator") is None


def test_the_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state_folder() == tmp_path / "winnow"
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    assert state_folder() == Path.home() / ".local/state/winnow"
    monkeypatch.delenv("XDG_STATE_HOME")
    assert state_folder() == Path.home() / ".local/state/winnow"
