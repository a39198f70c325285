"""Operators in files of strangers, as seen from within a cell of the jail. Nothing here is imported where it could do harm to run the file."""
