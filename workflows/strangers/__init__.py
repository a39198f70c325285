"""Operators in files of strangers: described, tried and run in the jail. Their code never runs in a process of ours."""
