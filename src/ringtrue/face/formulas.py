"""Which formulas of a room a notebook has: all that compute from numbers, as their modules list them."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


def formulas_of(room: ModuleType) -> dict[str, Callable[..., Any]]:
    """Return the formulas of a room by name: those that its modules list in ``FOR_CASES``, as case files call them.

    >>> import ringtrue.radar
    >>> round(float(formulas_of(ringtrue.radar)["wavelength_m"](3e9)), 4)
    0.0999
    """
    names = (module.name for module in iter_modules(room.__path__) if not module.name.startswith("_"))
    modules = [import_module(f"{room.__name__}.{name}") for name in names]
    found = {name: getattr(module, name) for module in modules for name in getattr(module, "FOR_CASES", ())}
    return dict(sorted(found.items()))
