"""What a container is for in, how the engine is told to make it out: every bound in one place."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from harness.model.values import dataclass
from harness.runners.containers.syscalls import seccomp_profile

WORK = PurePosixPath("/room")
"""Where a command's folder is made: memory, bounded in bytes and in files."""
TOOLCHAIN = PurePosixPath("/toolchain")
HANDED = PurePosixPath("/handed")
"""Files that the harness hands to one container, such as the program to run."""
BASES = PurePosixPath("/bases")
"""Where compilers see the crates that were built."""
STUBS = PurePosixPath("/stubs")
SCHEMAS = PurePosixPath("/schemas")
"""Databases that checked SQL macros ask while they expand."""
WORKER = PurePosixPath("/worker.pl")

LABEL = "markdown-rust-harness"
"""Every container of ours has it; its value tells whose it is."""

USER = "65534:65534"
ENVIRONMENT: Mapping[str, str] = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",  # noqa: S108 - in the container, where it is the container's own
    "LANG": "C.UTF-8",
    "TMPDIR": "/tmp",  # noqa: S108
}
"""All that a command in a container finds in its environment, besides what its unit states."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a container may use."""

    memory_bytes: int
    """Of everything in it together, files in memory too; there is no swap."""
    processes: int
    """And threads."""
    disk_bytes: int
    """Of the files that its commands write."""
    files: int
    cores: str | None = None
    """`0` or `0-1`: the cores that it runs on, as a cpuset; None leaves it all of them."""


COMPILING = Bounds(memory_bytes=4 << 30, processes=256, disk_bytes=1 << 30, files=50_000)
RUNNING = Bounds(memory_bytes=1 << 30, processes=128, disk_bytes=256 << 20, files=10_000)
BUILDING = Bounds(memory_bytes=8 << 30, processes=512, disk_bytes=4 << 30, files=400_000)
FETCHING = Bounds(memory_bytes=4 << 30, processes=128, disk_bytes=3 << 30, files=400_000)


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a container is made for; containers of one purpose can stand for each other."""

    name: str
    bounds: Bounds
    mounts: tuple[tuple[Path, PurePosixPath], ...]
    """Folder or file of this machine → where it is seen, read-only."""
    has_network: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the engine is asked to make, in the words of `docker.APIClient`."""

    container: Mapping[str, Any]
    """Of `create_container`."""
    host: Mapping[str, Any]
    """Of `create_host_config`."""


def wanted(
    purpose: Purpose,
    image: str,
    handed: Path | None,
    owner: str,
    runtime: str | None,
) -> Wanted:
    """A container for a purpose, that sees `handed`; with None it sees no file of this machine."""
    bounds = purpose.bounds
    scratch = f"rw,exec,nosuid,nodev,mode=0777,nr_inodes={bounds.files}"
    shared = f"rw,noexec,nosuid,nodev,mode=0777,size={16 << 20},nr_inodes=1000"
    mounts = [] if handed is None else [*purpose.mounts, (handed, HANDED)]
    container: dict[str, Any] = {
        "image": image,
        "command": ["/usr/bin/perl", str(WORKER)],
        "stdin_open": True,
        "tty": False,
        "environment": dict(ENVIRONMENT),
        "user": USER,
        "working_dir": "/",
        "labels": {LABEL: owner},
        # The proxies of the user's Docker settings can hold a password.
        "use_config_proxy": False,
    }
    host: dict[str, Any] = {
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges", f"seccomp={seccomp_profile()}"],
        "pids_limit": bounds.processes,
        "mem_limit": bounds.memory_bytes,
        "memswap_limit": bounds.memory_bytes,
        "tmpfs": {
            str(WORK): f"{scratch},size={bounds.disk_bytes}",
            "/tmp": f"{scratch},size={bounds.disk_bytes}",  # noqa: S108 - the container's own
            "/dev/shm": shared,  # noqa: S108
        },
        "ulimits": [{"Name": "core", "Soft": 0, "Hard": 0}],
        "ipc_mode": "private",
        "log_config": {"Type": "none", "Config": {}},
        # Not `binds`: for those an engine elsewhere would make what it does not find.
        "mounts": [
            {"Type": "bind", "Source": str(here), "Target": str(there), "ReadOnly": True}
            for here, there in mounts
        ],
    }
    if not purpose.has_network:
        # Both: the second saves the engine a call of its own for each start.
        host["network_mode"] = "none"
        container["network_disabled"] = True
    if bounds.cores is not None:
        host["cpuset_cpus"] = bounds.cores
    else:
        host["cpu_shares"] = 512  # what else this machine does comes first
    if runtime is not None:
        host["runtime"] = runtime
    return Wanted(container, host)
