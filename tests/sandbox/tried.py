"""Attacks by name, and the one function that a cell is asked to call."""

import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)
ATTACKS = {}
RAN = "a program ran"


def attempt(order, batches):
    """Make one attack; a list of batches is an answer that must not be taken, anything else is what it got."""
    made = ATTACKS[order["attack"]](order)
    return ({"got": None}, made) if isinstance(made, list) else ({"got": repr(made)[:300]}, [])


def attack(work):
    ATTACKS[work.__name__] = work
    return work


def call(number, *values):
    if LIBC.syscall(number, *values) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return "the call was made"
