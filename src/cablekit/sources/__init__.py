"""Dumps of cables: one module per kind of source, each an iterator of `Record`."""
