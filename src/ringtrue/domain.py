"""What numbers a public function takes: bounds read from the names of its parameters, refused in one sentence.

Names carry units here, so a name says what may stand there: ``slant_range_m`` is a length of zero or more, ``p_kill``
a probability, ``n_looks`` a whole number. `checked` reads the names once, when a module is loaded, and looks at the
values when the function is called: not a number, nan, infinite, out of bounds, of shapes that do not fit. Bounds are
far wider than anything physical (lengths to 10⁹ m), so that squares and fourth powers stay finite. A parameter that may
be more, or must be less, than its name says is given to the decorator.
"""

from __future__ import annotations

import inspect
import math
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar

import numpy as np

from ringtrue.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

P = ParamSpec("P")
R = TypeVar("R")


class Domain(NamedTuple):
    """Bounds of one quantity, and how an error says them; ``open_low`` and ``open_high`` leave the bound itself out."""

    low: float
    high: float
    words: str
    open_low: bool = False
    open_high: bool = False
    is_whole: bool = False

    def holds(self, value: float) -> bool:
        """Whether one number lies within."""
        return (self.low < value if self.open_low else self.low <= value) and (
            value < self.high if self.open_high else value <= self.high
        )

    def complaint(self, name: str, values: np.ndarray[Any, np.dtype[np.float64]]) -> str | None:
        """Say what is wrong with values, or None."""
        least, most = (
            (values > self.low) if self.open_low else (values >= self.low),
            ((values < self.high) if self.open_high else (values <= self.high)),
        )
        good = least & most
        if good.all():
            return None
        bad = float(np.asarray(values)[~good].flat[0]) if np.ndim(values) else float(values)
        return f"{name} must be {self.words}; given: {bad:g}"


PROBABILITY = Domain(0.0, 1.0, "a probability from 0 to 1")
OPEN_PROBABILITY = Domain(1e-300, 1.0, "a probability between 0 and 1", open_high=True)
BELOW_ONE = Domain(0.0, 1.0, "a probability from 0 to below 1", open_high=True)
SOME_PROBABILITY = Domain(1e-12, 1.0, "a probability above 0, at most 1")
INNER_PROBABILITY = Domain(1e-12, 1.0, "a probability between 0 and 1", open_high=True)
SHARE = Domain(0.0, 1.0, "a share from 0 to 1")
SIGNED_RATIO = Domain(-1.0, 1.0, "a number from -1 to 1")
COUNT = Domain(0, 10**6, "a whole number from 0 to a million", is_whole=True)
FROM_ONE = Domain(1, 10**6, "a whole number from 1 to a million", is_whole=True)
MANY = Domain(0, 10**12, "a whole number from 0 to 10^12", is_whole=True)
FROM_ONE_MANY = Domain(1, 10**12, "a whole number from 1 to 10^12", is_whole=True)
RAID_SIZE = Domain(0, 1000, "a whole number from 0 to 1,000", is_whole=True)
RAID_FROM_ONE = Domain(1, 1000, "a whole number from 1 to 1,000", is_whole=True)
PULSES = Domain(1, 10_000, "a whole number from 1 to 10,000", is_whole=True)
YES_OR_NO = Domain(0, 1, "true or false", is_whole=True)
CORNERS = Domain(3, 10**6, "a whole number from 3 to a million", is_whole=True)
INPUTS = Domain(1, 1000, "a whole number from 1 to 1,000", is_whole=True)
LOAN_YEARS = Domain(1, 1000, "a whole number from 1 to 1,000", is_whole=True)
LATITUDE = Domain(-90.0, 90.0, "degrees between -90 and 90, north positive")
LONGITUDE = Domain(-360.0, 360.0, "degrees between -180 and 180, east positive")
LENGTH = Domain(0.0, 1e9, "zero or more, in metres, and below 10^9")
SOME_LENGTH = Domain(1e-6, 1e9, "above zero, in metres, and below 10^9")
FROM_A_METRE = Domain(1.0, 1e9, "one metre or more and below 10^9")
HALF_ROUND = Domain(0.0, 20_003_931.0, "a range over ground from 0 to 20,003,931 m, half round the earth")
LENGTH_OR_INFINITE = Domain(0.0, math.inf, "zero or more, in metres")
HEIGHT = Domain(-1e9, 1e9, "a number of metres within 10^9")
HEIGHT_OR_INFINITE = Domain(-math.inf, math.inf, "a number of metres")
AREA = Domain(0.0, 1e18, "zero or more, in square metres, and below 10^18")
SOME_AREA = Domain(1e-15, 1e18, "above zero, in square metres, and below 10^18")
TIME = Domain(0.0, 1e12, "zero or more, in seconds, and below 10^12")
SOME_TIME = Domain(1e-12, 1e12, "above zero, in seconds, and below 10^12")
ANY_TIME = Domain(-1e12, 1e12, "a number of seconds within 10^12")
SPEED = Domain(0.0, 3e8, "zero or more, in m/s, and no faster than light")
SOME_SPEED = Domain(1e-6, 3e8, "above zero, in m/s, and no faster than light")
ANGLE = Domain(-1e6, 1e6, "a number within a million")
FULL_TURN = Domain(0.0, 2.0 * math.pi, "radians from 0 to 2 pi")
ELEVATION = Domain(-math.pi / 2.0, math.pi / 2.0, "radians between -pi/2 and pi/2")
BEAMWIDTH = Domain(1e-9, math.pi, "radians above 0, at most pi")
FREQUENCY = Domain(1.0, 1e15, "above zero, in hertz, and below 10^15")
DECIBEL = Domain(-300.0, 300.0, "decibels between -300 and 300")
ATTENUATION = Domain(0.0, 1000.0, "zero or more, in dB/km, and at most 1,000")
RATIO = Domain(0.0, 1e30, "zero or more and below 10^30")
SOME_RATIO = Domain(1e-30, 1e30, "above zero and below 10^30")
POWER = Domain(1e-30, 1e30, "above zero, in watts, and below 10^30")
TEMPERATURE = Domain(1e-6, 1e12, "above zero, in kelvin, and below 10^12")
K_FACTOR = Domain(0.01, 1e6, "an effective over true earth radius from 0.01 to a million")
GRADIENT = Domain(-1e-3, 1e-3, "a gradient of the refractive index within 0.001 a metre")
N_UNITS = Domain(0.0, 1e4, "N units from 0 to 10,000")
FLATTENING = Domain(2.0, 1e12, "an inverse flattening from 2 to 10^12")
MONEY = Domain(0.0, 1e18, "zero or more, in USD, and below 10^18")
RATE = Domain(0.0, 1e3, "zero or more a year, as a fraction, and at most 1,000")
YEARS = Domain(1e-3, 1e4, "above zero, in years, and below 10,000")
WAIT = Domain(-60.0, 60.0, "years between -60 and 60, below zero what is past")
AMOUNT = Domain(0.0, 1e12, "zero or more and below 10^12")
SOME_AMOUNT = Domain(1e-12, 1e12, "above zero and below 10^12")
HALF_WIDTH = Domain(1e-6, 1.0, "a half-width above 0, at most 1")
NUMBER = Domain(-1e100, 1e100, "a number within 10^100")

_PARTS: tuple[tuple[str, Domain], ...] = (
    ("k_factor", K_FACTOR),
    ("latitude", LATITUDE),
    ("longitude", LONGITUDE),
    ("altitude", HEIGHT),
    ("east_m", HEIGHT),
    ("north_m", HEIGHT),
    ("elevation_rad", ELEVATION),
    ("reflection_ratio", SIGNED_RATIO),
    ("attenuation_db", ATTENUATION),
    ("n_pulses", PULSES),
    ("p_false", OPEN_PROBABILITY),
)
_UNITS: dict[str, Domain] = {
    "m": LENGTH, "m2": AREA, "s": TIME, "mps": SPEED, "rad": ANGLE, "hz": FREQUENCY, "db": DECIBEL, "ratio": RATIO,
    "w": POWER, "k": TEMPERATURE, "usd": MONEY, "share": SHARE, "h": AMOUNT, "m3": AMOUNT, "units": AMOUNT,
}  # fmt: skip
_SCALARS = ("float", "int", "float | None", "int | None")
_NUMBERS = (*_SCALARS, "ArrayLike", "ArrayLike | None", "FloatArray", "Sequence[float]", "Sequence[int]")


def domain_of(name: str, kind: str) -> Domain | None:
    """Return the bounds that a parameter's name and kind say; None where they say nothing.

    >>> domain_of("p_kill", "float").words, domain_of("n_looks", "int").words, domain_of("scenario", "Scenario")
    ('a probability from 0 to 1', 'a whole number from 0 to a million', None)
    """
    if kind not in _NUMBERS:
        return None
    for part, domain in _PARTS:
        if part in name:
            return domain
    if name == "p" or name.startswith("p_"):
        return PROBABILITY
    if name.startswith("n_") or kind in ("int", "int | None", "Sequence[int]"):
        return COUNT
    return _UNITS.get(name.rpartition("_")[2]) if "_" in name else None


def as_numbers(name: str, value: object) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return a value as float64 array, or say that it is no number: text, dates, gaps and masked values are none.

    >>> as_numbers("range_m", [1, 2.5]).tolist()
    [1.0, 2.5]
    >>> as_numbers("range_m", "1e3")
    Traceback (most recent call last):
    ...
    ringtrue.errors.DomainError: range_m must be a number or an array of numbers; given: '1e3'
    """
    if type(value) is np.ndarray and value.dtype == np.float64:
        return value
    try:
        given = np.asarray(value)
        is_number = given.dtype.kind in "biuf" or (
            given.dtype.kind == "O" and all(hasattr(one, "__float__") for one in given.flat)
        )
        if is_number and not np.ma.is_masked(value):
            return given.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        pass
    msg = f"{name} must be a number or an array of numbers; given: {_shown(value)}"
    raise DomainError(msg)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


class _Rule(NamedTuple):
    name: str
    domain: Domain
    is_scalar: bool
    is_list: bool
    may_be_none: bool


def _take(rule: _Rule, value: Any, shapes: list[tuple[int, ...]]) -> Any:
    """Return one argument as its function takes it, or raise what is wrong; note the shape of an array argument."""
    if value is None and rule.may_be_none:
        return value
    if type(value) is float and not rule.domain.is_whole and not rule.is_list and rule.domain.holds(value):
        return value
    numbers = as_numbers(rule.name, value)
    if rule.is_scalar and numbers.ndim:
        msg = f"{rule.name} must be one number; given an array of shape {numbers.shape}"
        raise DomainError(msg)
    if rule.is_list and numbers.ndim != 1:
        msg = f"{rule.name} must be a list of numbers; given: {_shown(value)}"
        raise DomainError(msg)
    complaint = rule.domain.complaint(rule.name, numbers)
    if complaint is None and rule.domain.is_whole:
        is_whole = isinstance(value, int | np.integer) or (numbers == np.floor(numbers)).all()
        is_exact = rule.is_list or not rule.is_scalar or isinstance(value, int | np.integer)
        if not (is_whole and is_exact):
            complaint = f"{rule.name} must be {rule.domain.words}; given: {_shown(value)}"
    if complaint is not None:
        raise DomainError(complaint)
    if not (rule.is_scalar or rule.is_list):
        shapes.append(numbers.shape)
    return _widened(rule, value, numbers)


def _widened(rule: _Rule, value: Any, numbers: np.ndarray[Any, np.dtype[np.float64]]) -> Any:
    """Return a number in a type in which no formula overflows: Python's own, float64 or int64."""
    if numbers is value or rule.domain is YES_OR_NO:
        return value
    if rule.domain.is_whole:
        if isinstance(value, int | np.integer):
            return int(value)
        return value.astype(np.int64) if isinstance(value, np.ndarray) and value.dtype.kind in "iu" else value
    if rule.is_list:
        return numbers.tolist()
    return numbers if numbers.ndim or isinstance(value, np.ndarray) else float(numbers)


def _fit(function: str, shapes: Iterable[tuple[int, ...]]) -> None:
    shapes = list(shapes)
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        msg = f"{function}: shapes {' and '.join(str(s) for s in dict.fromkeys(shapes))} do not fit together"
        raise DomainError(msg) from None


def checked(*, fit: bool = True, **given: Domain | None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Refuse impossible arguments of a public function by `DomainError`, one sentence each.

    Parameters
    ----------
    fit : bool
        Whether the shapes of all array arguments broadcast; False where axes mean something.
    given : Domain or None
        Bounds of single parameters where the name says less; None leaves one unchecked.

    Notes
    -----
    A parameter annotated ``float`` or ``int`` takes one number, one annotated ``Sequence`` a list, others arrays. The
    cost is two comparisons of each array. Numbers of a narrow type (heights in 16 bits) reach the formula as float64:
    no product overflows. Missing and surplus arguments are Python's own business.

    Examples
    --------
    >>> @checked()
    ... def area_m2(radius_m: float) -> float:
    ...     return 3.14 * radius_m**2
    >>> area_m2(-1.0)
    Traceback (most recent call last):
    ...
    ringtrue.errors.DomainError: radius_m must be zero or more, in metres, and below 10^9; given: -1
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        parameters = list(inspect.signature(function).parameters.values())
        rules: dict[str, _Rule] = {}
        for parameter in parameters:
            kind = str(parameter.annotation)
            domain = given.get(parameter.name, domain_of(parameter.name, kind))
            if domain is not None:
                rules[parameter.name] = _Rule(
                    parameter.name, domain, kind in _SCALARS, kind.startswith("Sequence"), parameter.default is None
                )
        in_order = [rules.get(p.name) for p in parameters]

        @wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            shapes: list[tuple[int, ...]] = []
            taken: list[Any] = [
                value if rule is None else _take(rule, value, shapes)
                for rule, value in zip(in_order, args, strict=False)
            ]
            named: dict[str, Any] = {
                name: _take(rules[name], value, shapes) if name in rules else value for name, value in kwargs.items()
            }
            if fit and len(shapes) > 1:
                known = [shape for shape in shapes if shape]
                if len(known) > 1:
                    _fit(function.__name__, known)
            taken += args[len(taken) :]
            return function(*taken, **named)

        return guarded

    return wrap
