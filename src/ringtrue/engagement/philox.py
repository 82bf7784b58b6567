"""Counter-based random numbers of the raid: Philox4x32-10 keyed by the uids of the things it decides on.

A word depends on (seed, draw) through the key, and on (purpose, uid, ordinal, replication) through the counter; four
ordinals share one block. So rival laydowns share the raid's luck, and nothing depends on the place in an array.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray


def draw_keys(seed: int, first_draw: int, n_draws: int) -> NDArray[np.uint32]:
    """Return the Philox key of each draw, (draw, 2).

    >>> bool((draw_keys(1, 3, 1) == draw_keys(1, 0, 5)[3]).all())
    True
    """
    keys = np.empty((n_draws, 2), dtype=np.uint32)
    for i in range(n_draws):
        digest = blake2b(f"raid/{seed}/{first_draw + i}".encode(), digest_size=8).digest()
        keys[i] = np.frombuffer(digest, dtype=">u4")
    return keys


def philox_words(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Philox4x32-10 in whole numbers: four 32-bit words from a counter of four and a key of two.

    References
    ----------
    Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (SC11); constants and known answers as in
    the Random123 distribution.

    Examples
    --------
    >>> [f"{word:08x}" for word in philox_words((0, 0, 0, 0), (0, 0))]
    ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']
    """
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        product_0, product_1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (
            (product_1 >> 32) ^ c1 ^ k0,
            product_1 & 0xFFFFFFFF,
            (product_0 >> 32) ^ c3 ^ k1,
            product_0 & 0xFFFFFFFF,
        )
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return c0, c1, c2, c3
