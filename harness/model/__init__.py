"""The values that flow through the harness, in the order in which they flow."""

from harness.model.source import (
    Attributes,
    Block,
    Document,
    Ignore,
    Note,
    Snippet,
    SourceLine,
)

__all__ = [
    "Attributes",
    "Block",
    "Document",
    "Ignore",
    "Note",
    "Snippet",
    "SourceLine",
]
