"""What a container hands out is read as from somebody who lies."""

import errno
import io
import itertools
import os
import struct
import tarfile
from pathlib import Path
from typing import ClassVar

import pytest

from harness.model.command import Bound, Finished
from harness.runners.cargo import Built
from harness.runners.containers.confinement import BASES
from harness.runners.containers.container import Keep, _bound
from harness.runners.containers.frames import Decoder, Kind, TamperedError, read_end, read_word
from harness.runners.containers.handed_out import unpack
from harness.runners.containers.remembered import keep, recall
from harness.runners.containers.yard import Asked, Yard

END = b"status=0\nflooded=0\ndisk_full=0\nclean=1\npeak=9\ncpu=8\noom=0\npids=0\nnot_started=\ncores=0-1\n"


def stream(*frames, source=1):
    said = b"".join(struct.pack(">I", len(frame)) + frame for frame in frames)
    return struct.pack(">BxxxI", source, len(said)) + said


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_frames_are_read_however_they_are_cut(size):
    data = stream(b"H", b"Ohello", b"X" + END)
    decoder, found = Decoder(), []
    for start in range(0, len(data), size):
        found += decoder.feed(data[start : start + size])
    assert [said.kind for said in found] == [Kind.READY, Kind.STDOUT, Kind.END]
    assert found[1].payload == b"hello"
    assert read_end(found[2].payload)["peak"] == 9
    assert read_word(found[2].payload, "cores") == "0-1"


@pytest.mark.parametrize(
    "data",
    [
        stream(b"?what"),
        stream(b""),
        struct.pack(">BxxxI", 1, 4) + struct.pack(">I", 1 << 31),
        struct.pack(">BxxxI", 1, 4) + b"yes\n" + stream(b"H"),
    ],
)
def test_what_is_no_frame_is_tampering(data):
    with pytest.raises(TamperedError):
        list(Decoder().feed(data))


@pytest.mark.parametrize("end", [b"", b"status=0\n", END.replace(b"oom=0", b"oom=x"), b"\xff\xfe"])
def test_an_end_that_does_not_say_how_is_tampering(end):
    with pytest.raises(TamperedError):
        read_end(end)


def test_standard_error_of_a_worker_is_no_frame():
    decoder = Decoder()
    assert not list(decoder.feed(stream(b"X" + END, source=2)))
    assert b"status=0" in decoder.last_words


@pytest.mark.parametrize(
    ("changed", "bound"),
    [
        ({}, None),
        ({"oom": 1}, None),
        ({"status": 9, "oom": 1}, Bound.MEMORY),
        ({"status": 256, "pids": 3}, Bound.PROCESSES),
        ({"status": 256, "disk_full": 1}, Bound.DISK),
        ({"status": 256}, None),
        ({"flooded": 1}, Bound.OUTPUT),
    ],
)
def test_a_bound_is_one_only_where_it_ended_the_command(changed, bound):
    told = {"status": 0, "flooded": 0, "oom": 0, "pids": 0, "disk_full": 0}
    assert _bound(told | changed) is bound


def test_files_are_taken_once_and_only_those_that_were_asked_for(tmp_path):
    keep = Keep(tmp_path, ("out",), 10)
    keep.begin("out")
    keep.add(b"12345")
    with pytest.raises(TamperedError):
        keep.begin("out")
    with pytest.raises(TamperedError):
        keep.begin("../escape")
    other = Keep(tmp_path, ("big",), 10)
    other.begin("big")
    with pytest.raises(TamperedError):
        other.add(b"x" * 11)
    other.close()
    link = Keep(tmp_path, ("link",), 10)
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(OSError, match="exists"):
        link.begin("link")


def test_a_file_is_whole_however_little_is_written_at_a_time(tmp_path, monkeypatch):
    write = os.write
    monkeypatch.setattr("os.write", lambda file, data: write(file, data[:3]))
    out = Keep(tmp_path, ("out",), 100)
    out.begin("out")
    out.add(b"0123456789")
    out.close()
    assert (tmp_path / "out").read_bytes() == b"0123456789"


def member(name, kind=tarfile.REGTYPE, data=b"", link="", headers=()):
    told = tarfile.TarInfo(name)
    told.type, told.linkname, told.size, told.mtime = kind, link, len(data), 7
    told.pax_headers = dict(headers)
    return told, io.BytesIO(data)


def archive(path, *members):
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as out:
        for told, data in members:
            out.addfile(told, data)
    return path


def test_plain_files_are_unpacked_with_their_times(tmp_path):
    tar = archive(tmp_path / "a.tar", member("./a/b/c", data=b"x"), member("d", data=b"y"))
    assert unpack(tar, tmp_path / "to", 100, 10) == 4
    assert (tmp_path / "to/a/b/c").read_bytes() == b"x"
    assert (tmp_path / "to/d").stat().st_mtime == 7


@pytest.mark.parametrize(
    "evil",
    [
        member("/etc/x", data=b"x"),
        member("../x", data=b"x"),
        member("a/../../x", data=b"x"),
        member("x", tarfile.SYMTYPE, link="/etc/passwd"),
        member("x", tarfile.LNKTYPE, link="d"),
        member("x", tarfile.FIFOTYPE),
        member("x", tarfile.CHRTYPE),
        member("big", data=b"x" * 101),
        member("d/x", data=b"x"),
        member("n" * 256, data=b"x"),
        member("a/" * 64 + "x", data=b"x"),
        member("x", data=b"x", headers={"mtime": "inf"}),
        member("x", data=b"x", headers={"mtime": "nan"}),
        member("x", data=b"x", headers={"mtime": "1e30"}),
        member("x", data=b"x", headers={"size": "-1"}),
        member("x", headers={"comment": "x" * (2 << 20)}),
        member("x", headers={"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}, data=b"9\n" * 9),
    ],
)
def test_archives_that_lead_elsewhere_are_refused(tmp_path, evil):
    tar = archive(tmp_path / "a.tar", member("d", data=b"y"), evil)
    with pytest.raises(TamperedError):
        unpack(tar, tmp_path / "to", 100, 10)
    assert not (tmp_path / "x").exists()
    assert {path.name for path in (tmp_path / "to").iterdir()} <= {"a", "d"}, "no draft stays"


def test_headers_of_headers_are_no_end_of_the_harness(tmp_path):
    one = member("x", tarfile.XHDTYPE, data=b"9 a=bcde\n")[0].tobuf() + b"9 a=bcde\n".ljust(
        512, b"\0"
    )
    (tmp_path / "a.tar").write_bytes(one * 5000)
    with pytest.raises(TamperedError):
        unpack(tmp_path / "a.tar", tmp_path / "to", 100, 10)


def test_folders_are_files_too(tmp_path):
    tar = archive(tmp_path / "a.tar", *(member(f"{n}/b/c/d/x", data=b"x") for n in range(3)))
    with pytest.raises(TamperedError):
        unpack(tar, tmp_path / "to", 100, 14)
    assert unpack(tar, tmp_path / "other", 100, 15) == 15
    assert unpack(tar, tmp_path / "other", 100, 3) == 3, "those that are there are no new ones"


def test_a_full_disk_is_no_fault_of_the_archive(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "no space")

    tar = archive(tmp_path / "a.tar", member("x", data=b"x"))
    monkeypatch.setattr(os, "utime", full)
    with pytest.raises(OSError, match="no space"):
        unpack(tar, tmp_path / "to", 100, 10)
    assert not list((tmp_path / "to").iterdir())


def test_more_files_than_can_be_and_what_is_no_archive_are_refused(tmp_path):
    tar = archive(tmp_path / "a.tar", *(member(str(n)) for n in range(11)))
    with pytest.raises(TamperedError):
        unpack(tar, tmp_path / "to", 100, 10)
    (tmp_path / "b.tar").write_bytes(b"\x01nonsense" * 200)
    with pytest.raises(TamperedError):
        unpack(tmp_path / "b.tar", tmp_path / "to", 100, 10)


def test_a_folder_that_became_a_link_is_not_followed(tmp_path):
    (tmp_path / "to").mkdir()
    (tmp_path / "to/a").symlink_to(tmp_path)
    tar = archive(tmp_path / "a.tar", member("a/x", data=b"x"))
    with pytest.raises(TamperedError):
        unpack(tar, tmp_path / "to", 100, 10)
    assert not (tmp_path / "x").exists()


# What was built, in a later run


def test_folders_that_only_a_container_has_do_not_stop_a_later_run(tmp_path):
    """A build script names any folder: of the image, of the crate's own sources."""
    kept, bases = tmp_path / "kept.json", tmp_path / "bases"
    (bases / "known" / "deps").mkdir(parents=True)
    library = bases / "known" / "deps" / "liba.rlib"
    library.touch()
    search = (Path("/usr/lib"), Path("/crates/registry/src/a-1"), BASES / "known" / "deps")
    built = Built((("a", Path(BASES / "known/deps/liba.rlib")),), tuple(map(Path, search)))
    keep(kept, built)
    assert recall(kept, bases) == built
    library.unlink()
    assert recall(kept, bases) is None


@pytest.mark.parametrize(
    "table",
    [
        "",
        "[]",
        '{"externs": {"a": "/etc/passwd"}, "search": []}',
        '{"externs": {}, "search": [1]}',
        '{"externs": {}, "search": ["/bases/\\u0000"]}',
    ],
)
def test_what_cannot_be_what_was_kept_is_built_anew(tmp_path, table):
    (tmp_path / "kept.json").write_text(table)
    assert recall(tmp_path / "kept.json", tmp_path) is None


# What was fetched, in a later run


class Fetching(Yard):
    """A yard whose containers leave two texts, and are counted."""

    asks: ClassVar[int] = 0

    def ask(self, purpose, asked, folder, *, may_share=False):
        del purpose, asked, may_share
        Fetching.asks += 1
        folder.mkdir()
        for name in ("Cargo.lock", "metadata"):
            (folder / name).write_text(f"{name} {Fetching.asks}")
        return Finished(0, b"", b"", 0.1)


@pytest.fixture
def fetch(tmp_path, monkeypatch):
    """Fetch as a project does; each call is a run of its own."""
    monkeypatch.setattr(Fetching, "asks", 0)
    count = itertools.count()
    yard = Fetching(None, tmp_path, (), None, {}, "", None, True, 1.0, "")

    def run():
        asked = Asked("", {}, {}, ("Cargo.lock", "metadata", "handed.tar"))
        return yard.fetch(asked, (), "key", tmp_path / f"run-{next(count)}")

    return run


def test_what_was_fetched_is_fetched_once(fetch):
    assert fetch() == fetch() == [b"Cargo.lock 1", b"metadata 1"]
    assert Fetching.asks == 1


@pytest.mark.parametrize("done", [0, 1])
def test_a_run_that_is_killed_while_it_keeps_a_lock_leaves_none_to_believe(
    fetch, monkeypatch, done
):
    replace, replaced = Path.replace, []

    def killed(file, to):
        if len(replaced) == done:
            raise KeyboardInterrupt
        replaced.append(replace(file, to))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            fetch()
    assert fetch() == [b"Cargo.lock 2", b"metadata 2"]
