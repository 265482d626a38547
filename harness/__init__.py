"""Verdicts for the Rust in Markdown: every block, every number, at its own line."""

__version__ = "0.1.0"
