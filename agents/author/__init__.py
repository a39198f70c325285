"""Writes an operator where none fits: examples first, then the file, tried in the jail, mended, and shown to the person."""
