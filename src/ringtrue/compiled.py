"""Numba's ``njit``, with kept code that knows the text of every module a kernel is built from.

A kernel freezes the globals it names and the kernels it calls. Numba looks at the kernel's own file alone, so that a
constant changed in another module, or in a file of data, would leave yesterday's code in use.
"""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from functools import cache
from hashlib import sha256
from threading import Lock
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

import numba
import numpy as np
from numba.core.caching import FunctionCache, IndexDataCacheFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PACKAGE = __name__.partition(".")[0]
_IMPORT = re.compile(rf"^(?:from|import) +({PACKAGE}(?:\.\w+)*)\b", re.MULTILINE)


def njit(signature: Any = None, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Compile as ``numba.njit(cache=True)`` does, and again when a module that the function takes from has changed.

    Parameters
    ----------
    signature : optional
        Compile for these types at once and for no others.
    **options
        Numba's own, without ``cache``.

    Notes
    -----
    Code is kept under the text of the function's module, of each module of this package that it imports at its top, and
    of theirs in turn (``modules_behind``), and under the values that it freezes (``value_stamp``): they may come from
    a file of data. Where numba finds no folder to write to, nothing is kept.
    """

    def compiled(function: Callable[..., Any]) -> Any:
        dispatcher = numba.njit(**options)(function)
        if not numba.extending.is_jitted(dispatcher):  # NUMBA_DISABLE_JIT
            return dispatcher
        with suppress(RuntimeError):
            dispatcher._cache = KernelCache(function)
        if signature is not None:
            dispatcher.compile(signature)
            dispatcher.disable_compile()
        return dispatcher

    return compiled


class KernelCache(FunctionCache):  # type: ignore[misc]
    """Numba's store of one function's code, stamped with the text and the values behind it."""

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        self._cache_file = IndexDataCacheFile(
            cache_path=self._cache_path,
            filename_base=self._impl.filename_base,
            source_stamp=text_stamp(function.__module__) + value_stamp(function),
        )


def value_stamp(function: Any) -> str:
    """Return a digest of the numbers, words and arrays that a function and its callees freeze: globals and defaults.

    >>> value_stamp(lambda x: x) == value_stamp(lambda x, y=2.0: x)
    False
    """
    digest = sha256()
    seen: set[Any] = set()
    waiting = [function]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        frozen = {name: here.__globals__.get(name) for code in _codes(here.__code__) for name in code.co_names}
        frozen |= {f"default {i}": value for i, value in enumerate(here.__defaults__ or ())}
        for name, value in sorted(frozen.items()):
            if hasattr(value, "py_func"):
                digest.update(text_stamp(value.py_func.__module__).encode())
                waiting.append(value.py_func)
            elif isinstance(value, np.ndarray | np.generic):
                digest.update(f"{name} {value.dtype} {value.shape}".encode() + value.tobytes())
            elif isinstance(value, bool | int | float | complex | str | bytes | tuple):
                digest.update(f"{name} {value!r}".encode())
    return digest.hexdigest()


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Yield a function's code and that of the functions inside it."""
    yield code
    for held in code.co_consts:
        if isinstance(held, CodeType):
            yield from _codes(held)


_ONE_AT_A_TIME = Lock()


@cache
def text_stamp(module_name: str) -> str:
    """Return a digest of the names and texts of a module and of all modules behind it."""
    digest = sha256()
    for name in modules_behind(module_name):
        digest.update(f"{name}\n".encode() + _text(name))
    return digest.hexdigest()


def only_for(kernel: Any, *arguments: tuple[Any, Any]) -> Any:
    """Compile a kernel for arguments of these types, and have it refuse others instead of compiling for them too.

    Parameters
    ----------
    arguments : (element type, number of axes), or (named tuple, list of the same for its fields)
        Arrays lie in rows; no axes: a number.
    """
    from numba import types
    from numba.np.numpy_support import from_dtype

    def of(element: Any, n_axes: int) -> Any:
        kind = from_dtype(np.dtype(element))
        return types.Array(kind, n_axes, "C") if n_axes else kind

    wanted = tuple(
        types.NamedTuple([of(*field) for field in said], kind) if isinstance(said, list) else of(kind, said)
        for kind, said in arguments
    )
    with _ONE_AT_A_TIME:  # two threads may ask for the same kernel first
        if wanted not in kernel.overloads:
            kernel.compile(wanted)
            kernel.disable_compile()
    return kernel


@cache
def modules_behind(module_name: str) -> tuple[str, ...]:
    """Return the modules of this package whose text decides what a module's globals hold, itself included.

    They are those that it imports at its top, and theirs in turn; imports inside functions and under ``TYPE_CHECKING``
    give no globals.

    >>> modules_behind("ringtrue.compiled")
    ('ringtrue.compiled',)
    """
    found: set[str] = set()
    waiting = [module_name]
    while waiting:
        name = waiting.pop()
        if name in found or name not in sys.modules:
            continue
        found.add(name)
        waiting += _IMPORT.findall(_text(name).decode())
        waiting += [
            held.__name__
            for held in list(vars(sys.modules[name]).values())
            if isinstance(held, ModuleType) and held.__name__.startswith(f"{PACKAGE}.")
        ]
    return tuple(sorted(found))


@cache
def _text(module_name: str) -> bytes:
    module = sys.modules[module_name]
    return module.__loader__.get_data(module.__file__) if module.__file__ else b""  # type: ignore[union-attr]
