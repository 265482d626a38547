"""`check` and `test` of documents with both runners: every verdict that differs, printed.

`python -m tests.containers.equal [PATH]...`: by default the shipped edition and, where it is at
hand, the reference document. Whole verdicts are compared: outcome, reason, codes, message, basis
and each diagnostic with its positions. Ends with 1 where one differs.
"""

import json
import sys
import time
from pathlib import Path

from tests.command_line import ROOT, harness, report_of_run

DOCUMENTS = (ROOT / "snippets" / "chain-systems", ROOT / "fixtures" / "reference-document")
VERBS = ("check", "test")


def verdicts(path, verb, runner, *options):
    """The verdicts by id, as the JSON report has them."""
    started = time.monotonic()
    done = harness(
        verb, path, "--runner", runner, *options, "--output-format", "json",
        cwd=ROOT, seconds=3600,
    )  # fmt: skip
    report = report_of_run(done)
    seconds = time.monotonic() - started
    told = next((note for note in report["summary"]["notes"] if note.startswith("docker:")), "")
    print(f"  {runner:6} {len(report['verdicts'])} verdicts, {seconds:.1f} s {told}", flush=True)
    found = {verdict["id"]: verdict for verdict in report["verdicts"]}
    assert found, "no verdict at all is no proof that two runners agree"
    assert len(found) == len(report["verdicts"]), "an id stands for two verdicts"
    return found


def differences(here, there):
    """One line for each field of a verdict that the two runners tell differently."""
    for name in sorted(here.keys() | there.keys()):
        one, other = here.get(name), there.get(name)
        if one is None or other is None:
            yield f"{name}: only {'local' if other is None else 'docker'} has a verdict"
            continue
        for field in sorted(one.keys() | other.keys()):
            if one.get(field) != other.get(field):
                told = [json.dumps(each.get(field), ensure_ascii=False) for each in (one, other)]
                yield f"{name}: {field}: local {told[0]}, docker {told[1]}"


def main():
    """Print what differs; the exit code."""
    paths = [Path(name).absolute() for name in sys.argv[1:]] or DOCUMENTS
    count = 0
    for path in paths:
        for verb in VERBS:
            print(f"{verb} {path.name}", flush=True)
            found = list(differences(*(verdicts(path, verb, r) for r in ("local", "docker"))))
            count += len(found)
            print("\n".join([*(f"    {line}" for line in found), f"  {len(found)} differences"]))
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
