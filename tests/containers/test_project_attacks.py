"""Cargo projects that attack: each is judged within its limits, and nothing of them gets out."""

import ipaddress
from pathlib import Path

import pytest

from tests.command_line import Page, harness, report_of_run
from tests.containers.elsewhere import elsewhere, git_repository
from tests.containers.hostile_projects import (
    ALL_SETTINGS,
    CODE,
    ORIGINS,
    SETTINGS,
    Hostile,
    filled,
    triple,
    write_outside,
    write_project,
)
from tests.test_cargo_projects import everything_in

pytestmark = [pytest.mark.containers, pytest.mark.compiler, pytest.mark.network]


@pytest.fixture(scope="module")
def gateway(engine):
    """The address of this machine that a container with a network can reach."""
    config = engine.networks.get("bridge").attrs["IPAM"]["Config"][0]
    return config.get("Gateway") or str(ipaddress.ip_network(config["Subnet"])[1])


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def server(gateway, tmp_path):
    with elsewhere(gateway, tmp_path / "served") as server:
        yield server


def lay(folder, name, hostile, url):
    """A repository with a page."""
    write_project(folder / name, hostile, url)
    page = Page().add("std", "let x = 1;").add("own", "let _ = own::Thing;")
    page.write(folder / name, f"{name}.md")


def slug(name):
    return name.replace(" ", "-")


def run(folder, names, cache, *options):
    """The verdicts by repository, and the report."""
    done = harness(
        "check", *map(slug, names), *options, "--output-format", "json", cwd=folder, cache=cache,
        seconds=900,
    )  # fmt: skip
    report = report_of_run(done)
    found = {slug(name): [] for name in names}
    for verdict in report["verdicts"]:
        found[Path(verdict["path"]).parts[0]].append(verdict)
    return found, report


def check(kind, found, report):
    """Each repository has the verdicts that its attack deserves, and no other."""
    wrong, names = {}, {"triple": triple()}
    notes = "\n".join(report["summary"]["notes"])
    for name, hostile in kind.items():
        verdicts = found[slug(name)]
        reasons = {v["id"].rpartition("/")[2]: v["reason"] for v in verdicts}
        told = "; ".join(v["message"] for v in verdicts if v["reason"] == "project-broken")
        print(f"{name:28} {reasons.get('own-1')}: {told[:90]}")
        is_right = reasons.get("std-1") == "compiles"
        is_right &= reasons.get("own-1") == ("needs-project" if hostile.told else "compiles")
        is_right &= bool(told) == bool(hostile.told) and hostile.told in told
        if hostile.noted:
            is_right &= filled(f"not in force in containers: {hostile.noted}", names) in notes
        if not is_right:
            wrong[name] = (reasons, told)
    assert not wrong, f"{wrong}\n{notes}"


@pytest.mark.parametrize("kind", [ALL_SETTINGS, ORIGINS, CODE], ids=["settings", "origins", "code"])
def test_projects_that_attack(kind, engine, containers, cache, server, tmp_path):
    write_outside(tmp_path)
    for name, hostile in kind.items():
        lay(tmp_path, slug(name), hostile, server.url)
    before = everything_in(tmp_path)
    volumes = {v.id for v in engine.volumes.list()}
    found, report = run(tmp_path, kind, cache, "--runner", "docker", "--build-timeout", "120")
    check(kind, found, report)
    assert not server.asked, "a container asked a server of the checkout's"
    assert everything_in(tmp_path) == before
    assert {v.id for v in engine.volumes.list()} == volumes
    kept = cache / "containers"
    left = [*(kept / "projects").iterdir(), *kept.glob("base-*"), *kept.glob("nothing/*/*")]
    assert not left, left
    assert not list((cache / "runs").glob("run-*"))


def test_where_nothing_confines_them_the_same_projects_do_harm(cache, server, tmp_path):
    write_outside(tmp_path)
    harmful = {name: h for name, h in (SETTINGS | ORIGINS).items() if h.here}
    for name, hostile in harmful.items():
        lay(tmp_path, slug(name), hostile, server.url)
    found, _ = run(tmp_path, harmful, cache)
    for name, hostile in harmful.items():
        reasons = {v["reason"] for v in found[slug(name)]}
        assert {
            "mark": (tmp_path / "marks" / slug(name)).exists(),
            "asked": bool(server.asked),
            "outside": reasons == {"compiles"},
        }[hostile.here], (name, found[slug(name)])
    assert any(path.startswith("/replaced/") for path in server.asked)
    assert any(path.startswith("/git/far") for path in server.asked)


def test_a_project_without_end_is_ended(containers, cache, server, tmp_path):
    hostile = Hostile({"build.rs": "fn main() { loop {} }"})
    lay(tmp_path, "spins", hostile, server.url)
    found, _ = run(tmp_path, ["spins"], cache, "--runner", "docker", "--build-timeout", "10")
    reasons = {v["id"].rpartition("/")[2]: v for v in found["spins"]}
    assert reasons["std-1"]["reason"] == "compiles"
    assert reasons["own-1"]["reason"] == "needs-project"
    assert any("--build-timeout" in v["message"] for v in found["spins"])


def test_other_sources_are_asked_where_the_user_allows_it(containers, cache, server, tmp_path):
    files = {
        "Cargo.toml": '[package]\nname = "far"\nversion = "0.1.0"\nedition = "2021"\n',
        "src/lib.rs": "pub struct Thing;\n",
    }
    git_repository(tmp_path / "served" / "far" / ".git" / "..", files)
    lay(tmp_path, "git", ORIGINS["git"], server.url)
    Page().add("std", "let x = 1;").add("own", "let _ = (own::Thing, far::Thing);").write(
        tmp_path / "git", "git.md"
    )
    declaring = tmp_path / "declares"
    (declaring / ".git").mkdir(parents=True)
    text = f'[dependencies]\nfar = {{ git = "{server.url}/git/far" }}\n'
    (declaring / "harness.toml").write_text(text)
    Page().add("declared", "let _ = far::Thing;").write(declaring, "declares.md")
    lay(tmp_path, "asks-credentials", ORIGINS["credential provider"], server.url)
    options = ("--runner", "docker", "--allow-sources")
    found, _ = run(tmp_path, ["git", "declares", "asks-credentials"], cache, *options)
    assert [v["reason"] for v in found["declares"]] == ["compiles"], found
    assert {v["reason"] for v in found["git"]} == {"compiles"}, found
    assert {v["reason"] for v in found["asks-credentials"]} >= {"needs-project", "compiles"}
    assert any(path.startswith("/git/far") for path in server.asked)
    assert "/index/config.json" in server.asked
    assert not (tmp_path / "marks" / "asks-credentials").exists(), "a credential provider was run"
    asked = len(server.asked)
    found, _ = run(tmp_path, ["git"], cache, *options, "--offline")
    assert {v["reason"] for v in found["git"]} == {"compiles"}, found
    assert len(server.asked) == asked
