"""Sessions: `nox -l` lists them; each calls a verb of the harness or one tool."""

import os
import shutil
from pathlib import Path

import nox

nox.options.default_venv_backend = "venv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["tests", "lint"]

CONSTRAINTS = ("-c", "constraints.txt")
DOCUMENTS = "snippets"
UNITS = Path("rust-workspace/units")
ONE_TARGET = {"CARGO_TARGET_DIR": str(Path("rust-workspace/target/units").absolute())}


def install(session: nox.Session, *packages: str) -> None:
    session.install("-q", *CONSTRAINTS, *packages)


@nox.session
def compile(session: nox.Session) -> None:  # noqa: A001 - the name that users type
    """Check every block of the shipped documents; `-- PATH` checks others."""
    install(session, ".")
    paths = session.posargs or [DOCUMENTS, "--workspace", "rust-workspace/units"]
    session.run("harness", "check", *paths)


@nox.session
def run(session: nox.Session) -> None:
    """Run the blocks and contracts of the shipped documents; `-- PATH` runs others."""
    install(session, ".")
    session.run("harness", "test", *(session.posargs or [DOCUMENTS]))


@nox.session
def image(session: nox.Session) -> None:
    """Build the image that `--runner docker` makes its containers of."""
    install(session, ".[docker]")
    session.run("harness", "image")


@nox.session
def claims(session: nox.Session) -> None:
    """Hold every number of the shipped documents to account; `-- PATH` reads others."""
    install(session, ".")
    session.run("harness", "claims", "--strict", *(session.posargs or [DOCUMENTS]))


@nox.session
def claims_faults(session: nox.Session) -> None:
    """Put faults into every number of the shipped documents; `-- --seed N` draws others."""
    install(session, "-e", ".")
    session.run("python", "-m", "tests.claims.faults", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Test the harness: pure tests first, then those that start the compiler."""
    install(session, "-e", ".", *nox.project.dependency_groups(PROJECT, "tests"))
    workers = ["-n", str(os.cpu_count() or 1)]
    if session.posargs:
        session.run("pytest", *session.posargs)
        return
    # `loadfile` keeps a module's fixtures, which often hold a whole run, in one process.
    workers += ["--dist", "loadfile"]
    rest = "not real and not containers"
    session.run("pytest", *workers, "-m", f"not compiler and not network and {rest}")
    session.run("pytest", *workers, "-m", f"(compiler or network) and {rest}")


@nox.session
def containers(session: nox.Session) -> None:
    """Test the docker runner with a real engine; `nox -s image` builds what it needs."""
    install(session, "-e", ".[docker]", *nox.project.dependency_groups(PROJECT, "tests"))
    if session.posargs:
        session.run("pytest", "-m", "not real", *session.posargs)
        return
    workers = ["-n", str(os.cpu_count() or 1), "--dist", "loadfile"]
    # Harnesses that are killed leave what other tests would take for their own.
    killing = "tests/containers/test_leftovers.py"
    session.run("pytest", *workers, "-m", "not real", "tests/containers", "--ignore", killing)
    session.run("pytest", "-m", "not real", killing)


@nox.session
def attacks(session: nox.Session) -> None:
    """Try each attack by itself and print the table of docs/attacks.md; `-- WORD` takes some."""
    install(session, "-e", ".[docker]", *nox.project.dependency_groups(PROJECT, "tests"))
    session.run("python", "-m", "tests.containers.attack_table", *session.posargs)


@nox.session
def containers_cost(session: nox.Session) -> None:
    """Run both runners in turn and print what containers cost; `-- ROUNDS PATH` takes others."""
    install(session, "-e", ".[docker]")
    session.run("python", "-m", "benchmarks.containers", *session.posargs)


@nox.session
def containers_equal(session: nox.Session) -> None:
    """Hold the docker runner's verdicts against the local one's; `-- PATH` takes others."""
    install(session, "-e", ".[docker]", *nox.project.dependency_groups(PROJECT, "tests"))
    session.run("python", "-m", "tests.containers.equal", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Format, lints, types, the direction of imports, and the stubs' lints."""
    groups = nox.project.dependency_groups(PROJECT, "lint", "tests")
    install(session, "-e", ".", "nox", *groups)
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    session.run("mypy")
    session.run("lint-imports")
    session.chdir("rust-workspace")
    session.run("cargo", "fmt", "--all", "--check", external=True)
    session.run(
        "cargo", "clippy", "--workspace", "--all-targets", "--", "-D", "warnings", external=True
    )


@nox.session
def clippy(session: nox.Session) -> None:
    """Lint the programs that the shipped documents' blocks and contracts become."""
    install(session, ".")
    shutil.rmtree(UNITS, ignore_errors=True)
    session.run("harness", "check", DOCUMENTS, "--quiet", "--workspace", str(UNITS))
    for manifest in sorted(UNITS.glob("*/Cargo.toml")):
        shutil.copy("rust-workspace/registry.lock", manifest.with_name("Cargo.lock"))
        arguments = ("--quiet", "--all-targets", "--manifest-path", str(manifest))
        session.run(
            "cargo", "clippy", *arguments, "--", "-D", "warnings", external=True, env=ONE_TARGET
        )


@nox.session
def contracts_real(session: nox.Session) -> None:
    """Hold the shipped pages and published blocks against real crates; `-- q06 q19` takes pages."""
    install(session, "-e", ".", *nox.project.dependency_groups(PROJECT, "tests"))
    session.run("python", "-m", "tests.contracts_real", *session.posargs)
    session.run("pytest", "-m", "real", "tests/test_published_contracts.py")


@nox.session
def selftest(session: nox.Session) -> None:
    """Seed every fault into the shipped documents, and count those that a contract notices."""
    install(session, ".")
    session.run("harness", "selftest", *(session.posargs or [DOCUMENTS]))


@nox.session
def reference_real(session: nox.Session) -> None:
    """Hold the reference document against the real crates: many minutes, once."""
    install(session, "-e", ".", *nox.project.dependency_groups(PROJECT, "tests"))
    session.run("pytest", "-m", "real", "tests/test_reference_document.py", *session.posargs)


@nox.session
def packing(session: nox.Session) -> None:
    """Hold packed against isolated over every corpus, and each rule's traps with the rule off."""
    install(session, "-e", ".", *nox.project.dependency_groups(PROJECT, "tests"))
    session.run("pytest", "-m", "real or compiler", "tests/packing", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the figures of the shipped documents; `-- PATH` measures others."""
    install(session, ".")
    session.run("harness", "bench", *(session.posargs or [DOCUMENTS]))


@nox.session
def measuring(session: nox.Session) -> None:
    """Count how often intervals hold the truth, and how often two runs are told apart."""
    install(session, "-e", ".")
    session.run("python", "-m", "benchmarks.coverage")
    session.run("python", "-m", "benchmarks.repeat", *session.posargs)


@nox.session
def perf(session: nox.Session) -> None:
    """Run the harness beside rustdoc, alternating; `-- BOOK` adds books, `--only` takes a part."""
    install(session, "-e", ".")
    session.run("python", "-m", "benchmarks.perf", *session.posargs)


@nox.session
def books_with_crates(session: nox.Session) -> None:
    """Count what rustdoc fails in a book for want of crates, and what of it compiles here."""
    install(session, "-e", ".")
    session.run("python", "-m", "benchmarks.books_with_crates", *session.posargs)


@nox.session
def cores(session: nox.Session) -> None:
    """Build and test the cores and their Python extension."""
    session.run("python", f"{CRATES}/cores/check.py", "tests")
    session.install("-q", f"{CRATES}/cores-python[test]")
    session.run("python", f"{CRATES}/cores/check.py", "wheel")
    session.chdir(f"{CRATES}/cores-python")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("pytest", "-s")


@nox.session
def bench_cores(session: nox.Session) -> None:
    """Run the cores and their peers side by side; times are ratios within one run."""
    session.install("-q", "-r", f"{CRATES}/cores-bench/python/requirements.txt")
    session.install("-q", f"{CRATES}/cores-python", f"{CRATES}/cores-bench/floor")
    session.run("python", f"{CRATES}/cores-bench/run.py", *session.posargs)


@nox.session
def cores_long(session: nox.Session) -> None:
    """Compare ten million steps with each of the cores' models, and with those in Python."""
    session.run("python", f"{CRATES}/cores/check.py", "long")
    session.install("-q", f"{CRATES}/cores-python[test]")
    steps = {"CORES_STEPS": os.environ.get("CORES_STEPS", "10000000")}
    session.run("pytest", "-s", f"{CRATES}/cores-python/tests/test_models.py", env=steps)


@nox.session
def miri(session: nox.Session) -> None:
    """Run the cores' tests under Miri."""
    session.run("python", f"{CRATES}/cores/check.py", "miri")


@nox.session
def cores_mutants(session: nox.Session) -> None:
    """Seed faults into the cores; `-- 0/9` takes every ninth."""
    session.run("python", f"{CRATES}/cores/mutants.py", *session.posargs)


PROJECT = nox.project.load_toml("pyproject.toml")
CRATES = "rust-workspace/crates"
