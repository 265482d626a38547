"""Debian packages in, the image of every container out: the same files give the same image.

The root file system comes from debootstrap, which needs no registry of images. What differs
between two builds of one day (times, owners, the order of names, logs, caches) is set or left
out, and the image is written as the engine loads it, so that its id is a hash of that alone.
"""

import hashlib
import io
import json
import os
import platform
import re
import shutil
import stat
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from harness.errors import MissingToolError
from harness.model.command import Command, Limits
from harness.model.values import dataclass
from harness.runners.containers.engine import told_plainly
from harness.runners.executor import Executor

if TYPE_CHECKING:
    from docker import DockerClient

SUITE = "bookworm"
NAME = "markdown-rust-harness"
_PACKAGES_LABEL = "markdown-rust-harness.packages"
_LEFT_OUT = re.compile(
    r"""^(?: dev/ | proc/ | sys/ | run/ | tmp/ | var/tmp/ | var/log/ | var/cache/ | debootstrap
    | var/lib/apt/lists/ | var/lib/dpkg/[^/]*-old$ | var/lib/systemd/ | etc/[^/]*-$
    | etc/machine-id$ | etc/hostname$ | etc/resolv\.conf$ | root/\.
    | usr/share/(?:doc|man|info|locale|lintian|bug)/ )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Image:
    """An image that the engine has."""

    id: str
    packages: tuple[str, ...]
    """`gcc 4:12.2.0-3`, of all that is installed, sorted."""


def packages() -> tuple[str, ...]:
    """The packages that the image has besides those that every Debian has."""
    text = (Path(__file__).parent / "packages.txt").read_text(encoding="utf-8")
    return tuple(sorted(text.split()))


def tag() -> str:
    """The image's name, which changes with its list of packages."""
    told = "\n".join((SUITE, *packages()))
    return f"{NAME}:{SUITE}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def find_image(client: "DockerClient") -> Image:
    """The image that `harness image` built; `MissingToolError` where there is none."""
    from docker.errors import ImageNotFound  # noqa: PLC0415

    try:
        with told_plainly("look for an image"):
            found = client.images.get(tag()).attrs
    except MissingToolError as error:
        if isinstance(error.__cause__, ImageNotFound):
            message = f"the engine has no image {tag()}; build it with `harness image`"
            raise MissingToolError(message) from error
        raise
    labels = found["Config"].get("Labels") or {}
    return Image(found["Id"], tuple(labels.get(_PACKAGES_LABEL, "").splitlines()))


def build_image(client: "DockerClient", executor: Executor, scratch: Path) -> Image:
    """Build the image below `scratch` and load it into the engine."""
    scratch.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="image-", dir=scratch))
    try:
        root = folder / "root"
        _install(executor, root)
        archive = folder / "image.tar"
        write_image(root, archive, tag())
        with told_plainly("load an image"), archive.open("rb") as file:
            client.images.load(file)
    finally:
        _take_away(executor, folder)
    return find_image(client)


def _install(executor: Executor, root: Path) -> None:
    program = shutil.which("debootstrap", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        message = "debootstrap is not installed; install it: `apt-get install debootstrap`"
        raise MissingToolError(message)
    if hasattr(os, "geteuid") and os.geteuid() != 0:
        message = "debootstrap needs root; run `harness image` as root once, or with sudo"
        raise MissingToolError(message)
    include = ",".join(packages())
    argv = (program, "--variant=minbase", f"--include={include}", SUITE, str(root))
    environment = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
    command = Command(argv, root.parent, tuple(environment.items()), Limits(1800, None, 64 << 20))
    done = executor.run(command)
    if done.status != 0:
        said = (done.stdout + done.stderr).decode(errors="replace").strip().splitlines()
        told = "; ".join(said[-3:]) or done.not_started or "it ran too long"
        message = f"debootstrap failed: {told}; it needs the Debian packages of {SUITE}"
        raise MissingToolError(message)


def _take_away(executor: Executor, folder: Path) -> None:
    """Remove a root file system; what debootstrap mounted in it, where it was killed, first."""
    inside = f"{folder}/"
    for line in reversed(Path("/proc/mounts").read_text(encoding="utf-8").splitlines()):
        place = line.split(" ")[1]
        if place.startswith(inside):
            environment = tuple(os.environ.items())
            executor.run(Command(("umount", "--lazy", place), folder, environment, Limits(30)))
    shutil.rmtree(folder, ignore_errors=True)


def write_image(root: Path, archive: Path, name: str) -> None:
    """The files below `root` as an archive that an engine loads under `name`."""
    layer = archive.with_suffix(".layer")
    with layer.open("wb") as file:
        write_layer(root, file)
    with layer.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    config = json.dumps(_config(digest, installed(root)), sort_keys=True).encode()
    manifest = [
        {
            "Config": f"{hashlib.sha256(config).hexdigest()}.json",
            "RepoTags": [name],
            "Layers": ["layer.tar"],
        }
    ]
    with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as out:
        _add(out, manifest[0]["Config"], config)  # type: ignore[arg-type]
        _add(out, "manifest.json", json.dumps(manifest).encode())
        told = tarfile.TarInfo("layer.tar")
        told.size = layer.stat().st_size
        with layer.open("rb") as file:
            out.addfile(told, file)
    layer.unlink()


def _config(digest: str, known: tuple[str, ...]) -> dict[str, Any]:
    machine = platform.machine().lower()
    return {
        "architecture": {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine),
        "os": "linux",
        "created": "1970-01-01T00:00:00Z",
        "config": {"Env": ["PATH=/usr/bin:/bin"], "Labels": {_PACKAGES_LABEL: "\n".join(known)}},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
        "history": [{"created": "1970-01-01T00:00:00Z", "comment": NAME}],
    }


def _add(out: tarfile.TarFile, name: str, data: bytes) -> None:
    told = tarfile.TarInfo(name)
    told.size = len(data)
    out.addfile(told, io.BytesIO(data))


def installed(root: Path) -> tuple[str, ...]:
    """Name and version of each installed package, as dpkg wrote them down, sorted."""
    text = (root / "var/lib/dpkg/status").read_text(encoding="utf-8")
    found = []
    for paragraph in text.split("\n\n"):
        fields = dict(re.findall(r"^(Package|Version): (.*)$", paragraph, re.MULTILINE))
        if len(fields) == 2:
            found.append(f"{fields['Package']} {fields['Version']}")
    return tuple(sorted(found))


def write_layer(root: Path, file: IO[bytes]) -> None:
    """All that an image needs below `root`, in the order of names, without times and owners."""
    first: dict[int, str] = {}
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as out:
        for path, name in _below(root):
            told = out.gettarinfo(path, arcname=name)
            told.mtime = 0
            told.uid = told.gid = 0
            told.uname = told.gname = ""
            told.pax_headers = {}
            _link(told, path, first)
            if told.isreg():
                with path.open("rb") as content:
                    out.addfile(told, content)
            else:
                out.addfile(told)


def _link(told: tarfile.TarInfo, path: Path, first: dict[int, str]) -> None:
    """Of several names of one file the first carries it, whatever order they were made in."""
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        return
    told.type, told.linkname = tarfile.REGTYPE, ""
    told.size = found.st_size
    if found.st_nlink > 1:
        earlier = first.setdefault(found.st_ino, told.name)
        if earlier != told.name:
            told.type, told.linkname, told.size = tarfile.LNKTYPE, earlier, 0


def _below(root: Path) -> Iterator[tuple[Path, str]]:
    """Folders and files and links, in the order of names; folders that are emptied stay."""
    found: list[tuple[str, Path]] = []
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        for each in (*folders, *files):
            path = here / each
            name = path.relative_to(root).as_posix()
            mode = path.lstat().st_mode
            if _LEFT_OUT.match(name):
                continue
            if stat.S_ISDIR(mode) or stat.S_ISREG(mode) or stat.S_ISLNK(mode):
                found.append((name, path))
    for name, path in sorted(found):
        yield path, name
