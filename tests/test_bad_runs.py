"""Runs that go wrong: limits, signals, missing tools, full disks; nothing is left or lost."""

import json
import os
import shlex
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from harness import files
from tests.command_line import (
    COMMAND,
    Page,
    by_name,
    environment_of,
    harness,
    judged,
    kill_processes_of,
    processes_of,
    report_of_run,
    started,
    wait_for,
)

GOOD = "```rust\nlet a = 1;\n```\n"
SPAWN = 'std::process::Command::new("sleep").arg("{}").spawn().unwrap();\n'


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


# Programs that misbehave


@pytest.fixture(scope="module")
def runs(tmp_path_factory, cache):
    """One page of programs that misbehave, run with short limits."""
    page = Page()
    page.add("spins", "loop {}")
    page.add("sleeps", "std::thread::sleep(std::time::Duration::from_secs(600));")
    page.add(
        "sleeps with child",
        SPAWN.format(987601) + "std::thread::sleep(std::time::Duration::from_secs(600));",
    )
    page.add("child outlives", SPAWN.format(987602))
    page.add("daemon outlives", SPAWN.format(987603).replace('"sleep")', '"setsid").arg("sleep")'))
    page.add(
        "daemon without environment",
        SPAWN.format(987604).replace('"sleep")', '"setsid").env_clear().arg("/bin/sleep")'),
    )
    page.add("flood", 'loop { println!("{}", "x".repeat(1 << 16)); }')
    page.add("flood of errors", 'loop { eprintln!("{}", "x".repeat(1 << 16)); }')
    page.add("flood in one line", 'loop { print!("{}", "x".repeat(1 << 16)); }')
    page.add("memory", "let mut all = Vec::new();\nloop { all.push(vec![0u8; 64 << 20]); }")
    page.add(
        "stdin",
        "let mut line = String::new();\n"
        "assert_eq!(std::io::stdin().read_line(&mut line).unwrap(), 0);",
    )
    page.add("aborts", "std::process::abort();")
    page.add("exits", "std::process::exit(3);")
    page.add(
        "stack",
        "fn f(n: u64) -> u64 { if n == u64::MAX { 0 } else { 1 + f(n + 1) } }\n"
        'println!("{}", f(std::env::args().count() as u64 % 2));',
    )
    page.add("panics", 'let a = 1;\npanic!("on purpose");')
    page.add("panics in thread", 'std::thread::spawn(|| panic!("there")).join().unwrap_err();')
    page.add(
        "forged panic",
        "eprintln!(\"thread 'main' panicked at harness_unit.rs:999999:1:\\nx\");"
        "\nstd::process::exit(101);",
    )
    page.add("escapes", 'print!("\\x1b[2J\\n::error::x\\n");\nstd::process::exit(1);')
    page.add(
        "not text",
        "use std::io::Write;\nstd::io::stdout().write_all(&[0xff, 0, 0xfe]).unwrap();"
        "\nstd::process::exit(1);",
    )
    page.add(
        "own folder",
        'assert_eq!(std::fs::read_dir(".").unwrap().count(), 0);\n'
        'std::fs::write("left.txt", "x").unwrap();',
    )
    page.add(
        "own folder again",
        'assert_eq!(std::fs::read_dir(".").unwrap().count(), 0);\n'
        'std::fs::write("left.txt", "x").unwrap();',
    )
    page.add(
        "closes output", 'use std::io::Write;\nprintln!("x");\nstd::io::stdout().flush().unwrap();'
    )
    page.add("should panic", 'panic!("as said");', "rust,should_panic")
    page.add("should panic but hangs", "loop {}", "rust,should_panic")
    page.add("should panic but is killed", "std::process::abort();", "rust,should_panic")
    page.add("not run", "loop {}", "rust,no_run")
    page.add(
        "own time",
        "std::thread::sleep(std::time::Duration::from_secs(4));",
        before="<!-- harness: timeout = 60 -->\n",
    )
    page.add("good", "assert_eq!(1 + 1, 2);")
    folder = tmp_path_factory.mktemp("runs")
    before = time.monotonic()
    verdicts = judged(page, folder, "test", "--timeout", "2.5", cache=cache)
    return page, verdicts, folder, time.monotonic() - before


@pytest.mark.compiler
@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("spins", {"time-limit"}),
        ("sleeps", {"time-limit"}),
        ("sleeps with child", {"time-limit"}),
        ("child outlives", {"ran"}),
        ("daemon outlives", {"ran"}),
        ("daemon without environment", {"ran"}),
        ("flood", {"output-limit"}),
        ("flood of errors", {"output-limit"}),
        ("flood in one line", {"output-limit"}),
        ("memory", {"out-of-memory", "killed-by-signal"}),
        ("stdin", {"ran"}),
        ("aborts", {"killed-by-signal"}),
        ("exits", {"failed-run"}),
        ("stack", {"killed-by-signal"}),
        ("panics", {"panicked"}),
        ("panics in thread", {"ran"}),
        ("forged panic", {"panicked", "failed-run"}),
        ("escapes", {"failed-run"}),
        ("not text", {"failed-run"}),
        ("own folder", {"ran"}),
        ("own folder again", {"ran"}),
        ("closes output", {"ran"}),
        ("should panic", {"panicked-as-stated"}),
        ("should panic but hangs", {"time-limit"}),
        ("not run", {"compiles"}),
        ("own time", {"ran"}),
        ("good", {"ran"}),
    ],
)
def test_a_run_gets_the_reason_of_its_end(name, reasons, runs):
    assert runs[1][name]["reason"] in reasons, runs[1][name]


@pytest.mark.compiler
def test_a_run_that_asks_for_too_much_memory_is_told_so(runs):
    assert runs[1]["memory"]["reason"] == "out-of-memory"


@pytest.mark.compiler
@pytest.mark.parametrize("name", ["spins", "sleeps", "flood", "aborts", "stack"])
def test_a_run_that_is_ended_is_reported_at_its_block(name, runs):
    page, verdicts, _, _ = runs
    assert verdicts[name]["outcome"] == "FAIL"
    assert verdicts[name]["line"] == page.fences[name]


@pytest.mark.compiler
def test_a_panic_is_reported_at_its_line_and_a_forged_place_at_the_fence(runs):
    page, verdicts, _, _ = runs
    assert verdicts["panics"]["diagnostics"][-1]["line"] == page.fences["panics"] + 2
    forged = verdicts["forged panic"]
    assert {d["line"] for d in forged["diagnostics"]} <= {page.fences["forged panic"]}


@pytest.mark.compiler
def test_no_process_outlives_a_run_not_even_a_child(runs, cache):
    assert not processes_of(cache)
    assert not processes_of("sleep 98760")


@pytest.mark.compiler
def test_nothing_that_a_run_writes_lands_beside_the_document(runs, cache):
    assert [path.name for path in runs[2].iterdir()] == ["page.md"]
    assert not list((cache / "runs").glob("run-*"))


@pytest.mark.compiler
def test_what_a_program_writes_reaches_no_terminal_raw(tmp_path, cache):
    page = Page().add("escapes", 'print!("\\x1b[2J\\n::error::x\\n");\nstd::process::exit(1);')
    page.add("panic", 'panic!("\\x1b[31m\\u{202e}");').write(tmp_path)
    for form in ("text", "concise"):
        done = harness("test", "page.md", "--output-format", form, cwd=tmp_path, cache=cache)
        assert "\x1b" not in done.stdout
        assert "\u202e" not in done.stdout
        assert not any(line.startswith("::") for line in done.stdout.splitlines())


# Compilers that misbehave


@pytest.mark.compiler
def test_constants_without_end_meet_the_compilers_limit(tmp_path, cache):
    page = Page()
    endless = "#![allow(long_running_const_eval)]\nconst X: u32 = { loop {} };\nlet x = X;"
    page.add("endless", endless)
    page.add("own limit", endless, before="<!-- harness: compile-timeout = 1 -->\n")
    page.add("good", "let a = 1;")
    before = time.monotonic()
    verdicts = judged(page, tmp_path, "check", "--compile-timeout", "4", cache=cache)
    assert verdicts["endless"]["reason"] == "compile-time-limit"
    assert verdicts["endless"]["line"] == page.fences["endless"]
    assert verdicts["own limit"]["reason"] == "compile-time-limit"
    assert verdicts["good"]["outcome"] == "PASS"
    assert time.monotonic() - before < 60
    assert not processes_of(cache)


# Tools that are missing


def program(path, text):
    """A small program for the shell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def fake_rustc(folder, version):
    """A toolchain whose compiler only tells its version."""
    answer = (
        f"rustc {version} (x)\nbinary: rustc\nhost: x86_64-unknown-linux-gnu\nrelease: {version}"
    )
    rustc = program(
        folder / "bin" / "rustc",
        f'case "$*" in *sysroot*) echo {shlex.quote(str(folder))};; *) echo "{answer}";; esac\n',
    )
    program(folder / "bin" / "cargo", "exit 1\n")
    return rustc


@pytest.mark.parametrize("verb", ["check", "test"])
def test_no_rust_at_all_is_4_and_says_how_to_install_it(verb, tmp_path, cache):
    (tmp_path / "page.md").write_text(GOOD)
    done = harness(
        verb, "page.md", cwd=tmp_path, cache=cache, PATH=str(tmp_path), RUSTC=None, CARGO=None
    )
    assert done.returncode == 4
    assert "rustup.rs" in done.stderr
    assert "1.85" in done.stderr


def test_listing_needs_no_rust(tmp_path):
    (tmp_path / "page.md").write_text(GOOD)
    done = harness("list", "page.md", cwd=tmp_path, PATH=str(tmp_path), RUSTC=None)
    assert done.returncode == 0


@pytest.mark.parametrize("version", ["1.70.0", "1.84.1", "0.9.0"])
def test_a_rust_that_is_too_old_is_4_and_told_with_the_oldest(version, tmp_path, cache):
    (tmp_path / "page.md").write_text(GOOD)
    rustc = fake_rustc(tmp_path / "tools", version)
    for named in ({"RUSTC": str(rustc)}, {"RUSTC": None, "PATH": str(rustc.parent)}):
        done = harness("check", "page.md", cwd=tmp_path, cache=cache, **named)
        assert done.returncode == 4
        assert version.rpartition(".")[0] in done.stderr
        assert "1.85" in done.stderr


@pytest.mark.parametrize(
    "text", ["exit 1\n", "echo hello\n", "kill -9 $$\n", "printf '\\377\\000'\n", "sleep 0\n"]
)
def test_a_compiler_that_answers_nonsense_is_4(text, tmp_path, cache):
    (tmp_path / "page.md").write_text(GOOD)
    rustc = program(tmp_path / "tools" / "rustc", text)
    done = harness("check", "page.md", cwd=tmp_path, cache=cache, RUSTC=str(rustc))
    assert done.returncode == 4
    assert "rustc" in done.stderr


def test_a_rust_without_cargo_is_4(tmp_path, cache):
    (tmp_path / "page.md").write_text(GOOD)
    rustc = fake_rustc(tmp_path / "tools", "1.95.0")
    (rustc.parent / "cargo").unlink()
    done = harness(
        "check", "page.md", cwd=tmp_path, cache=cache, RUSTC=None, PATH=str(rustc.parent)
    )
    assert done.returncode == 4
    assert "cargo" in done.stderr


@pytest.mark.compiler
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("exit 0\n", "success without an artifact"),
        ("exit 1\n", "failure without an error"),
        ("echo 'error: no' >&2\nexit 1\n", "failure with words only"),
        ("kill -11 $$\n", "a crash"),
    ],
)
def test_a_compiler_that_gives_no_evidence_makes_no_pass(text, why, tmp_path, cache):
    folder = tmp_path / "tools"
    rustc = fake_rustc(folder, "1.95.0")
    answers = rustc.read_text().replace("#!/bin/sh\n", "")
    program(rustc, 'case "$*" in *sysroot*|*-vV*)\n' + answers + ";; *) " + text + ";; esac\n")
    page = Page().add("One", "let a = 1;").add("Fails", 'let a: u8 = "";', "rust,compile_fail")
    page.write(tmp_path)
    done = harness(
        "check", "page.md", "--output-format", "json", cwd=tmp_path, cache=cache, RUSTC=str(rustc)
    )
    verdicts = by_name(page, report_of_run(done))
    assert {v["outcome"] for v in verdicts.values()} & {"PASS"} == set()
    assert done.returncode in (1, 6)
    if "crash" not in why:
        assert {v["reason"] for v in verdicts.values()} == {"no-evidence"}
        assert done.returncode == 6


@pytest.mark.compiler
def test_an_artifact_that_vanishes_is_no_pass(tmp_path, cache):
    real = subprocess.run(
        ["rustc", "--print", "sysroot"], capture_output=True, text=True, check=True
    ).stdout.strip()
    folder = tmp_path / "tools"
    program(
        folder / "bin" / "rustc",
        f'case "$*" in "--print sysroot") echo {shlex.quote(str(folder))}; exit;; esac\n'
        f'{shlex.quote(real)}/bin/rustc --sysroot {shlex.quote(real)} "$@" || exit $?\n'
        "rm -f out program\n",
    )
    program(folder / "bin" / "cargo", f'exec {shlex.quote(real)}/bin/cargo "$@"\n')
    page = Page().add("One", "let a = 1;").add("Two", 'let a: u8 = "";')
    page.write(tmp_path)
    for verb in ("check", "test"):
        done = harness(
            verb,
            "page.md",
            "--output-format",
            "json",
            cwd=tmp_path,
            cache=cache,
            RUSTC=str(folder / "bin" / "rustc"),
        )
        verdicts = by_name(page, report_of_run(done))
        assert verdicts["One"]["reason"] == "no-evidence"
        assert verdicts["Two"]["codes"] == ["E0308"]


# Places that cannot be written


@pytest.fixture
def small_disk(tmp_path):
    """A file system that soon is full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("disk full: only root may mount a small file system")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("disk full: no small file system can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


@pytest.mark.compiler
@pytest.mark.parametrize("left", [0, 4096, 65536, 700_000])
def test_a_full_disk_is_4_or_could_not_tell_never_a_fault_of_the_block(left, small_disk, tmp_path):
    (tmp_path / "page.md").write_text('```rust\nlet a = 1;\nprintln!("{a}");\n```\n')
    free = os.statvfs(small_disk)
    (small_disk / "filler").write_bytes(b"x" * (free.f_bavail * free.f_frsize - left))
    done = harness(
        "test",
        "page.md",
        "--output-format",
        "concise",
        cwd=tmp_path,
        cache=small_disk / "cache",
        seconds=120,
    )
    assert done.returncode in ((4,) if left < 65536 else (0, 4, 6)), done.stdout + done.stderr
    if done.returncode == 4:
        assert "space" in done.stderr
        assert "HARNESS_CACHE" in done.stderr


def full(small_disk):
    """Fill a disk to its last byte."""
    free = os.statvfs(small_disk)
    (small_disk / "filler").write_bytes(b"x" * (free.f_bavail * free.f_frsize))


@pytest.mark.compiler
def test_a_report_that_does_not_fit_leaves_the_old_one_whole(small_disk, tmp_path, cache):
    (tmp_path / "page.md").write_text(GOOD)
    old = small_disk / "report.json"
    old.write_text("old")
    full(small_disk)
    done = harness("check", "page.md", "--report", f"json={old}", cwd=tmp_path, cache=cache)
    assert done.returncode == 4
    assert "report.json" in done.stderr
    assert old.read_text() == "old"
    assert sorted(path.name for path in small_disk.iterdir()) == ["filler", "report.json"]


@pytest.mark.compiler
def test_a_workspace_that_does_not_fit_is_4(small_disk, tmp_path, cache):
    (tmp_path / "page.md").write_text(GOOD)
    full(small_disk)
    done = harness("check", "page.md", "--workspace", small_disk / "w", cwd=tmp_path, cache=cache)
    assert done.returncode == 4
    assert str(small_disk) in done.stderr


@pytest.mark.compiler
def test_output_that_cannot_be_written_is_4_not_a_crash(tmp_path, cache):
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    (tmp_path / "page.md").write_text(GOOD)
    for verb in ("list", "check"):
        with Path("/dev/full").open("wb") as full_device:
            done = subprocess.run(
                [*COMMAND, verb, "page.md"],
                cwd=tmp_path,
                env=environment_of(cache),
                stdout=full_device,
                stderr=subprocess.PIPE,
                check=False,
            )
        assert b"Traceback" not in done.stderr
        assert done.returncode == 4


@pytest.mark.compiler
@pytest.mark.parametrize("place", ["folder", "file/report.json", "/proc/nowhere/x.json"])
def test_a_report_that_cannot_be_put_there_is_an_error_with_the_place(place, tmp_path, cache):
    (tmp_path / "page.md").write_text(GOOD)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    done = harness("check", "page.md", "--report", f"json={place}", cwd=tmp_path, cache=cache)
    assert done.returncode in (2, 4)
    assert place in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder", "page.md"]


@pytest.mark.compiler
@pytest.mark.parametrize("kind", ["file", "below a file"])
def test_a_cache_that_is_no_folder_is_4_and_names_the_variable(kind, tmp_path):
    (tmp_path / "page.md").write_text(GOOD)
    (tmp_path / "cache").write_text("x")
    named = tmp_path / "cache" if kind == "file" else tmp_path / "cache" / "inner"
    done = harness("check", "page.md", cwd=tmp_path, cache=named)
    assert done.returncode == 4
    assert "HARNESS_CACHE" in done.stderr


# Signals

MARK = f"{os.getpid()}603"
"""Seconds that only this process's tests let a child sleep, by which it is found again."""
ENDLESS = {
    "run": "```rust\n" + SPAWN.format(MARK) + "loop {}\n```\n",
    "another group": "```rust\n"
    + SPAWN.format(MARK).replace('"sleep")', '"setsid").arg("sleep")')
    + "loop {}\n```\n",
    "compile": "```rust\n#![allow(long_running_const_eval)]\nconst X: u32 = { loop {} };\n"
    "fn main() { let _ = X; }\n```\n",
}


def interrupted(kind, numbers, folder, cache, *options):
    """Send signals to a run that is at work; how it ended."""
    (folder / "page.md").write_text(GOOD + "\n" + ENDLESS[kind])
    process = started(
        "test",
        "page.md",
        "--timeout",
        "300",
        "--compile-timeout",
        "300",
        *options,
        cwd=folder,
        cache=cache,
    )
    seen = f"sleep {MARK}" if kind == "run" else cache / "runs"
    assert wait_for(lambda: processes_of(seen)), "nothing was started"
    time.sleep(0.3)
    for number in numbers:
        process.send_signal(number)
        time.sleep(0.03)
    try:
        out, err = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        pytest.fail("did not end within 30 s")
    finally:
        left = processes_of(cache) + processes_of(f"sleep {MARK}")
        kill_processes_of(cache)
        kill_processes_of(f"sleep {MARK}")
    return process.returncode, out.decode(), err.decode(), left


@pytest.mark.compiler
@pytest.mark.parametrize("kind", ["run", "compile"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_is_130_and_leaves_nothing(kind, number, tmp_path):
    cache = tmp_path / "cache"
    report = tmp_path / "report.json"
    report.write_text("old")
    code, out, err, left = interrupted(
        kind, [number], tmp_path, cache, "--report", f"json={report}"
    )
    assert code == 130
    assert "Traceback" not in err
    assert "interrupted" in err
    assert not out
    assert not left
    assert not list((cache / "runs").iterdir())
    assert report.read_text() == "old"


@pytest.mark.compiler
def test_an_impatient_second_interrupt_leaves_no_process(tmp_path):
    cache = tmp_path / "cache"
    code, _, err, left = interrupted("run", [signal.SIGINT] * 3, tmp_path, cache)
    assert code == 130
    assert "Traceback" not in err
    assert not left


@pytest.mark.compiler
@pytest.mark.parametrize("kind", ["run", "another group", "compile"])
def test_a_harness_that_is_killed_leaves_no_process(kind, tmp_path):
    """SIGKILL: it has no time to end what it started, and its own group is not told."""
    cache = tmp_path / "cache"
    (tmp_path / "page.md").write_text(ENDLESS[kind])
    limits = ("--timeout", "300", "--compile-timeout", "300")
    process = started("test", "page.md", *limits, cwd=tmp_path, cache=cache)
    seen = cache / "runs" if kind == "compile" else f"sleep {MARK}"
    try:
        assert wait_for(lambda: processes_of(seen)), "nothing was started"
        process.kill()
        process.communicate()
        assert wait_for(lambda: not processes_of(cache) + processes_of(f"sleep {MARK}"), seconds=5)
    finally:
        kill_processes_of(cache)
        kill_processes_of(f"sleep {MARK}")


@pytest.mark.compiler
def test_the_next_run_cleans_up_after_one_that_was_killed(tmp_path):
    cache = tmp_path / "cache"
    (tmp_path / "page.md").write_text(ENDLESS["run"])
    process = started("test", "page.md", "--timeout", "300", cwd=tmp_path, cache=cache)
    try:
        assert wait_for(lambda: processes_of(f"sleep {MARK}"))
        process.kill()
        process.communicate()
        assert list((cache / "runs").glob("run-*"))
    finally:
        kill_processes_of(cache)
        kill_processes_of(f"sleep {MARK}")
    (tmp_path / "page.md").write_text(GOOD)
    assert harness("check", "page.md", cwd=tmp_path, cache=cache).returncode == 0
    assert not list((cache / "runs").iterdir())


@pytest.mark.compiler
def test_a_run_leaves_the_folder_of_another_that_is_at_work(tmp_path):
    cache = tmp_path / "cache"
    (tmp_path / "slow.md").write_text(
        "```rust\nstd::thread::sleep(std::time::Duration::from_secs(5));\n"
        'std::fs::write("x", "y").unwrap();\n```\n'
    )
    (tmp_path / "page.md").write_text(GOOD)
    process = started("test", "slow.md", "--timeout", "60", cwd=tmp_path, cache=cache)
    assert wait_for(lambda: list(cache.glob("runs/run-*/*/program")))
    assert harness("check", "page.md", cwd=tmp_path, cache=cache).returncode == 0
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, out + err


@pytest.mark.compiler
def test_two_runs_at_the_same_time_say_the_same_and_disturb_nothing(tmp_path):
    cache = tmp_path / "cache"
    dependency = tmp_path / "near"
    (dependency / "src").mkdir(parents=True)
    (dependency / "Cargo.toml").write_text('[package]\nname = "near"\nversion = "1.0.0"\n')
    (dependency / "src" / "lib.rs").write_text("pub fn one() -> u8 { 1 }\n")
    (tmp_path / "harness.toml").write_text(f'[dependencies]\nnear = {{ path = "{dependency}" }}\n')
    page = Page().add("one", "use near::one;\nlet a: u8 = one();")
    page.add("two", "use near::one;\nlet a: String = one();").add("three", "use redis::none;")
    for number in range(6):
        page.add(f"more {number}", f"assert_eq!({number}, {number});")
    page.write(tmp_path)
    runs = [
        started("test", "page.md", "--output-format", "json", cwd=tmp_path, cache=cache)
        for _ in range(3)
    ]
    ended = []
    threads = [
        threading.Thread(target=lambda run=run: ended.append(run.communicate(timeout=200)))
        for run in runs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [run.returncode for run in runs] == [1, 1, 1], ended
    told = [json.loads(out)["verdicts"] for out, _ in ended]
    assert told[0] == told[1] == told[2]
    assert not list((cache / "runs").iterdir())


# Pipes


@pytest.mark.compiler
@pytest.mark.parametrize(
    "arguments", ["list page.md", "check page.md", "explain", "check page.md --output-format json"]
)
def test_a_reader_that_leaves_early_is_no_crash(arguments, tmp_path, cache):
    (tmp_path / "page.md").write_text(
        "```rust\nlet a = missing;\n```\n\n" * 4
        + "```rust,ignore\n1;\n```\n\n" * 0
        + "# x\n\n"
        + "text\n\n" * 10
    )
    command = " ".join(shlex.quote(word) for word in COMMAND)
    done = subprocess.run(
        [
            "bash",
            "-c",
            f"{command} {arguments} | head -c 1; code=${{PIPESTATUS[0]}}; echo; echo $code",
        ],
        cwd=tmp_path,
        env=environment_of(cache),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
    wanted = {"1"} if arguments.startswith("check") else {"0"}
    assert done.stdout.split()[-1] in wanted


@pytest.mark.compiler
def test_a_standard_output_that_is_closed_from_the_start_is_no_crash(tmp_path, cache):
    (tmp_path / "page.md").write_text(GOOD)
    command = " ".join(shlex.quote(word) for word in COMMAND)
    for closed in (">&-", "2>&-", "<&-"):
        done = subprocess.run(
            ["bash", "-c", f"{command} check page.md {closed}"],
            cwd=tmp_path,
            env=environment_of(cache),
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr
        assert done.returncode in (0, 4)


def test_python_itself_starts_without_a_locale(tmp_path):
    (tmp_path / "ä.md").write_text("# ä\n\n" + GOOD)
    done = harness(
        "list", "ä.md", cwd=tmp_path, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"
    )
    assert done.returncode == 0, done.stderr
    assert sys.getdefaultencoding() == "utf-8"


def test_a_folder_that_another_run_removes_meanwhile_is_no_error(tmp_path, monkeypatch):
    """Two runs that start at once both remove what a killed one left."""
    (tmp_path / "runs" / "run-left").mkdir(parents=True)

    def gone(folder):
        folder.rmdir()
        return folder.stat()

    monkeypatch.setattr(files, "_age_seconds", gone)
    with files.RunFolder(tmp_path) as run:
        assert run.path.is_dir()
