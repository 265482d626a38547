"""Markdown in, its code blocks as stable rustdoc has them out."""
