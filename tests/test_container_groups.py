"""Which compilations may share a container with those of other documents."""

from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from harness.model.command import ANY_DOCUMENT
from harness.model.toolchain import Toolchain
from harness.model.unit import Base, CrateSpec, CrateType, Depth, Request, Unit
from harness.model.verdict import Basis, Dependencies, Position
from harness.runners.cargo import Built
from harness.runners.containers.crates import is_ours, only_known
from harness.runners.containers.remembered import keep, recall
from harness.runners.local import Local

UNIT = Unit(
    "page.md:3", "crates", "fn main() {}", (None,), ((),), Position("page.md", 3, 1, 3, 1),
    "2024", CrateType.BIN, False, Base(), Basis(),
)  # fmt: skip
TABLE = (("version", "1"),)
REGISTRY = {"serde": ("serde", {"version": "1"})}
SERDE = CrateSpec("serde", "serde", Dependencies.REAL, "1", TABLE)
STUB = CrateSpec("ethers", "ethers", Dependencies.STUB, "2", (("path", "/cache/stubs/0/ethers"),))
STUBS = (Path("/cache/stubs"), PurePosixPath("/stubs"))
CHECKOUT = (Path("/book"), PurePosixPath("/sources/0"))


def group(built, unit, tmp_path):
    toolchain = Toolchain(Path("/toolchain/bin/rustc"), Path("/toolchain/bin/cargo"), "", "", "")
    local = Local(toolchain, None, tmp_path, 1, {})
    return local.command(Request(unit, Depth.MIR, 1.0), built, tmp_path).group


def test_a_document_keeps_to_itself_where_code_that_it_brings_may_run(tmp_path):
    ours = Built((), (), is_ours=True)
    assert group(ours, UNIT, tmp_path) == ANY_DOCUMENT
    assert group(Built((), ()), UNIT, tmp_path) == "page.md"
    stated = replace(UNIT, environment=(("LD_PRELOAD", "/bases/own/lib.so"),))
    assert group(ours, stated, tmp_path) == "page.md"


@pytest.mark.parametrize(
    ("base", "rooms", "expected"),
    [
        (Base((SERDE,)), (), True),
        (Base((SERDE, STUB)), (STUBS,), True),
        (Base((SERDE,), lock="/book/locks/page.lock"), (), False),
        (Base((replace(SERDE, table=(("version", "=1.0.1"),)),)), (), False),
        (Base((replace(SERDE, name="other"),)), (), False),
        (Base((SERDE,)), (CHECKOUT,), False),
    ],
)
def test_crates_are_ours_only_if_no_document_chose_what_they_are(base, rooms, expected):
    assert is_ours(base, rooms, only_known(REGISTRY)) == expected


def test_what_was_built_is_recalled_whole(tmp_path):
    library = PurePosixPath("/bases/known/debug/deps/libserde.rlib")
    (tmp_path / "known/debug/deps").mkdir(parents=True)
    (tmp_path / "known/debug/deps/libserde.rlib").touch()
    package = "registry+https://github.com/rust-lang/crates.io-index#serde@1.0.228"
    built = Built(
        (("serde", Path(library)),),
        (Path(library.parent),),
        packages=(("serde", package),),
        others=(package,),
    )
    keep(tmp_path / "kept", built)
    assert recall(tmp_path / "kept", tmp_path) == built
