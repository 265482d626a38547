"""Rust text in, what its tokens show and the program made of it out: no compiler."""
