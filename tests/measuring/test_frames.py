"""What is believed of a program's output."""

import hmac
import json

from harness.measuring.frames import read_frames

KEY = bytes(range(32))


def frame(number, table, key=KEY):
    text = json.dumps(table)
    tag = hmac.new(key, f"{number} {text}".encode(), "sha256").hexdigest()
    return f"\n@probe {number} {tag} {text}\n".encode()


WHOLE = [frame(0, {"a": 1}), frame(1, {"b": 2}), frame(2, {"end": True})]


def test_frames_are_found_between_output():
    found = read_frames(b"hello " + b"noise\n".join(WHOLE) + b"bye", KEY)
    assert (found.fault, found.tables[:2]) == ("", ({"a": 1}, {"b": 2}))


def test_a_frame_of_another_key_is_tampering():
    forged = frame(1, {"b": 0}, key=bytes(32))
    for output in (WHOLE[0] + forged, b"".join([*WHOLE, forged]), forged):
        assert read_frames(output, KEY).is_tampered


def test_a_frame_out_of_order_or_twice_is_tampering():
    assert read_frames(WHOLE[1] + WHOLE[0], KEY).is_tampered
    assert read_frames(WHOLE[0] + WHOLE[0], KEY).is_tampered
    assert read_frames(b"\n@probe 0\n", KEY).is_tampered


def test_a_report_that_does_not_end_is_none():
    for output in (b"", WHOLE[0], WHOLE[0] + WHOLE[1]):
        found = read_frames(output, KEY)
        assert found.fault
        assert not found.is_tampered
