"""Records become arrays with a draw axis: what we do not know about a parameter, spread out.

The uniform numbers behind a parameter come from the stream ``draw/<group or id>`` of the seed, stratified (a Latin
hypercube: one number in each of ``n_draws`` equal slices of [0, 1], slices in random order). They depend on the seed,
on that name and on ``n_draws``, and on nothing else: adding a parameter never changes another's draw. Quantities of
one group share their numbers, so that they are high together and low together.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from ringtrue.catalogue.load import parameters_of
from ringtrue.catalogue.records import Parameter, TargetClass
from ringtrue.errors import DomainError, InputError, did_you_mean
from ringtrue.rng import stream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringtrue.catalogue.records import Catalogue

FloatArray = NDArray[np.float64]
Record = TypeVar("Record")
Uniform = Callable[[str], FloatArray]
"""Gives the uniform numbers (draw,) of a stream by its name, without the ``draw/`` before it."""

RCS_INDEPENDENT_DB = 1.5  # the catalogue's assumption 'rcs-independent-offset'; a test holds the two together


def split_quantile(p: FloatArray, low: float, nominal: float, high: float) -> FloatArray:
    """Value below which the share ``p`` of a split triangle lies: half of it on either side of the nominal value.

    Parameters
    ----------
    p : array
        Probabilities [1], from 0 to 1.
    low, nominal, high : float
        Ends and median, in rising order; all alike is allowed.

    Returns
    -------
    array
        Values in the unit of the three, in the shape of ``p``.

    Notes
    -----
    Q(p) = low + (nominal - low) sqrt(2 p) for p <= 1/2, high - (high - nominal) sqrt(2 (1 - p)) above. Median nominal,
    mean (low + 4 nominal + high) / 6; with equal arms the triangular distribution. The density rises in a line from
    nothing at either end, to 1 / (nominal - low) and to 1 / (high - nominal) at the nominal value, where it jumps
    unless the arms are equal. It is not the two-piece normal of the literature, whose halves join at the mode and
    weigh as much as their arms are long.

    Examples
    --------
    >>> split_quantile(np.array([0.0, 0.125, 0.5, 0.875, 1.0]), 40.0, 45.0, 100.0).tolist()
    [40.0, 42.5, 45.0, 72.5, 100.0]
    """
    below = low + (nominal - low) * np.sqrt(2.0 * p)
    above = high - (high - nominal) * np.sqrt(2.0 * (1.0 - p))
    return np.where(p <= 0.5, below, above)


def quantile(parameter: Parameter, p: FloatArray) -> FloatArray:
    """Value of a parameter's spread at the probabilities ``p``.

    Notes
    -----
    ``split`` has its median at the nominal value (`split_quantile`); ``split-log`` is the same in logarithms;
    ``integer`` the same stretched by one half at either end and rounded; ``uniform`` runs evenly from low to high and
    takes no notice of the nominal value, which the loader holds to its middle; ``discrete`` takes low, nominal and high
    in the ratio 1 : 2 : 1; ``fixed`` is the nominal value.

    Examples
    --------
    >>> from ringtrue.catalogue.records import Parameter
    >>> rounds = Parameter("x", 4, 8, 12, "1", "4 / 8 / 12", "integer", None, "assumed", "none")
    >>> quantile(rounds, np.array([0.0, 0.5, 1.0])).tolist()
    [4.0, 8.0, 12.0]
    """
    low, nominal, high = parameter.low, parameter.nominal, parameter.high
    if parameter.spread == "fixed" or low == high:
        return np.full(np.shape(p), nominal, dtype=np.float64)
    if parameter.spread == "uniform":
        return low + (high - low) * p
    if parameter.spread == "split-log":
        ends = split_quantile(p, *np.log([low, nominal, high]))
        return np.clip(np.exp(ends), low, high)
    if parameter.spread == "integer":
        return np.clip(np.rint(split_quantile(p, low - 0.5, nominal, high + 0.5)), low, high)
    if parameter.spread == "discrete":
        return np.where(p < 0.25, low, np.where(p < 0.75, nominal, high))
    return split_quantile(p, low, nominal, high)


def stratified_uniform(name: str, n_draws: int, seed: int) -> FloatArray:
    """Uniform numbers of one stream, one in each slice [i/n, (i+1)/n), in random order; shape (draw,).

    >>> u = stratified_uniform("draw/x", 4, seed=1)
    >>> sorted((4 * u).astype(int).tolist())
    [0, 1, 2, 3]

    Raises
    ------
    DomainError
        ``n_draws`` is below 1.
    """
    _check_draws(n_draws)
    return _slices(name, n_draws, seed)


def _check_draws(n_draws: int) -> None:
    """Refuse an empty draw axis."""
    if n_draws < 1:
        msg = f"--draws {n_draws}: at least one draw is needed; write --draws 1 or more"
        raise DomainError(msg)


@lru_cache(maxsize=4096)
def _slices(name: str, n_draws: int, seed: int) -> FloatArray:
    """Draw once what many records share; nobody may write to it."""
    generator = stream(seed, name)
    numbers = (generator.permutation(n_draws) + generator.random(n_draws)) / n_draws
    numbers.setflags(write=False)
    return numbers


def stream_numbers(name: str, *, n_draws: int, seed: int) -> FloatArray:
    """Uniform numbers (draw,) of the stream ``draw/<name>`` of a seed, stratified."""
    return stratified_uniform(f"draw/{name}", n_draws, seed)


def draw_parameter(parameter: Parameter, n_draws: int, seed: int, uniform: Uniform | None = None) -> FloatArray:
    """Draw one parameter; shape (draw,), in its SI unit.

    Two parameters of one ``group`` share the stream ``draw/<group>`` and so the same quantiles (comonotone).
    ``uniform`` gives the numbers of a stream in place of those of the seed.

    Examples
    --------
    >>> from ringtrue.catalogue.records import Parameter
    >>> p = Parameter("x", 40, 45, 100, "m", "40 / 45 / 100 m", "split", None, "assumed", "none")
    >>> round(float(draw_parameter(p, 1000, seed=1).mean()), 1)
    53.3
    """
    if parameter.spread == "fixed" or parameter.low == parameter.high:
        _check_draws(n_draws)
        return np.full(n_draws, parameter.nominal, dtype=np.float64)
    uniform = uniform or partial(stream_numbers, n_draws=n_draws, seed=seed)
    return quantile(parameter, uniform(parameter.group or parameter.id))


def _folded(x: FloatArray) -> FloatArray:
    """Reflect at 0 and 1 until inside; a symmetric step keeps a uniform number uniform."""
    turn = np.mod(x, 2.0)
    return np.where(turn > 1.0, 2.0 - turn, turn)


class RcsOffsets(NamedTuple):
    """What cross-sections of a class are drawn by, uniform (draw,): one number common to all, one for each figure."""

    common: FloatArray
    own: dict[Parameter, FloatArray]


def rcs_offsets(target: TargetClass[Parameter], uniform: Uniform) -> RcsOffsets:
    """Draw the numbers behind the cross-sections of a class; figures of one ``group`` share their own."""
    figures = [p for aspects in target.rcs_m2.values() for p in aspects.values()]
    own = {p: uniform(f"rcs-offset/{p.group or p.id}") for p in figures}
    return RcsOffsets(uniform(f"target.{target.id}.rcs"), own)


def _draw_rcs(target: TargetClass[Parameter], n_draws: int, uniform: Uniform, independent_db: float) -> dict[str, Any]:
    drawn = rcs_offsets(target, uniform)

    def one(parameter: Parameter) -> FloatArray:
        if parameter.spread == "fixed" or parameter.low == parameter.high:
            return np.full(n_draws, parameter.nominal)
        span_db = 10.0 * float(np.log10(parameter.high / parameter.low))
        step = (2.0 * drawn.own[parameter] - 1.0) * independent_db / span_db
        return quantile(parameter, _folded(drawn.common + step))

    return {band: {aspect: one(p) for aspect, p in aspects.items()} for band, aspects in target.rcs_m2.items()}


def _mapped(node: Any, leaf: Callable[[Parameter], FloatArray]) -> Any:
    if isinstance(node, Parameter):
        return leaf(node)
    if isinstance(node, dict):
        return {key: _mapped(value, leaf) for key, value in node.items()}
    if dataclasses.is_dataclass(node) and not isinstance(node, type):
        return dataclasses.replace(
            node, **{f.name: _mapped(getattr(node, f.name), leaf) for f in dataclasses.fields(node)}
        )
    return node


def draw_record(
    record: Record,
    n_draws: int,
    seed: int,
    *,
    rcs_independent_db: float = RCS_INDEPENDENT_DB,
    uniform: Uniform | None = None,
) -> Any:
    """Draw every parameter of a record, also inside dictionaries and envelopes.

    Parameters
    ----------
    record : record of the catalogue
        ``Radar[Parameter]``, ``Interceptor[Parameter]`` and so on, or a dictionary of such.
    n_draws : int
        Length of the draw axis.
    seed : int
        Seed of the run.
    rcs_independent_db : float
        Half-width [dB] of the independent part of a cross-section.
    uniform : callable, optional
        Gives the numbers (draw,) of each stream, in place of those of the seed.

    Returns
    -------
    record
        The same record with a (draw,) float64 array in SI for each parameter.

    Notes
    -----
    Cross-sections: one uniform number per class and draw, from the stream ``draw/target.<id>.rcs``, is common to all
    bands and aspects; each band and aspect adds its own step, uniform within ``rcs_independent_db`` either way as a
    share of its own range in dB, reflected at the ends: on the average that many decibels, half of it where the figure
    is nominal and its density greatest, more near the ends. A symmetric step leaves a uniform number uniform, so the
    spread of each single figure stays exactly its own, and all figures of a class are high together or low together.
    Bands given one figure (S and X) share the step too.

    Examples
    --------
    >>> from ringtrue.catalogue.load import load_catalogue
    >>> radar = draw_record(load_catalogue().radars["91n6e"], 200, seed=1)
    >>> radar.reference_range_m.shape, bool((radar.reference_range_m >= 300e3).all())
    ((200,), True)
    """
    if isinstance(record, dict):
        return {
            key: draw_record(value, n_draws, seed, rcs_independent_db=rcs_independent_db, uniform=uniform)
            for key, value in record.items()
        }
    uniform = uniform or partial(stream_numbers, n_draws=n_draws, seed=seed)
    drawn = _mapped(record, lambda parameter: draw_parameter(parameter, n_draws, seed, uniform))
    if isinstance(record, TargetClass):
        return dataclasses.replace(drawn, rcs_m2=_draw_rcs(record, n_draws, uniform, rcs_independent_db))
    return drawn


def nominal_record(record: Record, n: int = 1) -> Any:
    """The same record with an array of length ``n``, the nominal value, for each parameter.

    >>> from ringtrue.catalogue.load import load_catalogue
    >>> nominal_record(load_catalogue().radars["91n6e"]).reference_range_m.tolist()
    [390000.0]
    """
    return _mapped(record, lambda parameter: np.full(n, parameter.nominal))


def draw_parameters(catalogue: Catalogue, ids: Iterable[str], n_draws: int, seed: int) -> dict[str, FloatArray]:
    """Draw parameters by their dotted address, such as ``assumption.keep-out-altitude``; each (draw,).

    A cross-section drawn here is drawn alone; `draw_record` keeps those of a class together.

    Raises
    ------
    InputError
        An address that is not in the catalogue.

    Examples
    --------
    >>> from ringtrue.catalogue.load import load_catalogue
    >>> name = "assumption.flight-time-doubt"
    >>> draw_parameters(load_catalogue(), [name], 2, seed=1)[name].tolist()
    [0.25, 0.25]
    """
    by_id = {parameter.id: parameter for parameter in parameters_of(catalogue)}
    drawn = {}
    for parameter_id in ids:
        if parameter_id not in by_id:
            msg = f"parameter {parameter_id!r} is not in the catalogue{did_you_mean(parameter_id, by_id)}"
            raise InputError(msg)
        drawn[parameter_id] = draw_parameter(by_id[parameter_id], n_draws, seed)
    return drawn


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = ("split_quantile",)
