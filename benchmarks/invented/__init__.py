"""Invented cables in any number, with what each was made from."""
