"""Snippets in, the units that are compiled for them and the crates that hold those out."""
