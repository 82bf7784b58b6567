"""Formulas of the radar room: all that compute from numbers.

>>> from ringtrue.face import radar
>>> round(float(radar.wavelength_m(3e9)), 4)
0.0999
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ringtrue.radar
from ringtrue.face.formulas import formulas_of

if TYPE_CHECKING:
    from collections.abc import Callable

_FORMULAS = formulas_of(ringtrue.radar)
__all__ = list(_FORMULAS)


def __getattr__(name: str) -> Callable[..., Any]:
    if name not in _FORMULAS:
        raise AttributeError(name)
    return _FORMULAS[name]


def __dir__() -> list[str]:
    return __all__
