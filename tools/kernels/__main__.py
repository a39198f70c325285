"""Compile all kernels for this machine: `python -m tools.kernels`."""

import sys

from ._building import build

if __name__ == "__main__":
    sys.exit(build())
