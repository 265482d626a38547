"""Launches of a bench in, intervals, doubts and a verdict on each measured claim out."""
