"""Paths in, documents and settings out."""
