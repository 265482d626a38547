"""The image: two builds of one tree give one id, and what differs between builds is not in it."""

import io
import os
import tarfile

import pytest

from harness.runners.containers.image import build_image, packages, write_image, write_layer
from harness.runners.executor import Executor


def tree(root, *, moment, order):
    for name in order:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
        os.utime(path, (moment, moment))
    (root / "usr/bin/link").symlink_to("tool")
    os.link(root / "usr/bin/tool", root / "usr/bin/twin")
    for name in (
        "var/log/apt.log",
        "var/cache/x",
        "etc/machine-id",
        "usr/share/doc/a/b",
        "etc/passwd-",
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{moment}")
    status = root / "var/lib/dpkg/status"
    status.parent.mkdir(parents=True)
    status.write_text("Package: gcc\nVersion: 4:12\n\nPackage: apt\nStatus: x\nVersion: 2.6\n")
    os.utime(status, (moment, moment))


NAMES = ["usr/bin/tool", "usr/lib/a", "etc/b", "lib/ä"]


def test_two_trees_that_differ_in_times_and_order_give_one_image(tmp_path):
    tree(tmp_path / "one", moment=1_000_000_000, order=NAMES)
    tree(tmp_path / "two", moment=1_700_000_000, order=NAMES[::-1])
    images = []
    for name in ("one", "two"):
        write_image(tmp_path / name, tmp_path / f"{name}.tar", "name:tag")
        images.append((tmp_path / f"{name}.tar").read_bytes())
    assert images[0] == images[1]
    (tmp_path / "two/etc/b").write_text("other")
    write_image(tmp_path / "two", tmp_path / "two.tar", "name:tag")
    assert (tmp_path / "two.tar").read_bytes() != images[0]


def test_a_layer_holds_names_in_order_without_owners_times_logs_and_caches(tmp_path):
    tree(tmp_path, moment=1_000_000_000, order=NAMES)
    layer = io.BytesIO()
    write_layer(tmp_path, layer)
    layer.seek(0)
    with tarfile.open(fileobj=layer) as opened:
        members = opened.getmembers()
    names = [member.name for member in members]
    assert names == sorted(names)
    assert {(m.mtime, m.uid, m.gid, m.uname) for m in members} == {(0, 0, 0, "")}
    assert not {"var/log/apt.log", "var/cache/x", "etc/machine-id", "etc/passwd-"} & set(names)
    kinds = {m.name: (m.type, m.linkname) for m in members}
    assert kinds["usr/bin/link"] == (tarfile.SYMTYPE, "tool")
    assert kinds["usr/bin/twin"] == (tarfile.LNKTYPE, "usr/bin/tool")


@pytest.mark.containers
def test_the_image_has_its_packages(engine):
    from harness.runners.containers.image import find_image  # noqa: PLC0415

    image = find_image(engine)
    names = {package.split(" ")[0] for package in image.packages}
    assert set(packages()) <= names


@pytest.mark.containers
@pytest.mark.real
def test_two_builds_on_one_day_give_one_id(engine, tmp_path):
    built = [build_image(engine, Executor(), tmp_path) for _ in range(2)]
    assert built[0].id == built[1].id
    assert not list(tmp_path.iterdir()), "a build left files"
