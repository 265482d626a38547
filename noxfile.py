"""Sessions: `nox -l` lists them; each calls a verb of the harness or one tool."""

import os

import nox

nox.options.default_venv_backend = "venv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["tests", "lint"]

CONSTRAINTS = ("-c", "constraints.txt")
DOCUMENTS = "snippets"


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
def tests(session: nox.Session) -> None:
    """Test the harness: pure tests first, then those that start the compiler."""
    install(session, "-e", ".", *nox.project.dependency_groups(PROJECT, "tests"))
    workers = ["-n", str(os.cpu_count() or 1)]
    if session.posargs:
        session.run("pytest", *session.posargs)
        return
    session.run("pytest", *workers, "-m", "not compiler and not network")
    session.run("pytest", *workers, "-m", "compiler or network")


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


PROJECT = nox.project.load_toml("pyproject.toml")
