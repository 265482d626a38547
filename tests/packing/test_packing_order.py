"""Crates are told as soon as they are full, and folders are used again only when empty."""

from dataclasses import replace

from benchmarks import pages
from harness.model.unit import Base, CrateSpec, Depth, Request
from harness.model.verdict import Dependencies
from harness.runners.local import Local
from harness.units.assembly import rustdoc_unit
from harness.units.packing import CRATE_SIZE, Packing


def requests(count, folder):
    pages.pages_of(count, folder, is_clean=True)
    units = [rustdoc_unit(block, "2021") for block in pages.tested_blocks(folder)]
    return [Request(unit, Depth.MIR, 1.0) for unit in units]


def sizes(asked, expected, workers):
    """Of the crates that are full while requests come, and of the rest."""
    packing = Packing(expected, workers)
    full = [crate for request in asked if (crate := packing.add(request))]
    return [len(crate) for crate in full], [len(crate) for crate in packing.rest()]


def test_each_compiler_gets_a_crate_and_the_first_starts_early(tmp_path):
    asked = requests(300, tmp_path)
    assert sizes(asked, 300, 2) == ([150, 150], [])
    assert sizes(asked, 400, 2) == ([200], [100])
    assert sizes(asked, 700, 2) == ([], [150, 150])
    assert sizes(asked[:50], 50, 2) == ([], [50])


def test_no_crate_is_larger_than_the_bound(tmp_path):
    asked = requests(1200, tmp_path)
    full, rest = sizes(asked, 10_000, 2)
    assert full == [CRATE_SIZE, CRATE_SIZE]
    assert rest == [100, 100]


def test_units_that_differ_in_more_than_text_do_not_share(tmp_path):
    one, two = requests(2, tmp_path)
    others = (
        replace(two, depth=Depth.METADATA),
        replace(two, is_expected_to_fail=True),
        replace(two, unit=replace(two.unit, edition="2024")),
        replace(two, unit=replace(two.unit, with_tests=True)),
        replace(two, unit=replace(two.unit, environment=(("A", "b"),))),
        replace(two, unit=replace(two.unit, rung="grammar")),
    )
    for other in others:
        assert sizes([one, other], 2, 1) == ([], [1, 1])
    assert sizes([one, two], 2, 1) == ([], [2])


def test_a_folder_is_used_again_only_when_nothing_can_write_to_it(tmp_path):
    asked = requests(1, tmp_path / "pages")[0]
    crate = CrateSpec("serde", "serde", Dependencies.REAL, "1", ())
    others = (
        replace(asked, depth=Depth.LINK),
        replace(asked, unit=replace(asked.unit, base=Base((crate,)))),
        replace(asked, unit=replace(asked.unit, environment=(("A", "b"),))),
    )
    (tmp_path / "runs").mkdir()
    local = Local(None, None, tmp_path / "runs", 1)
    for other in others:
        folder = local.fresh_folder()
        local.take_back(other, folder)
        assert local.fresh_folder() != folder
    folder = local.fresh_folder()
    (folder / "out").write_text("left")
    local.take_back(asked, folder)
    assert local.fresh_folder() == folder
    assert list(folder.iterdir()) == []
    (folder / "made").mkdir()
    local.take_back(asked, folder)
    assert local.fresh_folder() != folder
