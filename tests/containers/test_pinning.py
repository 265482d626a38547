"""A program on the cores that it was given, and what the kernel says that it used."""

import subprocess
from pathlib import Path

import pytest

from harness.model.command import Command, Limits
from harness.runners.docker import Docker, Pinned
from harness.runners.executor import Executor
from harness.runners.toolchain import find_toolchain

pytestmark = [pytest.mark.containers, pytest.mark.compiler]

PROGRAM = r"""
use std::io::Read;
fn main() {
    let told = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = told.lines().find(|line| line.starts_with("Cpus_allowed_list")).unwrap();
    let cores = std::thread::available_parallelism().unwrap();
    let threads: Vec<_> = (0..cores.get()).map(|_| std::thread::spawn(|| {
        let mut n = 0u64;
        while n < 300_000_000 { n = std::hint::black_box(n + 1); }
    })).collect();
    for thread in threads { thread.join().unwrap(); }
    let all = std::hint::black_box(vec![1u8; 100 << 20]);
    let mut said = String::new();
    std::io::stdin().read_to_string(&mut said).unwrap();
    println!("{} {cores} {} {said}", line.split_whitespace().nth(1).unwrap(), all.len());
}
"""


@pytest.fixture(scope="module")
def docker(engine, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pinned")
    host = find_toolchain(Path("/"), Executor())
    (folder / "p.rs").write_text(PROGRAM)
    subprocess.run([host.rustc, "-O", "p.rs", "-o", "program"], cwd=folder, check=True)
    with Docker(host, folder / "run", folder / "bases", None) as opened:
        yield opened, folder / "program"


@pytest.mark.parametrize(("cores", "count"), [("0", 1), ("1", 1), ("0-1", 2)])
def test_a_program_has_just_its_cores_and_no_quota(docker, cores, count):
    opened, program = docker
    finished = opened.run_program(Pinned(program, cores=cores))
    assert finished.status == 0, finished
    said = finished.stdout.decode().split()
    assert said[:2] == [cores, str(count)]
    usage = finished.usage
    print(
        f"Cpus_allowed_list {usage.cores}, throttled {usage.throttled}, {usage.cpu_seconds:.2f} s"
    )
    assert usage.cores == cores
    assert usage.throttled == 0
    assert usage.peak_bytes > 100 << 20
    assert usage.cpu_seconds > 0.05 * count


def test_a_command_that_names_cores_and_input_gets_both(docker, tmp_path):
    opened, program = docker
    environment = tuple(opened.environment.items())
    command = Command((str(program),), tmp_path, environment, Limits(60), stdin=b"key", cores=(1,))
    finished = opened.executor.run(command)
    assert finished.stdout.decode().split() == ["1", "1", str(100 << 20), "key"]


def test_more_cores_than_here_are_refused_plainly(docker):
    from harness.errors import MissingToolError  # noqa: PLC0415

    opened, program = docker
    with pytest.raises(MissingToolError, match="0-999"):
        opened.run_program(Pinned(program, cores="0-999"))
