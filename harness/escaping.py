"""Text that a document or a tool wrote in, text that can do nothing to a terminal or a log out.

Continuous integration reads commands in what is printed: GitHub a line that begins with `::`
(blanks before it do not help) and `##[` anywhere in a line, Azure `##vso[`, TeamCity
`##teamcity[`.
"""

import json
import re
from typing import Any

_UNSAFE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
    "\ud800-\udfff]"
)


_COMMAND = re.compile(r"##(?=\[|vso\[|teamcity\[)", re.IGNORECASE)
_BEGINS_COMMAND = re.compile(r"\A(\s*):(?=:)")


def printable(text: str) -> str:
    """The text on one line, with control and direction characters written as escapes.

    A tab stays a tab.
    """
    return _COMMAND.sub(r"#\\x23", _UNSAFE.sub(_escape, text))


def no_command(line: str) -> str:
    """A whole line of output that no CI reads as a command, whatever it begins with."""
    return _BEGINS_COMMAND.sub(r"\1\\x3a", line)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if match[0] == "\n":
        return "\\n"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{{{code:x}}}"


def json_text(value: Any) -> str:
    """JSON that no CI reads as a command: `##[` can stand in its strings only, as an escape."""
    return _COMMAND.sub(r"#\\u0023", json.dumps(value, ensure_ascii=True, indent=1))


def xml_text(text: str) -> str:
    """XML whose texts and attributes hold no `##[`, likewise."""
    return _COMMAND.sub("#&#35;", text)
