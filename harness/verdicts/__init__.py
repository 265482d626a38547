"""Expectations and observations in, verdicts and what follows from them out."""
