"""What a compiler said of a crate of many units in, out what it would say of one of them alone.

Errors anywhere in a crate can make the compiler stop before it looks for those of a later step. If
it has come to the last step, the borrow checker, no unit has kept it from finding another's
errors, and each failing unit has said all that it would say alone. An error of that step shows it:
one of a unit's, or the witness's, a module with just such an error. The words are the same unless
they speak of what other units declare. Where any of this is not sure, a unit is compiled alone.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from harness.rust.known import GRAMMAR_ERRORS, LATE_ERRORS, PLAIN_ERRORS
from harness.rust.words import KEYWORDS
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
# A path from the root, and what `cfg` takes away, are told of differently in a module.
_BY_PLACE = re.compile(r"\b(?:self|super)\s*::|\bcfg\b")
# While a glob import of a crate fails, the compiler is silent about names that it cannot find.
_GLOB = re.compile(r"\buse\b[^;]*\*")
# An import that no rule settles is told of only where no import of the whole crate has failed.
_IMPORTED = re.compile(r"\buse\b([^;]*)")
_MODULE = re.compile(r"\bmod\b")
_CONSTANT = re.compile(r"\b(?:const|static)\b")
_QUOTED = re.compile(r"`([^`]*)`")
# What stands in the head of an `impl`, of an item as well as of a type.
_IMPL_HEAD = re.compile(r"\bimpl\b([^{;]*)")
_NAME_ERRORS = frozenset({"E0404", "E0405", "E0412", "E0425", "E0432", "E0433"})


@dataclass
class Overheard:
    """The messages of one compilation of a crate, by the unit that they are about."""

    crate: PackedCrate
    messages: dict[int, list[Message]] = field(default_factory=dict)
    failing: set[int] = field(default_factory=set)
    noisy: set[int] = field(default_factory=set)
    """Units with any message."""
    is_attributed: bool = True
    """Each error is some unit's, or the witness's."""
    is_whole: bool = False
    """The compiler has come to its last step: no unit's errors hide another's."""
    _shared: set[int] = field(default_factory=set)
    """Units with a message that is about others, too."""

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
                is_known = bool(owners) or crate.is_of_witness(message)
                heard.is_attributed = heard.is_attributed and is_known
                heard.is_whole = heard.is_whole or heard._is_late(message, owners)
        heard.is_whole = heard.is_whole and not any(map(heard._silences, heard.failing))
        return heard

    def _silences(self, number: int) -> bool:
        """Whether a unit may keep the compiler from telling of names that others lack."""
        is_import = any(_error_code(message) == "E0432" for message in self.messages[number])
        return is_import and bool(_GLOB.search(self.crate.members[number].unit.text))

    def _may_lack_an_import(self, number: int) -> bool:
        """Whether another unit's failing import may have kept the compiler from telling of one."""
        codes = {_error_code(message) for message in self.messages[number]}
        if "E0432" in codes or not self._has_failing_import:
            return False
        text = self.crate.members[number].unit.text
        imported = {word for path in _IMPORTED.findall(text) for word in _WORD.findall(path)}
        unresolved = {
            word
            for message in self.messages[number]
            if _error_code(message) == "E0433"
            for word in _named(str(message.get("message", "")))
        }
        # Modules may import from each other in a circle, of which nothing else is told.
        return bool(imported & unresolved) or bool(imported and _MODULE.search(text))

    @cached_property
    def _has_failing_import(self) -> bool:
        told = (message for messages in self.messages.values() for message in messages)
        return any(_error_code(message) == "E0432" for message in told)

    def _is_late(self, message: Message, owners: tuple[int, ...]) -> bool:
        """Whether only the last step can have given an error; constants are looked at earlier."""
        texts = (self.crate.members[owner].unit.text for owner in owners)
        return _error_code(message) in LATE_ERRORS and not any(map(_CONSTANT.search, texts))

    def is_plain(self, number: int) -> bool:
        """Whether all errors of a failing unit are such as are told alike in every crate."""
        unit = self.crate.members[number].unit
        if self._silences(number) or self._may_lack_an_import(number):
            return False
        # Paths of 2015 begin at the root.
        if number in self._shared or unit.edition == "2015" or _BY_PLACE.search(unit.text):
            return False
        return all(_error_code(message) in PLAIN_ERRORS for message in self.messages[number])

    def may_hide_others(self, number: int) -> bool:
        """Whether a unit seems to have an `impl` with a name that the compiler cannot find.

        At such an `impl` it ends before it looks at functions. This is a guess: what it gets wrong
        costs compilations.
        """
        heads = _IMPL_HEAD.findall(self.crate.members[number].unit.text)
        named = {word for head in heads for word in _WORD.findall(head)} - KEYWORDS
        return any(
            named.intersection(_WORD.findall(line))
            for message in self.messages[number]
            if _error_code(message) in _NAME_ERRORS
            for line in _lines_of(message)
        )

    def is_surely_refused(self, number: int) -> bool:
        """Whether one of a unit's errors, whatever its words, is one that it also has alone."""
        is_own = number not in self._shared and self.crate.members[number].unit.edition != "2015"
        return is_own and any(_error_code(m) in PLAIN_ERRORS for m in self.messages[number])

    def as_alone(self, number: int, unit_file: str) -> bytes | None:
        """The messages of a failing unit as its own crate would give them; None if not sure.

        `unit_file` is the name of the unit's text in a crate of its own.
        """
        if self.crate.has_only_grammar:
            if not self._is_of_grammar(number):
                return None
        elif not self.is_whole or not self.is_plain(number) or self.speaks_of_others(number):
            return None
        lines = []
        for message in self.messages[number]:
            line = json.dumps(message, ensure_ascii=False)
            line = line.replace(self.crate.file(number), unit_file)
            if self.crate.nonce in line or any(map(_CUT_OFF.search, _texts(message))):
                return None
            lines.append(line)
        return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")

    def _is_of_grammar(self, number: int) -> bool:
        """Whether a reader of nothing but its text gave all messages of a unit.

        The compiler reads each file by itself. What it finds in a later step has a code, or is no
        error; that step may not be reached alone.
        """
        return number not in self._shared and all(
            message.get("level") == "error"
            and (not message.get("code") or _error_code(message) in GRAMMAR_ERRORS)
            for message in self.messages[number]
        )

    def speaks_of_others(self, number: int) -> bool:
        """Whether a unit's messages hold names that other units declare.

        A name that is declared twice in a crate, wherever, is also written with its path.
        """
        return any(self._owners.get(name, _NOBODY) - {number} for name in self._spoken(number))

    def apart(self, numbers: Iterable[int]) -> list[list[int]]:
        """The units in groups in which none speaks of another's names."""
        groups: list[list[int]] = []
        for number in numbers:
            fitting = (g for g in groups if not any(self._collide(number, other) for other in g))
            group = next(fitting, None)
            if group is None:
                groups.append([number])
            else:
                group.append(number)
        return groups

    def _collide(self, one: int, other: int) -> bool:
        return any(
            speaker in self._owners.get(name, _NOBODY)
            for number, speaker in ((one, other), (other, one))
            for name in self._spoken(number)
        )

    def _spoken(self, number: int) -> set[str]:
        texts = (text for message in self.messages[number] for text in _texts(message))
        return {word for text in texts for word in _named(text)}

    @cached_property
    def _owners(self) -> dict[str, set[int]]:
        """What is declared, and by which units."""
        owners: dict[str, set[int]] = {}
        for number, member in enumerate(self.crate.members):
            for name in set(_DECLARED.findall(member.unit.text)) - _OF_EVERY_UNIT:
                owners.setdefault(name, set()).add(number)
        return owners


_OF_EVERY_UNIT = frozenset({"main", "_doctest_main"})
_NOBODY: frozenset[int] = frozenset()


def _error_code(message: Message) -> str:
    """The code of an error; empty for one without, and for what is no error."""
    code = (message.get("code") or {}).get("code")
    return str(code) if code and message.get("level") == "error" else ""


def _lines_of(message: Message) -> Iterator[str]:
    """The lines of the source that a message points at."""
    for span in message.get("spans") or ():
        for line in span.get("text") or ():
            yield str(line.get("text", ""))


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
