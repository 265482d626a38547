"""Lines of a document in, the block quotes, list items and footnotes open at each out."""

from harness.document import marks
from harness.document.cursor import Cursor

QUOTE, ITEM, NOTE, LIST = range(4)
"""Kinds: a block quote, a list item, a footnote, and the list around items."""


class Container:
    """An open container, with the heading that was the nearest one when it was opened."""

    __slots__ = ("heading", "indent", "is_tight", "kind", "mark")

    def __init__(self, kind: int, indent: int, mark: str, heading: tuple[str, int]) -> None:
        self.kind = kind
        self.indent = indent
        """Columns by which a line of an item or a footnote is indented."""
        self.mark = mark
        """For a list: `-`, `+`, `*`, `.` or `)`."""
        self.heading = heading
        self.is_tight = True


class Containers:
    """The containers that are open, outermost first, and the heading nearest above."""

    def __init__(self) -> None:
        self.open: list[Container] = []
        self.heading = ("", -1)
        """Text and line from 0; a heading in a container is forgotten where that ends."""
        self.is_item_empty = False
        """The last item began with a blank line."""
        self.was_blank = False
        """The line before was blank."""

    def is_inside(self, cursor: Cursor) -> bool:
        """Pass the marks of the open containers; whether the line continues all of them."""
        return self.enter(cursor) == len(self.open)

    def keep(self, count: int) -> None:
        """Close all containers but the outer ones."""
        while len(self.open) > count:
            self._close()

    def enter(self, cursor: Cursor) -> int:
        """Pass the marks of the open containers; how many of them the line continues."""
        for depth, container in enumerate(self.open):
            if container.kind == QUOTE:
                if not cursor.quote():
                    return depth
            elif container.kind != LIST:
                state = cursor.state()
                if cursor.space(container.indent) < container.indent and not cursor.is_at_end():
                    cursor.back(state)
                    return depth
        return len(self.open)

    def begin(self, cursor: Cursor) -> bool:
        """Open what the line's marks begin; False where nothing follows the mark of an item."""
        while True:
            state = cursor.state()
            note = 0
            if cursor.space(4) < 4:
                note = marks.footnote_end(cursor.text, cursor.at)
            if note:
                self.finish_list()
                if self.open and self.open[-1].kind == NOTE:
                    self._close()
                self._push(NOTE, 4)
                cursor.jump(note)
                continue
            cursor.back(state)
            marker = cursor.list_marker()
            if marker:
                self._continue_list(marker[0])
                self._push(ITEM, marker[1])
                if cursor.is_blank() or (cursor.checkbox() and cursor.is_blank()):
                    self.is_item_empty = True
                    return False
            elif cursor.quote():
                self.finish_list()
                self._push(QUOTE, 0)
            else:
                return True

    def _push(self, kind: int, indent: int, mark: str = "") -> None:
        self.open.append(Container(kind, indent, mark, self.heading))

    def _close(self) -> None:
        container = self.open.pop()
        self.heading = container.heading
        if container.kind == LIST and container.is_tight:
            self.is_item_empty = False

    def blank(self) -> None:
        """Take note of a blank line."""
        if not self.open or self.open[-1].kind == QUOTE:
            return
        if self.open[-1].kind == ITEM and self.is_item_empty:
            # An item that begins with two blank lines holds nothing more.
            self.open[-1].indent = 0
        self.was_blank = True

    def _finish_item(self) -> None:
        if self.is_item_empty and self.was_blank and self.open and self.open[-1].kind == ITEM:
            self._close()
        self.is_item_empty = False

    def finish_list(self) -> None:
        """Close a list whose items have all ended, and an item that stayed empty."""
        self._finish_item()
        if self.open and self.open[-1].kind == LIST:
            self._close()
        if self.was_blank:
            if len(self.open) > 1 and self.open[-2].kind == LIST:
                self.open[-2].is_tight = False
            self.was_blank = False

    def _continue_list(self, mark: str) -> None:
        self._finish_item()
        if self.open:
            top = self.open[-1]
            if top.kind == LIST and top.mark == mark:
                if self.was_blank:
                    top.is_tight = False
                    self.was_blank = False
                return
            self.finish_list()
        self._push(LIST, 0, mark)
        self.was_blank = False
