"""Where the harness reads a document otherwise than stable rustdoc, one by one, and why."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deviation:
    """A shortest document that differs; `ours` and `theirs` are the lines of the tested blocks."""

    name: str
    text: str
    ours: tuple[int, ...]
    theirs: tuple[int, ...]
    reason: str


DEVIATIONS = (
    Deviation(
        "byte order mark",
        "\ufeff```\na\n```\n",
        ours=(1,),
        theirs=(3,),
        reason="rustdoc keeps the mark and so misses a fence in the first line",
    ),
    Deviation(
        "lone carriage return",
        "a\rb\n\n```\n```\n",
        ours=(4,),
        theirs=(3,),
        reason="Markdown ends a line there, and so do editors; rustdoc does not count it",
    ),
    Deviation(
        "front matter",
        "---\ntext: |\n\n    a\n---\n",
        ours=(),
        theirs=(4,),
        reason="rustdoc knows no front matter and takes indented YAML for Rust",
    ),
    Deviation(
        "form feed after a link definition in an item",
        "- [x]:u\n\x0c\n  ```\n  ```\n",
        ours=(3,),
        theirs=(),
        reason="pulldown-cmark loses the fence; a line that holds only a form feed or a vertical "
        "tab there is too rare to be copied, and a lost block would be silent",
    ),
)
"""Differences in which blocks there are, or at which lines."""

EDITIONS = {"editionfuture": "an edition that exists for rustc's developers only: no edition here"}
"""Words with which only `edition` differs."""
