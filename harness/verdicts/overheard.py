"""What a compiler said of a crate of many units in, out what it would say of one of them alone.

Where the compiler stops depends on the errors that it found anywhere in the crate. In a crate all
of whose errors stop it at the same step, each failing unit has said all that it would say alone,
where it would have stopped there, too. Its words are the same unless they speak of what other
units declare. Where any of this is not sure, the answer is no, and the unit is compiled alone.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from harness.rust.known import BODY_ERRORS, IMPORT_ERRORS
from harness.units.packed_crate import PackedCrate
from harness.verdicts.diagnostics import is_summary, parse_lines

Message = Mapping[str, Any]

_DECLARED = re.compile(
    r"\b(?:struct|enum|union|trait|type|fn|mod|const|static|macro_rules!)\s+(?:r#|mut\s+)?(\w+)"
)
_WORD = re.compile(r"[^\W\d]\w*")
# "and 12 others": such a list is cut off, and counts what other units declare. A type that is too
# long to be shown is in a file of its own.
_CUT_OFF = re.compile(r"\d+ (?:other|more)|\bother candidates?\b|long-type-")
_WRAPPED = "fn _doctest_main"
# A path from the root, and what `cfg` takes away, are told of differently in a module.
_BY_PLACE = re.compile(r"\bself\s*::|\bcfg\b")
_QUOTED = re.compile(r"`([^`]*)`")


class Step(Enum):
    """Where the compiler stops for a unit's errors."""

    IMPORTS = "imports"
    """At an import that leads nowhere: types are not looked at."""
    BODIES = "bodies"
    """After every function was looked at."""
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Overheard:
    """The messages of one compilation of a crate, by the unit that they are about."""

    crate: PackedCrate
    messages: dict[int, list[Message]] = field(default_factory=dict)
    failing: set[int] = field(default_factory=set)
    noisy: set[int] = field(default_factory=set)
    """Units with any message."""
    is_attributed: bool = True
    """Each error is some unit's."""
    _shared: set[int] = field(default_factory=set)
    """Units with a message that is about others, too."""
    _names: "_Names | None" = None

    @classmethod
    def read(cls, crate: PackedCrate, stderr: bytes) -> "Overheard":
        """Sort what the compiler wrote."""
        heard = cls(crate)
        for message in parse_lines(stderr):
            if is_summary(message):
                continue
            owners = crate.owners(message)
            heard.noisy.update(owners)
            if len(owners) > 1:
                heard._shared.update(owners)
            for owner in owners:
                heard.messages.setdefault(owner, []).append(message)
            if str(message.get("level")).startswith("error"):
                heard.failing.update(owners)
                heard.is_attributed = heard.is_attributed and bool(owners)
        return heard

    @property
    def is_even(self) -> bool:
        """Whether all failing units stop the compiler at the same step, which is known."""
        return len({self.step(number) for number in self.failing}) == 1

    def step(self, number: int) -> Step:
        """Where a failing unit's own errors stop the compiler."""
        unit = self.crate.members[number].unit
        # Paths of 2015 begin at the root.
        if number in self._shared or unit.edition == "2015" or _BY_PLACE.search(unit.text):
            return Step.UNKNOWN
        codes = {_error_code(message) for message in self.messages[number]}
        if "E0432" in codes and codes <= IMPORT_ERRORS:
            return Step.IMPORTS
        return Step.BODIES if codes <= BODY_ERRORS else Step.UNKNOWN

    def as_alone(self, number: int, unit_file: str) -> bytes | None:
        """The messages of a failing unit as its own crate would give them; None if not sure.

        `unit_file` is the name of the unit's text in a crate of its own.
        """
        if not self.is_even or self.step(number) is Step.UNKNOWN:
            return None
        lines = []
        for message in self.messages[number]:
            line = json.dumps(message, ensure_ascii=False)
            line = line.replace(self.crate.file(number), unit_file)
            if self.crate.nonce in line or self._speaks_of_others(message, number):
                return None
            lines.append(line)
        return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")

    def _speaks_of_others(self, message: Message, number: int) -> bool:
        if self._names is None:
            self._names = _Names(self.crate)
        texts = list(_texts(message))
        if any(_CUT_OFF.search(text) for text in texts):
            return True
        return any(self._names.are_others(_named(text), number) for text in texts)


class _Names:
    """What the units of a crate declare, and whose it is."""

    def __init__(self, crate: PackedCrate) -> None:
        self._texts = [member.unit.text for member in crate.members]
        self._owners: dict[str, set[int]] = {}
        self._at_top: dict[str, set[int]] = {}
        for number, text in enumerate(self._texts):
            for name in set(_DECLARED.findall(text)) - _OF_EVERY_UNIT:
                self._owners.setdefault(name, set()).add(number)
                if _WRAPPED not in text:
                    self._at_top.setdefault(name, set()).add(number)

    def are_others(self, words: Iterable[str], number: int) -> bool:
        """Whether a word could mean what another unit declares.

        A name at the top of another unit also changes how the compiler writes the same name of
        anybody else: with its path. A name inside a function does not.
        """
        own = None
        for word in words:
            if self._at_top.get(word, _NOBODY) - {number}:
                return True
            if self._owners.get(word, _NOBODY) - {number}:
                own = set(_WORD.findall(self._texts[number])) if own is None else own
                if word not in own:
                    return True
        return False


_OF_EVERY_UNIT = frozenset({"main", "_doctest_main"})
_NOBODY: frozenset[int] = frozenset()


def _error_code(message: Message) -> str:
    """The code of an error; empty for one without, and for what is no error."""
    code = (message.get("code") or {}).get("code")
    return str(code) if code and message.get("level") == "error" else ""


def _named(text: str) -> Iterator[str]:
    """Words by which a text may name an item: between backticks, and in the lines of a list."""
    first, _, rest = text.partition("\n")
    for part in (*_QUOTED.findall(first), rest):
        yield from _WORD.findall(part)


def _texts(message: Message) -> Iterator[str]:
    """All that the compiler says in words of its own."""
    yield str(message.get("message", ""))
    for span in message.get("spans") or ():
        yield str(span.get("label") or "")
    for child in message.get("children") or ():
        yield from _texts(child)
