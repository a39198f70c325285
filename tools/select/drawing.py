"""Drawing rows with weights: the k largest of log-weight plus Gumbel noise are a weighted draw without replacement, in one pass."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float64]


def keys(log_weight: Floats, draws: pa.Array) -> pa.Array:
    """An order in which the first k rows are a draw of k by weight (Efraimidis and Spirakis 2006). Null where the weight is no number."""
    uniform = (np.asarray(draws, np.uint64) >> np.uint64(11)).astype(np.float64) + 0.5
    gumbel = -np.log(-np.log(uniform / (1 << 53)))
    return pa.array(-(log_weight + gumbel), mask=np.isnan(log_weight))
