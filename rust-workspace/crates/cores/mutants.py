"""Changes of the crate in one place at a time → how many of them the tests notice.

Usage: python mutants.py [SHARD/OF], where 0/9 is every ninth. cargo-mutants lists the changes
(`cargo install cargo-mutants`). Building a crate for each takes hours, so all are woven into one
(see weave.py), each test program is built once, and each change is a run of it. What does not
compile together is built and run by itself. Every change that no test notices must stand in
MUTANTS.md, or this fails.
"""

import functools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import weave
from weave import Change

CRATE = Path(__file__).resolve().parent
WORKSPACE = CRATE.parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", WORKSPACE / "target")) / "mutants"
# Where the woven crate lies: a workspace of the crate alone.
COPY = TARGET / "copy"
SOURCES = COPY / "crates/cores"
BUILD = {
    **os.environ,
    "CARGO_TARGET_DIR": str(TARGET / "build"),
    # A change that only a lint refuses is for the tests.
    "RUSTFLAGS": f"{os.environ.get('RUSTFLAGS', '')} --cap-lints=warn".strip(),
    "CARGO_PROFILE_TEST_DEBUG": "0",
    "CARGO_PROFILE_TEST_OPT_LEVEL": "1",
}
# Few steps first, because most changes show at once; what stays gets the second round.
ROUNDS = (("--skip", "stress", "400"), ("8000",))
SECONDS = 60
MEMORY = 6_000_000  # KiB
GOAL = 0.95
Outcome = tuple[Change, str]


@functools.cache
def original(file: str) -> str:
    """A source file as it was when first asked for, so that one may go on working on the crate."""
    return (CRATE.parents[1] / file).read_text()


def run(*command: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    """A command in the copy, its output kept."""
    words = [str(word) for word in command]
    environment = {**BUILD, **{key: str(value) for key, value in options.items()}}
    return subprocess.run(
        words, cwd=COPY, env=environment, capture_output=True, text=True, check=False
    )


def copy() -> None:
    """The crate as it is, in a workspace of its own; Cargo builds again only what changed."""
    shutil.rmtree(COPY, ignore_errors=True)
    COPY.mkdir(parents=True)
    for source in (CRATE / "src").rglob("*.rs"):
        original(str(Path("crates/cores") / source.relative_to(CRATE)))
    for name in ("Cargo.lock", "rust-toolchain.toml"):
        shutil.copy(WORKSPACE / name, COPY)
    manifest = (WORKSPACE / "Cargo.toml").read_text()
    alone = manifest.replace('"crates/*", "stubs/*"', '"crates/cores"')
    (COPY / "Cargo.toml").write_text(alone)
    shutil.copytree(CRATE, SOURCES)


def listed() -> list[Change]:
    """All changes that cargo-mutants knows for the crate."""
    command = ("cargo", "mutants", "--list", "--json", "-p", "cores", "--exclude", "**/tests.rs")
    done = run(*command)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    found = json.loads(done.stdout)
    texts = {entry["file"]: (COPY / entry["file"]).read_text() for entry in found}
    return [weave.change(number, entry, texts[entry["file"]]) for number, entry in enumerate(found)]


def write(changes: Sequence[Change]) -> dict[str, weave.Woven]:
    """The crate with these changes woven in; gives the woven texts by file."""
    woven = {}
    for source in sorted((CRATE / "src").rglob("*.rs")):
        file = str(Path("crates/cores") / source.relative_to(CRATE))
        own = [one for one in changes if one.file == file]
        woven[file] = weave.weave(original(file), own)
        extra = weave.CHOICE if file.endswith("src/lib.rs") else ""
        (COPY / file).write_text(woven[file].text + extra)
    return woven


def errors(done: subprocess.CompletedProcess[str]) -> Iterator[dict[str, object]]:
    """The compiler's errors with a place."""
    for line in done.stdout.splitlines():
        entry = json.loads(line)
        message = entry.get("message")
        if entry["reason"] == "compiler-message" and message["level"] == "error":
            yield message


def blamed(message: object, woven: dict[str, weave.Woven]) -> set[int]:
    """The changes in whose lines an error lies; of several in a line, all."""
    assert isinstance(message, dict)
    return {
        number
        for span in message["spans"]
        if span["is_primary"] and span["file_name"] in woven
        for number, lines in woven[span["file_name"]].lines.items()
        if span["line_start"] in lines
    }


def compiling(changes: list[Change]) -> tuple[list[Change], list[Change]]:
    """The changes that compile together, and the rest."""
    rest: list[Change] = []
    while True:
        woven = write(changes)
        done = run("cargo", "check", "-p", "cores", "--lib", "--message-format", "json")
        if done.returncode == 0:
            return changes, rest
        found = list(errors(done))
        out = set().union(*(blamed(message, woven) for message in found))
        if not out:
            sys.exit("\n".join(str(message["rendered"]) for message in found) or done.stderr)
        rest += [one for one in changes if one.number in out]
        changes = [one for one in changes if one.number not in out]


def alone(one: Change) -> None:
    """The crate with one change made, not chosen."""
    write([])
    text = original(one.file)
    (COPY / one.file).write_text(weave.applied(text, one, weave.Span(0, len(text))))


def programs() -> list[Path]:
    """The test programs, built; the unit tests, which are quick, first."""
    command = ("cargo", "test", "-p", "cores", "--lib", "--test", "cores", "--no-run")
    done = run(*command, "--message-format", "json")
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    entries = [json.loads(line) for line in done.stdout.splitlines()]
    built = [entry for entry in entries if entry.get("executable")]
    built.sort(key=lambda entry: entry["target"]["kind"] != ["lib"])
    return [Path(entry["executable"]) for entry in built]


def noticed(tests: Iterable[Path], number: int | None) -> str:
    """How the tests notice a change: "failed", "time limit", or not at all."""
    limited = ("sh", "-c", f'ulimit -v {MEMORY}; exec timeout {SECONDS} "$0" "$@"')
    chosen = {} if number is None else {"CORES_MUTANT": number}
    for *arguments, steps in ROUNDS:
        for program in tests:
            options = {"CORES_STEPS": steps, "PROPTEST_MAX_SHRINK_ITERS": 0, **chosen}
            done = run(*limited, program, "-q", *arguments, **options)
            if done.returncode:
                return "time limit" if done.returncode == 124 else "failed"
    return "not noticed"


def is_for_loom(one: Change) -> bool:
    """Whether a change is made in a function that only the model checker's build has."""
    if one.function is None:
        return False
    head = weave.Span(one.function.begin, weave.body(original(one.file), one.function).begin)
    return "#[cfg(loom)]" in original(one.file)[head.begin : head.end]


def judged(changes: list[Change]) -> Iterator[Outcome]:
    """Each change with how the tests notice it."""
    yield from ((one, "only in loom's build") for one in changes if is_for_loom(one))
    changes = [one for one in changes if not is_for_loom(one)]
    together, rest = compiling([one for one in changes if one.function])
    rest += [one for one in changes if not one.function]
    tests = programs()
    if noticed(tests, None) != "not noticed":
        sys.exit("the tests fail without a change")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = pool.map(lambda one: noticed(tests, one.number), together)
        for one, outcome in zip(together, outcomes, strict=True):
            yield one, outcome
    for one in rest:
        alone(one)
        if run("cargo", "check", "-p", "cores", "--lib").returncode:
            yield one, "does not compile"
        else:
            yield one, noticed(programs(), None)


def place(one: Change) -> str:
    """The file in which a change is made, within the crate."""
    return str(Path(one.file).relative_to("crates/cores/src"))


def line(one: Change) -> int:
    """The line of a change, from 1."""
    return original(one.file).count("\n", 0, one.span.begin) + 1


def report(outcomes: Sequence[Outcome]) -> int:
    """Print the figures and what stays; 1 if too much stays or something unexplained."""
    by = {word: [one for one, seen in outcomes if seen == word] for _, word in outcomes}
    explained = (CRATE / "MUTANTS.md").read_text()
    alive = by.get("not noticed", [])
    row = "`{}: {}`"
    unknown = [
        one
        for one in alive
        if row.format(place(one), one.name).replace("|", "\\|") not in explained
    ]
    left_out = ("does not compile", "only in loom's build")
    judged_ones = len(outcomes) - sum(len(by.get(word, [])) for word in left_out)
    share = 1 - len(alive) / judged_ones
    for one in alive:
        mark = " (NOT EXPLAINED)" if one in unknown else ""
        print(f"{place(one)}:{line(one)}: {one.name}{mark}")
    figures = ", ".join(f"{word} {len(ones)}" for word, ones in sorted(by.items()))
    print(f"{len(outcomes)} changes: {figures}; {share:.1%} of {judged_ones} noticed")
    return int(share < GOAL or bool(unknown))


def main() -> None:
    """The command line."""
    part, of = (int(word) for word in (sys.argv[1] if sys.argv[1:] else "0/1").split("/"))
    copy()
    changes = listed()[part::of]
    print(f"{len(changes)} changes", flush=True)
    outcomes = []
    for one, outcome in judged(changes):
        outcomes.append((one, outcome))
        if len(outcomes) % 50 == 0:
            print(f"{len(outcomes)} judged", flush=True)
    sys.exit(report(outcomes))


if __name__ == "__main__":
    main()
