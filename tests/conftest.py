"""What all tests share."""

import os

os.environ.setdefault("WINNOW_KERNELS", "ready")  # no test starts a compiler in the background of the others
