"""Compiled look-up of detection probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ringtrue.compiled import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

_LOWEST_SNR_RATIO = 2.0**-12
_HIGHEST_SNR_RATIO = 2.0**20
_FIRST_KNOT = (1023 - 12) * 64
_FRACTION_BITS = 46
_FRACTION_MASK = (1 << _FRACTION_BITS) - 1
_FRACTION_UNIT = 1.0 / (1 << _FRACTION_BITS)


@njit(nogil=True)
def look_up_p_detect(snr_ratio: float, p_table: FloatArray) -> float:
    """Probability of detection [1] for one ratio, linear between the knots of ``detection.pd_table``.

    The knots divide each power of two into 64 equal steps, so that the leading bits of the ratio *are* the knot and the
    other bits the fraction: no logarithm, the same bits on every machine.
    """
    if not snr_ratio > _LOWEST_SNR_RATIO:
        return float(p_table[0])
    if snr_ratio >= _HIGHEST_SNR_RATIO:
        return float(p_table[p_table.size - 1])
    bits = np.float64(snr_ratio).view(np.int64)
    i_knot = (bits >> _FRACTION_BITS) - _FIRST_KNOT
    fraction = (bits & _FRACTION_MASK) * _FRACTION_UNIT
    return float(p_table[i_knot] + fraction * (p_table[i_knot + 1] - p_table[i_knot]))


@njit(nogil=True)
def look_up_many(snr_ratio: FloatArray, p_table: FloatArray, out: FloatArray) -> None:
    """Write ``look_up_p_detect`` of every ratio to ``out``; snr_ratio and out (point,)."""
    for i in range(snr_ratio.size):
        out[i] = look_up_p_detect(snr_ratio[i], p_table)
