"""A bench with one core and with two, by each runner: where it ran, and that nothing held it."""

import json

import pytest

from harness.host import read_host
from tests.command_line import harness
from tests.test_bench import ONE, RATE, SHORT, TWO, verdicts, write

pytestmark = [pytest.mark.containers, pytest.mark.compiler]


@pytest.mark.parametrize("runner", ["local", "docker"])
def test_a_bench_has_just_the_cores_of_its_claim_and_no_quota(containers, tmp_path, runner):
    write(tmp_path, RATE, ONE + TWO)
    cores = list(read_host().cores)
    assert len(cores) >= 2, "this test needs two cores"
    done = harness(
        "bench", *SHORT, "--runner", runner, "--save", "out.json", "notes.md", cwd=tmp_path,
        seconds=900,
    )  # fmt: skip
    report, found = verdicts(tmp_path)
    rows = {row["claim"]: row for row in report["benches"]}
    for name, count in (("one", 1), ("two", 2)):
        launches = rows[name]["launches"]
        assert len(launches) == 10, (found[name], done.stdout)
        for launch in launches:
            assert (launch["cores_allowed"], launch["threads"]) == (cores[-count:], count)
            assert launch["throttled"] == 0
        told = json.dumps(launches[0]["cores_allowed"])
        ran = sum(launch["ran_ns"] for launch in launches) / 1e9
        print(f"{runner}, {count} cores: Cpus_allowed_list {told}, throttled 0, ran {ran:.2f} s")
    assert report["environment"]["runner"] == runner
    assert (
        report["environment"].get("image", "").startswith("sha256:" if runner == "docker" else "")
    )
