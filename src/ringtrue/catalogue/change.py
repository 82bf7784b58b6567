"""Figures of a catalogue changed by address, for what-if questions: a new catalogue, the old one untouched."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from ringtrue.catalogue.load import parameters_of, with_parameters
from ringtrue.catalogue.records import Catalogue, Parameter
from ringtrue.catalogue.spread import default_spread, spread_complaint
from ringtrue.errors import InputError, did_you_mean
from ringtrue.units import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    Value = str | float | tuple[str | float, str | float, str | float]


def with_figures(catalogue: Catalogue, changes: Mapping[str, Value]) -> Catalogue:
    """Return the catalogue with other figures at some addresses.

    Parameters
    ----------
    changes : mapping
        Address, such as ``radar.92n6e.reference_range``, to a text with its unit (``"150 km"``), a number in SI, or
        three of them: low, nominal and high. Entries that repeat the figure (``same_as``) change with it.

    Returns
    -------
    Catalogue
        With a hash of its own. A changed figure is an assumption: whoever changed it is its source.

    Raises
    ------
    InputError
        An address that is not there, a figure that no answer reads, a text that is no such quantity, or low, nominal
        and high out of order.

    Examples
    --------
    >>> from ringtrue.catalogue.load import load_catalogue
    >>> shipped = load_catalogue()
    >>> changed = with_figures(shipped, {"radar.92n6e.reference_range": "150 km"})
    >>> changed.radars["92n6e"].reference_range_m.nominal, shipped.radars["92n6e"].reference_range_m.nominal
    (150000.0, 200000.0)
    """
    if not isinstance(changes, dict):
        msg = f"figures: a mapping of addresses to values is wanted, not {changes!r}"
        raise InputError(msg)
    known = {p.id: p for p in parameters_of(catalogue)}
    new: dict[str, Parameter] = {}
    for address, value in changes.items():
        if address not in known:
            msg = f"{address!r} is no figure of the catalogue{did_you_mean(address, known)}"
            raise InputError(msg)
        if known[address].on_record:
            msg = f"{address} is on record only, no answer reads it: {known[address].on_record}; leave it out"
            raise InputError(msg)
        new[address] = _changed(known[address], value)
    for parameter in known.values():
        origin = _origin(parameter, known)
        if origin in new and parameter.id not in new:
            one = new[origin]
            new[parameter.id] = replace(
                parameter, low=one.low, nominal=one.nominal, high=one.high, printed=one.printed, spread=one.spread
            )
    digest = blake2b(catalogue.content_hash.encode(), digest_size=16)
    for address in sorted(new):
        digest.update(f"{address}={new[address].low!r}/{new[address].nominal!r}/{new[address].high!r};".encode())
    changed: Catalogue = with_parameters(catalogue, new)
    return replace(changed, content_hash=digest.hexdigest())


def _origin(parameter: Parameter, known: Mapping[str, Parameter]) -> str:
    """Follow an entry to the one it repeats; its own address where it repeats none."""
    address = parameter.id
    while address in known and known[address].copied_from:
        address = known[address].copied_from
    return address


def moves_nothing(below: Catalogue, above: Catalogue) -> tuple[str, ...]:
    """Say which figures a catalogue overrides in another though no answer reads them; empty where it overrides none.

    Parameters
    ----------
    below, above : Catalogue
        The catalogue that is overridden, and what it comes to with the overriding files on top.

    Examples
    --------
    >>> from ringtrue.catalogue.load import load_catalogue
    >>> moves_nothing(load_catalogue(), load_catalogue())
    ()
    """
    before = {p.id: p for p in parameters_of(below)}
    return tuple(
        f"--catalogue gives {p.id} another value, which moves nothing: it is on record only ({p.on_record})."
        for p in parameters_of(above)
        if p.on_record
        and p.id in before
        and (p.low, p.nominal, p.high) != (before[p.id].low, before[p.id].nominal, before[p.id].high)
    )


def _changed(parameter: Parameter, value: Value) -> Parameter:
    values = value if isinstance(value, tuple) else (value, value, value)
    if len(values) != 3:
        msg = f"{parameter.id}: one value is wanted, or low, nominal and high; given: {value!r}"
        raise InputError(msg)
    low, nominal, high = (_number(parameter, v) for v in values)
    if not low <= nominal <= high:
        msg = f"{parameter.id}: low <= nominal <= high does not hold: {', '.join(map(str, values))}"
        raise InputError(msg)
    words = [v if isinstance(v, str) else f"{v:g} {parameter.si}" for v in dict.fromkeys(values)]
    own = parameter.spread if parameter.spread != "fixed" else default_spread(low, high, parameter.si)
    spread = "fixed" if low == high else own
    complaint = spread_complaint(spread, low, nominal, high, words[len(words) // 2])
    if complaint:
        msg = f"{parameter.id}: {complaint}"
        raise InputError(msg)
    return replace(
        parameter, low=low, nominal=nominal, high=high, printed=" / ".join(words), source=None, origin="assumed",
        confidence="none", estimated=False, also=(), inputs=(), by_hand=(), note="changed by hand for this run",
        spread=spread, locator="", paraphrase="", unread="",
    )  # fmt: skip


def _number(parameter: Parameter, value: Any) -> float:
    if isinstance(value, str):
        try:
            return parse_quantity(value, parameter.si)
        except InputError as error:
            msg = f"{parameter.id}: {error}"
            raise InputError(msg) from None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        msg = f"{parameter.id}: {value!r} is no quantity; give a text such as '{parameter.printed}' or a number in SI"
        raise InputError(msg)
    return float(value)
