"""What was overheard of a crate that was refused in, out what becomes of its failing units.

Where the compiler may not have looked at everything, units are compiled anew with a witness that
tells; where they speak of each other's names, anew and apart. What is still not sure is compiled
alone.
"""

from harness.model.values import dataclass
from harness.verdicts.overheard import Overheard


@dataclass(frozen=True, slots=True)
class Refused:
    """The failing units of a crate, by their numbers, each once."""

    silent: tuple[int, ...] = ()
    """Refused alone, too; what the compiler says of them is never shown."""
    told: tuple[tuple[int, bytes], ...] = ()
    """With the messages that a crate of their own would give."""
    alone: tuple[int, ...] = ()
    anew: tuple[tuple[int, ...], ...] = ()
    """Units that share a crate once more."""


def refused(heard: Overheard, unit_file: str) -> Refused:
    """What is known of each failing unit; `unit_file` is what a text of its own is called."""
    if heard.crate.has_only_grammar:
        return _told(heard, sorted(heard.failing), unit_file)
    members = heard.crate.members
    silent = tuple(
        number
        for number in sorted(heard.failing)
        if not members[number].is_shown and heard.is_surely_refused(number)
    )
    left = sorted(heard.failing.difference(silent))
    plain = [number for number in left if heard.is_plain(number)]
    unsure = [number for number in left if number not in plain]
    if heard.is_whole:
        groups = heard.apart([number for number in plain if heard.speaks_of_others(number)])
        moved = {number for group in groups for number in group}
        found = _told(heard, [number for number in plain if number not in moved], unit_file)
        alone, anew = (*unsure, *found.alone), tuple(map(tuple, groups))
        return Refused(silent, found.told, alone, anew)
    if heard.crate.has_witness and not unsure:
        return Refused(silent, alone=tuple(plain))
    hiding = [number for number in plain if heard.may_hide_others(number)]
    others = tuple(number for number in plain if number not in hiding)
    return Refused(silent, alone=(*unsure, *hiding), anew=(others,))


def _told(heard: Overheard, numbers: list[int], unit_file: str) -> Refused:
    """The messages of units, or that they go alone where those are not sure."""
    messages = [(number, heard.as_alone(number, unit_file)) for number in numbers]
    return Refused(
        told=tuple((number, text) for number, text in messages if text is not None),
        alone=tuple(number for number, text in messages if text is None),
    )
