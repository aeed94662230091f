"""Formats that other programs read: one module for each."""
