"""A store of entries: what is seen of it, what a change leaves, and what a disk that refuses is told as."""

import re

import pytest

from data.storage import atomic
from data.storage.atomic import StorageError
from data.storage.store import Store

NAMES = re.compile(r"\d{2}[a-f]")


@pytest.fixture
def files(tmp_path):
    return Store(tmp_path / "kept", NAMES, "used", ".bin")


def test_a_store_that_is_not_there_is_empty(files):
    assert files.get_names() == []
    assert files.read_pointer() is None


def test_only_whole_entries_are_seen(files):
    with files.hold(), atomic.open_draft(files.get_path("02b")) as draft:
        draft.write_bytes(b"whole")
    with pytest.raises(ZeroDivisionError), files.hold(), atomic.open_draft(files.get_path("01a")) as draft:
        draft.write_bytes(b"half")
        raise ZeroDivisionError
    (files.home / "03c").write_bytes(b"")  # no suffix
    files.get_path("other").write_bytes(b"")
    files.get_path("04d").mkdir()
    assert files.get_names() == ["02b"]
    assert files.get_path("02b").read_bytes() == b"whole"
    assert sorted(path.name for path in files.home.iterdir()) == ["02b.bin", "03c", "04d.bin", "other.bin"]


def test_entries_may_be_folders_which_are_placed_and_deleted(tmp_path):
    store = Store(tmp_path, NAMES, "used")
    draft = atomic.make_draft_path(store.get_path("07f"))
    draft.mkdir()
    (draft / "rows").write_text("1", "utf-8")
    assert store.get_names() == []
    store.place(draft, "07f")
    assert store.get_names() == ["07f"]
    store.delete("07f")
    store.delete("07f")
    assert list(tmp_path.iterdir()) == []


def test_the_pointer_is_written_and_taken_away(files):
    with files.hold():
        files.write_pointer("01a\n")
        assert files.read_pointer() == "01a\n"
        files.delete_pointer()
        files.delete_pointer()
    assert files.read_pointer() is None
    (files.home / "used").write_bytes(b"\xff")
    with pytest.raises(ValueError, match="utf-8"):
        files.read_pointer()


def test_whoever_holds_a_store_finds_no_draft_of_a_killed_writer(files):
    files.home.mkdir()
    left = atomic.make_draft_path(files.get_path("01a"))
    left.write_bytes(b"half")
    with files.hold():
        assert not left.exists()


def test_a_disk_that_refuses_is_told_in_both_languages(files):
    errors = files.convert_disk_errors(("台账", "ledger"), ("原有数据", "What was in use"), known=(IsADirectoryError,))
    with pytest.raises(StorageError) as caught, errors:
        raise OSError(28, "No space left on device")
    assert caught.value.zh == (
        "台账写不进去：No space left on device。请腾出空间或检查文件夹权限，再载入一次。原有数据不变"
    )
    assert str(caught.value) == (
        "the ledger could not be written: No space left on device. Free some space or check the folder's permissions, "
        "then load it again. What was in use is unchanged."
    )


@pytest.mark.parametrize("error", [StorageError("满", "full"), IsADirectoryError(21, "folder")])
def test_an_error_that_says_enough_stays_as_it_is(files, error):
    errors = files.convert_disk_errors(("台账", "ledger"), ("原有数据", "What"), known=(IsADirectoryError,))
    with pytest.raises(type(error)) as caught, errors:
        raise error
    assert caught.value is error
