"""Places in crates that a document uses are told alike on every machine, and in containers."""

import pytest

from harness.model.unit import Base, CrateType, Unit
from harness.model.verdict import Basis, Dependencies, Position
from harness.verdicts.diagnostics import read_panics
from harness.verdicts.foreign_places import portable

FENCE = Position("page.md", 3, 1, 3, 1)
INDEX = "index.crates.io-1949cf8c6b5b557f"


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (
            f"/home/somebody/.cargo/registry/src/{INDEX}/tokio-1.48.0/src/sync/mpsc.rs",
            "tokio-1.48.0/src/sync/mpsc.rs",
        ),
        (f"/crates/registry/src/{INDEX}/tokio-1.48.0/src/lib.rs", "tokio-1.48.0/src/lib.rs"),
        (
            rf"C:\Users\somebody\.cargo\registry\src\{INDEX}\tokio-1.48.0\src\lib.rs",
            "tokio-1.48.0/src/lib.rs",
        ),
        (
            f"/c/registry/src/{INDEX}/some-crate-0.2.0-rc.1+build/src/lib.rs",
            "some-crate-0.2.0-rc.1+build/src/lib.rs",
        ),
        (
            "/home/somebody/.cargo/git/checkouts/thing-0123456789abcdef/0a1b2c3/core/src/lib.rs",
            "thing-0a1b2c3/core/src/lib.rs",
        ),
        (
            "/home/somebody/.cache/harness/stubs/5849c24a7df9bec6/ethers/src/lib.rs",
            "stubs/ethers/src/lib.rs",
        ),
        ("/stubs/5849c24a7df9bec6/ethers/src/lib.rs", "stubs/ethers/src/lib.rs"),
    ],
)
def test_a_place_in_a_crate_is_the_crate_its_version_and_the_file(place, shown):
    assert portable(place) == shown


@pytest.mark.parametrize(
    "place",
    [
        "src/lib.rs",
        "/rustc/0123456789abcdef0123456789abcdef01234567/library/core/src/option.rs",
        "/home/somebody/project/registry/src/lib.rs",
        "/home/somebody/project/stubs/ethers/src/lib.rs",
        "",
    ],
)
def test_any_other_place_stays(place):
    assert portable(place) == place


def test_a_panic_in_a_crate_shows_no_folder_of_the_machine():
    unit = Unit(
        "page.md:3", "rustdoc", "fn main() {}", (None,), ((),), FENCE, "2024", CrateType.BIN,
        False, Base(), Basis(Dependencies.REAL),
    )  # fmt: skip
    file = f"/home/somebody/.cargo/registry/src/{INDEX}/futures-util-0.3.34/src/future/select_ok.rs"
    said = f"\nthread 'main' (7) panicked at {file}:38:5:\niterator was empty\n"
    (panic,) = read_panics(said, unit, "harness_unit.rs")
    assert panic.position == FENCE
    assert panic.labels == (
        "the panic is raised at futures-util-0.3.34/src/future/select_ok.rs:38:5",
    )
