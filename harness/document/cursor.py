"""One line of a document in, its container marks and indentation read off from the left."""

import re

BLANK = re.compile(r"[ \t\x0b\x0c]*\Z")
RULE = re.compile(r"([-*_])[ \t]*+(?:\1[ \t]*+){2,}+\Z")
_MARKS = re.compile(r"-[- \t]*|\*[* \t]*|\+")
_MARKER = re.compile(r"[-+*]|[0-9]{1,9}[.)]")
_CHECKBOX = re.compile(r"[ \t]*\[[ \t\x0b\x0cxX]\](?=[ \t\x0b\x0c])")


class Cursor:
    """A place in a line; a tab reaches to the next multiple of four columns.

    The columns are counted as pulldown-cmark counts them, from the last tab.
    """

    __slots__ = ("at", "free", "left", "origin", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.left = 0
        """Columns of a tab before `at` that are not yet used up."""
        self.origin = 0
        self.free = 0
        """No thematic break begins before this place; so each mark is looked at once."""

    def space(self, wanted: int) -> int:
        """Pass white space of up to so many columns; how many there were."""
        missing = wanted
        if self.left:
            used = min(self.left, missing)
            self.left -= used
            missing -= used
        text = self.text
        while missing and self.at < len(text):
            if text[self.at] == " ":
                self.at += 1
                missing -= 1
            elif text[self.at] == "\t":
                width = 4 - (self.at - self.origin) % 4
                self.at += 1
                self.origin = self.at
                used = min(width, missing)
                missing -= used
                self.left = width - used
            else:
                break
        return wanted - missing

    def all_space(self) -> None:
        """Pass all spaces and tabs."""
        self.left = 0
        text = self.text
        while self.at < len(text) and text[self.at] in " \t":
            self.at += 1

    def is_at_end(self) -> bool:
        """Whether nothing follows."""
        return self.at >= len(self.text)

    def is_blank(self) -> bool:
        """Whether nothing but white space follows."""
        return BLANK.match(self.text, self.at) is not None

    def state(self) -> tuple[int, int, int]:
        """Where this is, for `back`."""
        return self.at, self.left, self.origin

    def back(self, state: tuple[int, int, int]) -> None:
        """Return to an earlier place."""
        self.at, self.left, self.origin = state

    def jump(self, at: int) -> None:
        """Go on from another place, with columns counted from there."""
        self.at = self.origin = at
        self.left = 0

    def quote(self) -> bool:
        """Pass the mark of a block quote, if one stands here."""
        state = self.state()
        # Three columns of a tab are enough for a `>` behind it: so pulldown-cmark has it.
        self.space(3)
        if self.text.startswith(">", self.at):
            self.at += 1
            self.space(1)
            return True
        self.back(state)
        return False

    def list_marker(self) -> tuple[str, int] | None:
        """Pass a list marker, if one stands here: its mark, and the item's indentation."""
        state = self.state()
        indent = self.space(4)
        marker = _MARKER.match(self.text, self.at) if indent < 4 else None
        if marker is None or self._is_rule():
            self.back(state)
            return None
        self.at = marker.end()
        if not self.space(1) and not self.is_at_end():
            self.back(state)
            return None
        indent += len(marker.group()) + 1
        if not self.is_blank():
            after = self.state()
            more = self.space(4)
            if more < 4:
                indent += more
            else:
                self.back(after)
        return marker.group()[-1], indent

    def _is_rule(self) -> bool:
        if self.at < self.free:
            return False
        marks = _MARKS.match(self.text, self.at)
        if marks is not None and marks.end() < len(self.text):
            self.free = marks.end()
            return False
        return RULE.match(self.text, self.at) is not None

    def checkbox(self) -> bool:
        """Pass a checkbox, `[ ]` or `[x]`, if one stands here."""
        state = self.state()
        self.space(3)
        marker = _CHECKBOX.match(self.text, self.at)
        if marker is None or self.text[self.at] != "[":
            self.back(state)
            return False
        self.at = marker.end()
        return True
