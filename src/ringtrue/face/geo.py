"""Formulas of the geo room: all that compute from numbers; and places by name.

>>> from ringtrue.face import geo
>>> round(float(geo.horizon_range_m(25.0, 0.0)))
20609
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ringtrue.geo
from ringtrue.face.formulas import formulas_of
from ringtrue.geo.gazetteer import find_place
from ringtrue.geo.positions import parse_position

if TYPE_CHECKING:
    from collections.abc import Callable

_FORMULAS = formulas_of(ringtrue.geo)
__all__ = ["find_place", "parse_position", *_FORMULAS]


def __getattr__(name: str) -> Callable[..., Any]:
    if name not in _FORMULAS:
        raise AttributeError(name)
    return _FORMULAS[name]


def __dir__() -> list[str]:
    return __all__
