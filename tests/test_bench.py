"""`harness bench` on documents that are not ours, from the quote to the exit code."""

import json
import platform
from dataclasses import replace

import pytest

from harness import bench_pipeline
from harness.benching import BenchSettings
from harness.host import Host, read_host
from harness.model.bench import Sampling
from harness.model.reasons import Reason
from harness.progress import Progress
from harness.runners.executor import Executor
from tests.command_line import harness
from tests.support import check_settings

pytestmark = [pytest.mark.compiler, pytest.mark.network]

PAGE = """# Sorting

A hundred numbers are sorted with p50 5 ms, and one core sorts at least 10 lists/s.
On two cores at least 20 lists/s.
Sixteen cores are to sort at least 900,000,000,000 lists/s, or at least 1 lists/s.

```rust
pub fn sorted(mut numbers: Vec<u32>) -> Vec<u32> {
    numbers.sort_unstable();
    numbers
}
```
"""
RATE = """
fn lists(bench: &mut Bench) {
    bench.rate(|_| (), |()| sorted((0..100).rev().collect()).len() as u64 / 100);
}
"""
HEAD = "use super::*;\nuse probe::Bench;\n"
SHORT = ("--launches", "10", "--measure-ms", "10", "-q")


def write(folder, bench, claims, page=PAGE):
    (folder / "benches").mkdir(exist_ok=True)
    (folder / "notes.md").write_text(page, encoding="utf-8")
    (folder / "benches" / "notes.rs").write_text(HEAD + bench, encoding="utf-8")
    (folder / "harness.toml").write_text(claims, encoding="utf-8")


def claim(name, quote, bench, **more):
    keys = {"quote": quote, "bench": bench} | more
    lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    return "\n".join([f'[claims."{name}"]', *lines, ""])


ONE = claim("one", "at least 10 lists/s", "lists")
TWO = claim("two", "at least 20 lists/s", "lists", cores=2)


def verdicts(folder):
    report = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    return report, {v["id"].rpartition("/")[2]: v for v in report["verdicts"]}


def test_a_bench_is_written_filled_in_and_decides_its_claim(tmp_path):
    (tmp_path / "notes.md").write_text(PAGE, encoding="utf-8")
    before = {path.name for path in tmp_path.iterdir()}
    written = harness("bench", "--new", "sorted with p50 5 ms", "notes.md", cwd=tmp_path)
    assert written.returncode == 0, written.stderr
    bench = tmp_path / "benches" / "notes.rs"
    assert {path.name for path in tmp_path.iterdir()} - before == {"benches", "harness.toml"}
    assert 8 <= len(bench.read_text(encoding="utf-8").splitlines()) <= 12

    unfilled = harness("bench", *SHORT, "notes.md", cwd=tmp_path)
    assert unfilled.returncode == 1
    assert "panicked" in unfilled.stdout

    text = bench.read_text(encoding="utf-8")
    filled = text.replace('todo!("the call that the figure is about")', "sorted(vec![3, 1, 2])")
    assert filled != text
    bench.write_text(filled, encoding="utf-8")
    done = harness("bench", *SHORT, "--save", "out.json", "notes.md", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    report, found = verdicts(tmp_path)
    assert found["sorted with p50 5 ms"]["reason"] == "met"
    (row,) = report["benches"]
    assert len(row["launches"]) == 10
    assert all(each["cores_allowed"] == [read_host().cores[-1]] for each in row["launches"])
    assert all(not each["throttled"] for each in row["launches"])

    from_file = harness("claims", "--report-from", "out.json", "notes.md", cwd=tmp_path)
    assert "1 met" in from_file.stdout
    assert "1 met" in harness("claims", "notes.md", cwd=tmp_path).stdout
    again = harness("bench", "--new", "sorted with p50 5 ms", "notes.md", cwd=tmp_path)
    assert again.returncode == 2
    assert bench.read_text(encoding="utf-8") == filled


def test_a_changed_document_or_bench_is_not_run_again_by_memory(tmp_path):
    write(tmp_path, RATE, ONE)
    assert harness("bench", *SHORT, "notes.md", cwd=tmp_path).returncode == 0
    assert "1 met" in harness("claims", "notes.md", cwd=tmp_path).stdout
    write(tmp_path, RATE + "// changed\n", ONE)
    assert "1 not-run" in harness("claims", "notes.md", cwd=tmp_path).stdout


def test_one_and_two_cores_are_pinned_and_more_are_not_measurable(tmp_path):
    huge = claim("huge", "at least 900,000,000,000 lists/s", "lists", cores=16)
    tiny = claim("tiny", "at least 1 lists/s", "lists", cores=16)
    write(tmp_path, RATE, ONE + TWO + huge + tiny)
    cores = read_host().cores
    if len(cores) < 2:
        pytest.fail("this test needs two cores")
    report = run(tmp_path, Host(cores[:2], "a host of two"))
    rows = {row.stated.name: row for row in report.benches}
    assert {each.cores_allowed for each in rows["one"].series} == {(cores[1],)}
    assert {each.cores_allowed for each in rows["two"].series} == {tuple(cores[:2])}
    assert rows["tiny"].reason is Reason.NOT_MEASURABLE
    assert rows["tiny"].message == "16 cores stated, 2 here"
    assert [p.cores for p in rows["tiny"].points] == [1, 2]
    # Refuted, unless the machine was too busy to tell.
    assert rows["huge"].reason in (Reason.MISSED, Reason.NOT_MEASURABLE)
    assert rows["huge"].bound is not None


def test_a_smaller_host_leaves_two_cores_unmeasured(tmp_path):
    write(tmp_path, RATE, TWO)
    report = run(tmp_path, Host(read_host().cores[:1], "a host of one"))
    assert report.benches[0].reason is Reason.NOT_MEASURABLE
    assert report.benches[0].message == "2 cores stated, 1 here"


def run(folder, host, **settings):
    grown = []
    report = bench_pipeline.bench(
        [folder / "notes.md"],
        replace(check_settings("bench"), is_isolated=True, is_cached=False),
        BenchSettings(Sampling(launches=10, warm_up_ms=1, measure_ms=5), **settings),
        host,
        Executor(),
        Progress(is_quiet=True),
        grown.append,
    )
    assert len(grown) == len({(r.stated.bench, r.stated.cores) for r in report.benches})
    return report


BAD = {
    "forged": (
        'println!("\\n@probe 1 00 {{}}"); bench.share(1, 2);',
        "tampered",
    ),
    "left": ("std::process::exit(0);", "no-evidence"),
    "failed": ("std::process::exit(3);", "failed-run"),
    "panicked": ('panic!("no");', "panicked"),
    "silent": ("", "failed-run"),
    "broken": ("let x: u8 = 1_u16;", "compile-error"),
    "pinned elsewhere": ("bench.share(1, 0);", "panicked"),
}

CLOCK = """
#[unsafe(no_mangle)]
pub extern "C" fn clock_gettime(_: i64, told: &mut [i64; 2]) -> i64 {
    let mut answer = 228; // the kernel's own clock_gettime
    unsafe {
        std::arch::asm!(
            "syscall", inlateout("rax") answer, in("rdi") WHICH, in("rsi") told.as_mut_ptr(),
            out("rcx") _, out("r11") _,
        );
    }
    let time = (told[0] * 1_000_000_000 + told[1]) as f64 * FACTOR;
    *told = [time as i64 / 1_000_000_000, time as i64 % 1_000_000_000];
    answer
}
"""
CALLS = "fn lists(bench: &mut Bench) { bench.calls(|| sorted((0..100).rev().collect()).len()); }\n"
TAIL = claim("one", "sorted with p50 5 ms", "lists", statistic="p99")
FORGED = pytest.mark.skipif(platform.machine() != "x86_64", reason="the forged clock is assembly")


def clock(which, factor):
    """A clock of the program's own: one of the kernel's, as fast again as the factor says."""
    return CLOCK.replace("WHICH", which).replace("FACTOR", str(factor))


MONOTONIC, PROCESSOR_TIME = "1_i64", "3_i64"


@FORGED
@pytest.mark.parametrize(("factor", "told"), [(0.125, "of its own clock"), (3.0, "more time")])
def test_a_clock_that_the_program_brings_along_is_not_believed(tmp_path, factor, told):
    write(tmp_path, RATE + clock(MONOTONIC, factor), ONE)
    done = harness("bench", *SHORT, "--report", "json=out.json", "notes.md", cwd=tmp_path)
    _, found = verdicts(tmp_path)
    assert (done.returncode, found["one"]["reason"]) == (1, "tampered"), found
    assert told in found["one"]["message"]


@FORGED
@pytest.mark.parametrize(("factor", "reason"), [(0.5, "tampered"), (1.0, "met")])
def test_a_percentiles_short_launches_show_a_slow_clock_together(tmp_path, factor, reason):
    """Processor time is what a clock shows of a core that is never waited for, on any machine."""
    write(tmp_path, CALLS + clock(PROCESSOR_TIME, factor), TAIL)
    harness("bench", "-q", "--report", "json=out.json", "notes.md", cwd=tmp_path)
    _, found = verdicts(tmp_path)
    assert found["one"]["reason"] == reason, found


@pytest.mark.parametrize(("body", "reason"), BAD.values(), ids=BAD)
def test_a_program_without_a_report_decides_nothing(tmp_path, body, reason):
    bench = f"fn lists(bench: &mut Bench) {{ {body} }}\n"
    write(tmp_path, bench, ONE)
    done = harness("bench", *SHORT, "--report", "json=out.json", "notes.md", cwd=tmp_path)
    _, found = verdicts(tmp_path)
    assert found["one"]["reason"] == reason
    assert done.returncode in (1, 6)


def test_a_stub_in_the_timed_path_is_found_from_the_crates(tmp_path):
    page = PAGE.replace("pub fn sorted", "pub fn ask(_: &redis::Client) {}\n\npub fn sorted")
    write(tmp_path, RATE, ONE, page)
    harness("bench", *SHORT, "--save", "out.json", "notes.md", cwd=tmp_path)
    # The item that names the stub is not needed, so it is not in the program.
    assert verdicts(tmp_path)[1]["one"]["reason"] == "met"
    write(tmp_path, RATE + "fn uses(c: &redis::Client) { ask(c) }\n", ONE, page)
    harness("bench", *SHORT, "--save", "out.json", "notes.md", cwd=tmp_path)
    found = verdicts(tmp_path)[1]["one"]
    assert (found["reason"], "stub `redis` in timed path" in found["message"]) == (
        "not-measurable",
        True,
    )


def test_what_gates(tmp_path):
    impossible = claim("no", "sorted with p50 5 ms", "calls", statistic="p50", side="at least")
    calls = "fn calls(bench: &mut Bench) { bench.calls(|| sorted(vec![2, 1])); }\n"
    write(tmp_path, calls, impossible)
    assert harness("bench", *SHORT, "notes.md", cwd=tmp_path).returncode == 1
    quick = harness("bench", "--quick", "-q", "notes.md", cwd=tmp_path)
    assert (quick.returncode, "(quick)" in quick.stdout) == (0, True)
    sixteen = claim("no", "at least 1 lists/s", "lists", cores=1600)
    write(tmp_path, RATE, sixteen)
    assert harness("bench", *SHORT, "notes.md", cwd=tmp_path).returncode == 0
    assert harness("bench", *SHORT, "--strict", "notes.md", cwd=tmp_path).returncode == 1


def test_claims_that_cannot_be_measured_are_findings(tmp_path):
    claims = claim("lost", "at least 77 lists/s", "lists") + claim(
        "nameless", "at least 10 lists/s", "nothing"
    )
    write(tmp_path, RATE, claims)
    done = harness("bench", *SHORT, "--save", "out.json", "notes.md", cwd=tmp_path)
    _, found = verdicts(tmp_path)
    assert found["lost"]["reason"] == "quote-not-found"
    assert "no bench `nothing`" in found["nameless"]["message"]
    assert done.returncode == 1
    assert "no claim names the bench `lists`" in done.stdout


def test_nothing_to_measure_says_so(tmp_path):
    (tmp_path / "notes.md").write_text(PAGE, encoding="utf-8")
    assert harness("bench", "notes.md", cwd=tmp_path).returncode == 5
