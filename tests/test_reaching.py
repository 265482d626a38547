"""The generated workspace: a project's packages restated, so that Cargo resolves them elsewhere."""

import tomllib

import pytest

from harness.manifests import write_toml
from harness.units.project import Member
from harness.units.reaching import reaching

REGISTRY = "registry+https://example.org/index"


def dependency(name, **more):
    """A dependency as `cargo metadata` tells of it."""
    defaults = {
        "name": name,
        "source": REGISTRY,
        "req": "^1",
        "kind": None,
        "rename": None,
        "optional": False,
        "uses_default_features": True,
        "features": [],
        "target": None,
        "registry": None,
    }
    return defaults | more


def restated(*dependencies, features=None, library="own", root=None, extra=None):
    """The manifests for one package with these dependencies."""
    told = {name: tuple(each) for name, each in (features or {}).items()}
    member = Member("own", "1.0.0", "2021", "/ws/own/Cargo.toml", library, told, dependencies)
    found = reaching([member], root or {"workspace": {}}, "/ws", extra or {})
    for manifest in found.values():
        assert tomllib.loads(write_toml(manifest)) == manifest
    return found


def of_package(*dependencies, **more):
    return restated(*dependencies, **more)["own"]


def test_a_package_is_there_with_all_that_its_tests_could_name():
    found = of_package(dependency("a"), dependency("b", kind="dev"), dependency("c", kind="build"))
    assert found["dependencies"] == {
        "own": {"path": "/ws/own", "default-features": False},
        "a": {"version": "^1"},
        "b": {"version": "^1"},
    }


def test_a_package_without_a_library_is_only_what_it_depends_on():
    found = of_package(dependency("a"), library=None, features={"x": ["a/y"]})
    assert found["dependencies"] == {"a": {"version": "^1"}}
    assert found["features"] == {"x": ["a/y"]}


@pytest.mark.parametrize(
    ("told", "table"),
    [
        ({"rename": "b"}, {"version": "^1", "package": "a"}),
        ({"uses_default_features": False}, {"version": "^1", "default-features": False}),
        ({"features": ["x"]}, {"version": "^1", "features": ["x"]}),
        ({"optional": True}, {"version": "^1", "optional": True}),
        ({"source": None, "path": "/ws/a", "req": "*"}, {"path": "/ws/a"}),
        ({"source": None, "path": "/ws/a"}, {"version": "^1", "path": "/ws/a"}),
        (
            {"registry": "https://other.org/index"},
            {"version": "^1", "registry-index": "https://other.org/index"},
        ),
        ({"source": "git+https://x.org/a.git", "req": "*"}, {"git": "https://x.org/a.git"}),
        (
            {"source": "git+https://x.org/a?branch=rel%2F1", "req": "*"},
            {"git": "https://x.org/a", "branch": "rel/1"},
        ),
        (
            {"source": "git+https://x.org/a?tag=v1", "req": "^1"},
            {"version": "^1", "git": "https://x.org/a", "tag": "v1"},
        ),
        (
            {"source": "git+ssh://git@x.org/a?rev=abc", "req": "*"},
            {"git": "ssh://git@x.org/a", "rev": "abc"},
        ),
    ],
)
def test_a_dependency_is_restated_with_its_origin(told, table):
    found = of_package(dependency("a", **told))
    assert found["dependencies"][told.get("rename", "a")] == table


def test_dependencies_of_a_target_stay_with_it():
    found = of_package(dependency("a", target="cfg(windows)"), dependency("a", kind="dev"))
    assert found["target"] == {"cfg(windows)": {"dependencies": {"a": {"version": "^1"}}}}
    assert "a" in found["dependencies"]


def test_what_tests_add_to_a_dependency_is_added():
    one = dependency("a", features=["x"], uses_default_features=False, optional=True)
    two = dependency("a", kind="dev", features=["y"], uses_default_features=False)
    found = of_package(one, two)
    assert found["dependencies"]["a"] == {
        "version": "^1",
        "features": ["x", "y"],
        "default-features": False,
    }
    assert (
        "default-features" not in of_package(one, dependency("a", kind="dev"))["dependencies"]["a"]
    )


def test_a_package_that_depends_on_itself_for_its_tests_has_those_features():
    found = of_package(dependency("own", kind="dev", source=None, path="/ws/own", features=["t"]))
    assert found["dependencies"] == {
        "own": {"path": "/ws/own", "default-features": False, "features": ["t"]}
    }


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (["other"], ["other"]),
        (["dep:optional"], ["dep:optional"]),
        (["optional?/x"], ["optional?/x"]),
        (["optional/x", "plain/x"], ["optional/x", "plain/x"]),
        (["dep:built-with"], []),
        (["built-with/x"], []),
        (["dep:both"], []),
        (["both?/x"], ["both/x"]),
    ],
)
def test_a_feature_is_about_what_a_page_can_use_and_turns_on_the_packages_own(told, kept):
    found = of_package(
        dependency("plain"),
        dependency("optional", optional=True),
        dependency("built-with", kind="build", optional=True),
        dependency("both", optional=True),
        dependency("both", kind="dev"),
        features={"f": told, "other": []},
    )
    assert found["features"]["f"] == [*kept, "own/f"]


def test_patches_are_in_force_with_paths_from_the_project():
    patches = {"crates-io": {"a": {"path": "near/a"}, "b": {"git": "https://x.org/b"}}}
    found = restated(root={"workspace": {}, "patch": patches})[""]
    assert found["patch"]["crates-io"] == {
        "a": {"path": "/ws/near/a"},
        "b": {"git": "https://x.org/b"},
    }


@pytest.mark.parametrize(
    ("root", "resolver"),
    [
        ({"workspace": {}}, "1"),
        ({"workspace": {"resolver": "2"}}, "2"),
        ({"package": {"edition": "2018"}}, "1"),
        ({"package": {"edition": "2021"}}, "2"),
        ({"package": {"edition": "2024"}}, "3"),
        ({"package": {"edition": "2024", "resolver": "1"}}, "1"),
        (
            {
                "package": {"edition": {"workspace": True}},
                "workspace": {"package": {"edition": "2021"}},
            },
            "2",
        ),
    ],
)
def test_the_resolver_is_the_projects(root, resolver):
    assert restated(root=root)[""]["workspace"]["resolver"] == resolver


def test_the_profile_is_the_projects_but_for_what_is_for_debuggers():
    root = {
        "workspace": {},
        "profile": {"dev": {"overflow-checks": False, "panic": "abort", "debug": 2}},
    }
    assert restated(root=root)[""]["profile"]["dev"] == {
        "overflow-checks": False,
        "debug": 0,
        "incremental": False,
    }


def test_what_the_documents_declare_is_a_package_of_its_own():
    found = restated(extra={"b": {"version": "2"}})
    assert found["harness-declared"]["dependencies"] == {"b": {"version": "2"}}
    assert found[""]["workspace"]["members"] == ["harness-declared", "own"]
