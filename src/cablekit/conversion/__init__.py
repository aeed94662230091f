"""Whole dumps into an archive."""
