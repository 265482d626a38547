"""Units that share a crate in, the crate's files out, and whose each of its messages is.

Each unit is a module in a file of its own that holds its text unchanged, so that every line and
column is what it is for the unit alone. Names carry a nonce that no unit can know.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from harness.model.unit import CrateType, Request, Selector
from harness.model.values import dataclass
from harness.units.grammar_probe import is_grammar_unit

ROOT_FILE = "harness_crate.rs"


@dataclass(frozen=True, slots=True)
class PackedCrate:
    """Units that are compiled together."""

    members: tuple[Request, ...]
    nonce: str
    """Letters and digits that no unit's text holds."""
    has_witness: bool = False
    """A further module fails at the compiler's last step that looks at functions: its error shows
    that the compiler came there."""

    @property
    def crate_type(self) -> CrateType:
        """The members' own: all have the same."""
        return self.members[0].unit.crate_type

    @property
    def has_only_grammar(self) -> bool:
        """Whether nothing but the grammar of its units is looked at; that holds for all or none."""
        return is_grammar_unit(self.members[0].unit)

    def files(self) -> Iterator[tuple[str, str]]:
        """Name and text of each file, the root first."""
        # With test code the program is the compiler's own, and calls tests instead of a main.
        is_program = self.crate_type is CrateType.BIN and not self.members[0].unit.with_tests
        yield ROOT_FILE, "".join(f"{line}\n" for line in self._root(is_program))
        # It stands below the text, where it can see a private `main`, and moves no line.
        after = (
            f"pub fn run_{self.nonce}() -> ::std::process::ExitCode "
            "{ ::std::process::Termination::report(main()) }\n"
        )
        for number, member in enumerate(self.members):
            text = member.unit.text
            yield self.file(number), text + after if is_program else text
        if self.has_witness:
            yield f"{self._witness}.rs", _WITNESS

    def is_of_witness(self, message: Mapping[str, Any]) -> bool:
        """Whether a message is about the witness."""
        spans = list(message.get("spans") or ())
        return bool(spans) and all(s.get("file_name") == f"{self._witness}.rs" for s in spans)

    def file(self, number: int) -> str:
        """The file of one member."""
        return f"{self._module(number)}.rs"

    def selector(self, number: int) -> Selector:
        """What makes the crate's program run one member."""
        return Selector(self._variable, str(number), self.file(number))

    def owners(self, message: Mapping[str, Any]) -> tuple[int, ...]:
        """The members that a message of the compiler is about; none where that is not told.

        The primary place decides, followed outwards through macros; then other places; then
        those of its notes.
        """
        spans = list(message.get("spans") or ())
        primary = [span for span in spans if span.get("is_primary")]
        notes = [span for child in message.get("children") or () for span in child.get("spans", ())]
        for places in (primary, spans, notes):
            found = tuple(dict.fromkeys(self._members_at(places)))
            if found:
                return found
        return ()

    def _members_at(self, spans: Iterable[Mapping[str, Any]]) -> Iterator[int]:
        for span in spans:
            place: Mapping[str, Any] | None = span
            while place is not None:
                owner = self._member_at(place)
                if owner is not None:
                    yield owner
                    break
                place = (place.get("expansion") or {}).get("span")

    def _member_at(self, span: Mapping[str, Any]) -> int | None:
        name = str(span.get("file_name"))
        if name == ROOT_FILE:
            line = int(span.get("line_start", 0))
            declared = line - 2
            called = declared - len(self.members) - self.has_witness - _LINES_BEFORE_CALLS
            for number in (declared, called):
                if 0 <= number < len(self.members):
                    return number
            return None
        start, end = f"u{self.nonce}_", ".rs"
        digits = name.removeprefix(start).removesuffix(end)
        is_ours = name == f"{start}{digits}{end}" and digits.isdigit()
        return int(digits) if is_ours and int(digits) < len(self.members) else None

    def _module(self, number: int) -> str:
        return f"u{self.nonce}_{number}"

    @property
    def _witness(self) -> str:
        return f"w{self.nonce}"

    @property
    def _variable(self) -> str:
        return f"U{self.nonce}"

    def _root(self, is_program: bool) -> Iterator[str]:
        yield "#![allow(unused)]"
        for number in range(len(self.members)):
            # Public, so that what is public in a unit can be reached from outside, as alone.
            yield f"pub mod {self._module(number)};"
        if self.has_witness:
            yield f"mod {self._witness};"
        if not is_program:
            return
        yield "fn main() -> ::std::process::ExitCode {"
        yield f'let chosen = ::std::env::var("{self._variable}");'
        yield f'unsafe {{ ::std::env::remove_var("{self._variable}") }};'
        yield "match chosen.as_deref() {"
        for number in range(len(self.members)):
            yield f'Ok("{number}") => {self._module(number)}::run_{self.nonce}(),'
        yield "_ => ::std::process::abort(),"
        yield "}"
        yield "}"


_LINES_BEFORE_CALLS = 4
_WITNESS = "fn twice() { let a = String::new(); drop(a); drop(a); }\n"
