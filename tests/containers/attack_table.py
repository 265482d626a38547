"""Each attack by itself, as a table: how long its verdict took, what it is, and what was left.

`python -m tests.containers.attack_table [WORD]`: attacks whose name has the word, or all. What is
left is counted after the harness has ended: containers, and their control groups and mounts by
the ids that were seen while it ran; files of the run, in its cache and in `/tmp`. Ends with 1
where a verdict is not the one that is due, or anything is left.
"""

import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.runners.containers.confinement import LABEL
from harness.runners.containers.engine import connect
from tests.command_line import Page, by_name, report_of_run, started
from tests.containers import attacks, crate_attacks, hostile_projects
from tests.containers.test_attacks import LIMITS, SHORT, SHORT_COMPILING, crate, repository

_GROUPS = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Attack:
    """One attack: at which moment, by what, and the reasons that it may end in."""

    moment: str
    name: str
    verb: str
    reasons: tuple[str, ...]
    write: Callable[[Path], Page]
    """Makes the repository around its document."""
    options: tuple[str, ...] = ()


def all_attacks() -> Iterator[Attack]:
    """Those of the tests."""
    for name, (code, reason) in attacks.RUNNING.items():
        before = SHORT if reason == "time-limit" else ""
        yield Attack("run", name, "test", (reason,), _block(name, code, before))
    for name, (code, reasons) in attacks.COMPILING.items():
        before = SHORT_COMPILING if "compile-time-limit" in reasons else ""
        yield Attack("compile", name, "check", reasons, _block(name, code, before))
    for name, due in crate_attacks.MACROS.items():
        before = SHORT_COMPILING if due == "compile-time-limit" else ""
        reasons = (due,) if due else ("compiles", "compile-error", "tampered", "no-evidence")
        yield Attack("macro", name, "check", reasons, _macro(name, before))
    for name, (body, _) in crate_attacks.BUILD_SCRIPTS.items():
        options = ("--build-timeout", "15") if name == "spin" else ()
        reasons = ("dependency-broken",)
        yield Attack("build script", name, "check", reasons, _script(name, body), options)

    rows = hostile_projects.SETTINGS | hostile_projects.ORIGINS | hostile_projects.CODE
    for name, hostile in rows.items():
        reasons = ("needs-project",) if hostile.told else ("compiles",)
        yield Attack("project", name, "check", reasons, _project(name, hostile))
    endless = hostile_projects.Hostile({"build.rs": "fn main() { loop {} }"})
    name, options = "build script without end", ("--build-timeout", "15")
    write = _project(name, endless)
    yield Attack("project", name, "check", ("needs-project",), write, options)


def _block(name: str, code: str, before: str) -> Callable[[Path], Page]:
    def write(folder: Path) -> Page:
        secret = folder / "secret.rs"
        secret.write_text('const WORD: &str = "leaked";', encoding="utf-8")
        return Page().add(name, code.replace("@FILE", str(secret)), before=before)

    return write


def _macro(name: str, before: str) -> Callable[[Path], Page]:
    def write(folder: Path) -> Page:
        repository(folder, ['evil = { path = "evil" }'])
        lib = crate_attacks.MACRO_CRATE
        crate(folder, "evil", lib, manifest="[lib]\nproc-macro = true\n")
        return Page().add(name, f"evil::{name}!();", before=before)

    return write


def _script(name: str, body: str) -> Callable[[Path], Page]:
    def write(folder: Path) -> Page:
        repository(folder, ['evil = { path = "evil" }'])
        crate(folder, "evil", "", build=body)
        return Page().add(name, "use evil as _;")

    return write


def _project(name: str, hostile: hostile_projects.Hostile) -> Callable[[Path], Page]:
    def write(folder: Path) -> Page:
        hostile_projects.write_outside(folder.parent)
        hostile_projects.write_project(folder, hostile, "http://192.0.2.1:80")
        return Page().add(name, "let _ = own::Thing;")

    return write


@dataclass(frozen=True)
class Seen:
    """What an attack ended in."""

    reason: str
    seconds: float
    left: tuple[str, ...]


def tried(attack: Attack, cache: Path) -> Seen:
    """Run one attack, with a neighbour that must be judged as ever."""
    with tempfile.TemporaryDirectory(prefix="attack-") as name:
        folder = Path(name) / "book"
        folder.mkdir()
        page = attack.write(folder).add("neighbour", "let x = 1;\nassert_eq!(x, 1);")
        file = page.write(folder)
        before = _files(folder, cache)
        begun = time.monotonic()
        run = ("--timeout", "60") if attack.verb == "test" else ()
        process = started(
            attack.verb, file.name, "--runner", "docker", "--no-cache", *LIMITS, *run,
            *attack.options, "--output-format", "json", cwd=folder, cache=cache,
        )  # fmt: skip
        watcher = _Watcher(process.pid)
        stdout, stderr = process.communicate(timeout=600)
        seconds = time.monotonic() - begun
        process.stdout = stdout.decode(errors="replace")
        process.stderr = stderr.decode(errors="replace")
        found = by_name(page, report_of_run(process))
        left = (*watcher.left(), *sorted(_files(folder, cache) - before))
        neighbour = found["neighbour"]["reason"]
        if neighbour != ("ran" if attack.verb == "test" else "compiles"):
            left += (f"the neighbour's verdict {neighbour}",)
        return Seen(found[attack.name]["reason"], seconds, left)


def _files(folder: Path, cache: Path) -> set[str]:
    """What an attack must not add to: beside the document, in `/tmp`, folders of runs."""
    beside = {str(path) for path in folder.rglob("*")}
    shared = {str(path) for path in Path(tempfile.gettempdir()).glob("*fill*")}
    return beside | shared | {str(path) for path in (cache / "runs").glob("run-*")}


class _Watcher:
    """Collects the ids of a harness's containers while it runs."""

    def __init__(self, pid: int) -> None:
        self._client = connect()
        self._pid = pid
        self._ids: set[str] = set()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._is_over.wait(0.2):
            self._ids |= self._present()

    def _present(self) -> set[str]:
        found = self._client.api.containers(all=True, filters={"label": [LABEL]})
        return {
            each["Id"] for each in found if json.loads(each["Labels"][LABEL])["pid"] == self._pid
        }

    def left(self) -> tuple[str, ...]:
        """Containers, control groups and mounts that outlived their harness.

        Also that too little was seen to say so: a run has containers, and each is looked for.
        """
        was_watching = self._thread.is_alive()
        self._is_over.set()
        self._thread.join()
        containers = [f"container {each[:12]}" for each in self._present()]
        self._client.close()
        mounts = Path("/proc/mounts").read_text(encoding="utf-8")
        mounted = [f"mount {each[:12]}" for each in self._ids if each in mounts]
        grouped = [f"group {each[:12]}" for each in self._ids if _has_group(each)]
        unseen = () if self._ids else ("no container was seen",)
        if self._ids and not was_watching:
            unseen = ("not all containers were seen",)
        return (*containers, *mounted, *grouped, *unseen)


def _has_group(container: str) -> bool:
    """Whether a container's control group is there, of version 1 or 2, by either driver."""
    places = (f"docker/{container}", f"system.slice/docker-{container}.scope")
    roots = (_GROUPS, *_GROUPS.iterdir())
    return any((root / place).exists() for root in roots for place in places)


def main() -> int:
    """Print the table as Markdown; the exit code."""
    words = sys.argv[1:]
    wrong = 0
    print("| moment | attack | verdict | time to all verdicts | left |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="attacks-") as cache:
        for attack in all_attacks():
            if words and not any(word in f"{attack.moment} {attack.name}" for word in words):
                continue
            seen = tried(attack, Path(cache))
            is_due = seen.reason in attack.reasons
            wrong += not is_due or bool(seen.left)
            verdict = f"`{seen.reason}`" + ("" if is_due else f", due `{attack.reasons[0]}`")
            left = "; ".join(seen.left) or "nothing"
            told = (attack.moment, attack.name, verdict, f"{seen.seconds:.1f} s", left)
            print(f"| {' | '.join(told)} |", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
