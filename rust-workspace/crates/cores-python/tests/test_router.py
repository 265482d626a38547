"""Routers: single calls and batches answer alike, and keep their promises."""

from array import array

import numpy as np
import pytest
import service_cores as sc


def test_jump_hash_is_the_published_mapping_and_the_router_uses_it() -> None:
    cases = {(1, 60): 55, (2, 60): 46, (10863919174838991, 11): 6, (2202, 100001): 15018}
    for (key, buckets), bucket in cases.items():
        assert sc.jump_hash(key, buckets) == bucket
        assert sc.JumpRouter(buckets).route(key) == bucket


def test_text_keys_are_stable_and_even() -> None:
    router = sc.JumpRouter(8)
    # Fixed for all versions: stored data depends on it.
    assert [router.route(key) for key in ("a", "user-7", b"a", "")] == [0, 5, 0, 2]
    counts = np.bincount([router.route(f"user-{i}") for i in range(8000)], minlength=8)
    assert counts.min() > 850
    assert counts.max() < 1150


def test_batches_answer_like_single_calls() -> None:
    keys = np.random.default_rng(7).integers(0, 2**64, 1000, dtype=np.uint64)
    shards = np.zeros(1000, dtype=np.uint32)
    jump = sc.JumpRouter(64)
    jump.route_many(keys, shards)
    assert shards.tolist() == [jump.route(int(key)) for key in keys]
    ranges = sc.RangeRouter([2**20, 2**40, 2**62], [5, 3, 9], last=2**63)
    places = array("q", [0]) * 1000
    ranges.route_many(memoryview(array("Q", keys.tolist())), places)
    for key, place in zip(keys.tolist(), places, strict=True):
        if place < 0:
            with pytest.raises(KeyError):
                ranges.route(key)
        else:
            assert ranges.route(key) == place
    rollout, flags = sc.Rollout("r"), bytearray(1000)
    rollout.includes_many(keys, 0.3, flags)
    assert list(flags) == [int(rollout.includes(int(key), 0.3)) for key in keys]
    assert 240 < sum(flags) < 360


def test_ranges_touch_in_order() -> None:
    ranges = sc.RangeRouter.even(100, 10, 3)
    assert ranges.touching(0, 2**64 - 1) == [(0, 100, 109), (1, 110, 119), (2, 120, 129)]
    assert ranges.touching(115, 116) == [(1, 115, 116)]
    assert ranges.touching(116, 115) == []
    assert repr(ranges) == "RangeRouter(ranges=3)"


def test_a_share_of_none_and_all() -> None:
    rollout = sc.Rollout("x")
    assert not any(rollout.includes(user, 0.0) for user in range(1000))
    assert all(rollout.includes(str(user), 1.0) for user in range(1000))
