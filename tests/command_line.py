"""The command line as a user runs it, and documents whose blocks are found again by name."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "harness")


def environment_of(cache=None, **more):
    """The environment of a run; a variable given as None is taken away."""
    changed = {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"} | more
    if cache is not None:
        changed["HARNESS_CACHE"] = str(cache)
    kept = {name: value for name, value in os.environ.items() if name not in changed}
    return kept | {name: value for name, value in changed.items() if value is not None}


def harness(*arguments, cwd, cache=None, seconds=300, data=b"", **environment):
    """Run the command line to its end; the output as text, whatever bytes it holds."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        input=data,
        capture_output=True,
        env=environment_of(cache, **environment),
        timeout=seconds,
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode(errors="replace")[-2000:]
    return subprocess.CompletedProcess(
        done.args,
        done.returncode,
        done.stdout.decode(errors="replace"),
        done.stderr.decode(errors="replace"),
    )


def started(*arguments, cwd, cache, **environment):
    """Start the command line and leave it running."""
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment_of(cache, **environment),
    )


@dataclass
class Page:
    """A document of named blocks, with the line of each opening fence."""

    text: str = ""
    fences: dict[str, int] = field(default_factory=dict)

    def add(self, name, code, info="rust", before=""):
        """Add a block below a heading with its name."""
        assert name not in self.fences
        self.text += f"## {name}\n\n{before}"
        self.fences[name] = self.text.count("\n") + 1
        self.text += f"```{info}\n{code.rstrip(chr(10))}\n```\n\n"
        return self

    def write(self, folder, name="page.md"):
        """Put the document on disk; its path."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(self.text.encode())
        return folder / name


def report_of_run(done):
    """The JSON report of a run with `--output-format json`."""
    assert done.stdout, f"exit {done.returncode}: {done.stderr}"
    return json.loads(done.stdout)


def by_name(page, report, kind="snippet"):
    """The verdict on each block of a page, by the block's name."""
    names = {line: name for name, line in page.fences.items()}
    found = {names[v["line"]]: v for v in report["verdicts"] if v["kind"] == kind}
    if kind == "snippet":
        assert sorted(found) == sorted(page.fences), "a block has no verdict"
    return found


def judged(page, folder, verb="check", *options, cache=None, **environment):
    """The verdict on each block of a page, by its name."""
    file = page.write(folder)
    done = harness(
        verb, file.name, *options, "--output-format", "json", cwd=folder, cache=cache, **environment
    )
    return by_name(page, report_of_run(done))


def processes_of(folder):
    """Live processes, as (pid, name), that work below a folder or name it."""
    wanted = str(folder)
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with suppress(OSError):
            here = str((entry / "cwd").readlink())
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if words and (here.startswith(wanted) or wanted in words):
                found.append((int(entry.name), words))
    return found


def wait_for(condition, seconds=60, step=0.05):
    """Wait until a condition holds; its last value."""
    end = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < end:
        time.sleep(step)
    return value


def kill_processes_of(folder):
    """End what a killed harness left behind below a folder of the test's own."""
    for pid, _ in processes_of(folder):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
