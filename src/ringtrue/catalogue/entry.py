"""One numeric entry of a catalogue file becomes one parameter in SI."""

from __future__ import annotations

import math
from typing import Any

from ringtrue.catalogue.records import Parameter, Spread
from ringtrue.catalogue.schema import CONFIDENCES, ENTRY_KEYS, ORIGINS
from ringtrue.catalogue.spread import SPREADS, default_spread, spread_complaint
from ringtrue.errors import InputError, did_you_mean
from ringtrue.units import (
    PROBABILITY,
    UNITS,
    USUAL_SENSE,
    Sense,
    near_unit,
    shown,
    si_of,
    split_quantity,
    to_si,
    two_readings,
    within,
)

DRAWN_WITH, COPIED_FROM = "\0drawn_with", "\0copied_from"  # set by same_as; no TOML key can hold a control character


def is_entry(node: Any) -> bool:
    """Whether a TOML table is a numeric entry: it gives a value or a range, or points at one.

    >>> is_entry({"value": 4, "unit": "1"}), is_entry({"nose": {"value": 1}})
    (True, False)
    """
    return isinstance(node, dict) and any(
        key in node and not isinstance(node[key], dict) for key in ("value", "low", "nominal", "high", "unit")
    )


def _figure(entry: dict[str, Any], key: str, where: str) -> tuple[float, str]:
    """Return a number and its unit as they stand: a plain number beside ``unit``, or a text that carries both."""
    value, unit = entry[key], entry.get("unit")
    if isinstance(value, str):
        if unit is not None:
            msg = (
                f"{where}: {key} = {shown(value)} is not a finite number; write it without quotes where the unit "
                f"stands apart, or leave unit = {unit!r} out"
            )
            raise InputError(msg)
        try:
            number, unit = split_quantity(value)
        except InputError as error:
            msg = f"{where}: {key}: {error}"
            raise InputError(msg) from None
        return number, unit or "1"
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        msg = f"{where}: {key} = {value!r} is not a finite number; write it without quotes, the unit apart"
        raise InputError(msg)
    return float(value), "" if unit is None else str(unit)


_WANTED: dict[str, tuple[type, str]] = {
    "unit": (str, "a text in quotes"),
    "source": (str, "the key of one source, in quotes"),
    "note": (str, "a text in quotes"),
    "group": (str, "a text in quotes"),
    "label": (str, "a text in quotes"),
    "estimated": (bool, "true or false"),
    "also": (list, "a list of texts"),
    "inputs": (list, "a list of texts"),
    "by_hand": (list, "a list of texts"),
    "locator": (str, "a text in quotes"),
    "paraphrase": (str, "a text in quotes"),
    "unread": (str, "a text in quotes"),
    "on_record": (str, "a text in quotes"),
}
PARAPHRASE_WORDS = 30
BY_HAND = ("low", "nominal", "high")


def _check_types(entry: dict[str, Any], where: str) -> None:
    for key, (kind, words) in _WANTED.items():
        value = entry.get(key)
        fits = value is None or isinstance(value, kind)
        if isinstance(value, list):
            fits = fits and all(isinstance(item, str) for item in value)
        if not fits:
            msg = f"{where}: {key} = {value!r} does not fit; {words} is wanted here"
            raise InputError(msg)


def _by_hand(entry: dict[str, Any], origin: str, where: str) -> tuple[str, ...]:
    """Which of low, nominal and high were added to figures that were read; only an entry with a source can say so."""
    named = tuple(entry.get("by_hand", ()))
    for name in named:
        if name not in BY_HAND:
            msg = f"{where}: by_hand {name!r} is not one of {', '.join(BY_HAND)}{did_you_mean(name, BY_HAND)}"
            raise InputError(msg)
        if name not in entry:
            msg = f"{where}: by_hand names {name!r}, which is not given; it belongs to low, nominal and high"
            raise InputError(msg)
    if named and origin == "assumed":
        msg = f"{where}: by_hand belongs to figures that were read; an assumed value is by hand anyway, so leave it out"
        raise InputError(msg)
    if named and not str(entry.get("note", "")).strip():
        msg = f'{where}: a number added by hand needs its reason; write it as note = "..."'
        raise InputError(msg)
    return named


def _figures(entry: dict[str, Any], where: str) -> list[tuple[float, str]]:
    """Return the one figure of ``value``, or those of low, nominal and high; `_check_whole` went before."""
    if "value" in entry:
        clash = [key for key in BY_HAND if key in entry]
        if clash:
            msg = f"{where}: 'value' and {clash[0]!r} exclude each other; give 'value' alone, or low, nominal and high"
            raise InputError(msg)
        return [_figure(entry, "value", where)]
    for key in BY_HAND:
        if key not in entry:
            msg = f"{where}: {key!r} is missing; give low, nominal and high, or 'value' alone"
            raise InputError(msg)
    return [_figure(entry, key, where) for key in BY_HAND]


def _check_whole(entry: dict[str, Any], of: Sense | None, where: str) -> None:
    """Name all that an entry lacks at once, each with what could stand there; one alone is refused further on."""
    figures = list(BY_HAND) if "value" not in entry and any(key in entry for key in BY_HAND) else ["value"]
    example, unit = split_quantity((of or USUAL_SENSE["m"]).example)
    given = [entry[key] for key in BY_HAND if isinstance(entry.get(key), int | float)]
    number = sum(given) / len(given) if given else example
    lacking = {key: f"{number:g}" for key in figures if key not in entry}
    if "unit" not in entry and not any(isinstance(entry.get(key), str) for key in figures):
        lacking["unit"] = f'"{unit or 1}"'
    origin = entry.get("origin", "assumed")
    if "origin" not in entry:
        lacking["origin"] = '"assumed"'
    if origin == "assumed" and not {"note", "source"} & entry.keys():
        lacking["note"] = '"why"'
    if origin != "assumed":
        lacking |= {key: text for key, text in (("source", '"Q06"'), ("confidence", '"C"')) if key not in entry}
    if len(lacking) > 1:
        lines = ", ".join(f"{key} = {text}" for key, text in lacking.items())
        msg = (
            f"{where}: {len(lacking)} keys are missing: {lines}; for a figure that was read, write origin = "
            '"read", its source and its confidence'
        )
        raise InputError(msg)


def _in_si(figures: list[tuple[float, str]], of: Sense, where: str) -> list[float]:
    found = []
    for number, unit in figures:
        written = _printed([(number, unit)])
        try:
            found.append(within(to_si(number, unit, of.si), of, written))
        except InputError as error:
            text = str(error)
            msg = f"{where}: {text}" if text.startswith(repr(written)) else f"{where}: {written}: {text}"
            raise InputError(msg) from None
    return found


def _printed(figures: list[tuple[float, str]]) -> str:
    """Return figures as the file has them, the unit once where all share it."""
    units = {unit for _, unit in figures}
    if len(units) == 1:
        unit = units.pop()
        return " / ".join(f"{number:.10g}" for number, _ in figures) + ("" if unit in _COUNTED else f" {unit}")
    return " / ".join(f"{number:.10g} {unit}" for number, unit in figures)


def _choice(entry: dict[str, Any], key: str, known: tuple[str, ...], where: str) -> str:
    value = entry.get(key)
    if value not in known:
        msg = f"{where}: {key} {value!r} is not one of {', '.join(known)}{did_you_mean(str(value), known)}"
        raise InputError(msg)
    return str(value)


def _provenance(entry: dict[str, Any], where: str) -> tuple[str, str]:
    if "origin" not in entry:
        msg = f"{where}: 'origin' is missing; say read, via, derived or assumed"
        raise InputError(msg)
    origin = _choice(entry, "origin", ORIGINS, where)
    if origin == "assumed":
        if entry.get("confidence", "none") != "none":
            msg = (
                f"{where}: an assumed value has confidence 'none', not {entry['confidence']!r}; "
                "leave confidence out, or name the source that it was read in"
            )
            raise InputError(msg)
        if not str(entry.get("note", "")).strip():
            msg = f'{where}: an assumed value needs its reason; write it as note = "..."'
            raise InputError(msg)
        return origin, "none"
    if "source" not in entry:
        msg = f"{where}: origin {origin!r} needs a source; name a key of sources/*.toml, or call the value assumed"
        raise InputError(msg)
    if "confidence" not in entry:
        msg = f"{where}: 'confidence' is missing; say A, B or C"
        raise InputError(msg)
    confidence = _choice(entry, "confidence", CONFIDENCES, where)
    if confidence == "none":
        msg = f"{where}: confidence 'none' belongs to assumed values only; say A, B or C, or origin = \"assumed\""
        raise InputError(msg)
    if origin == "derived" and not str(entry.get("note", "")).strip():
        msg = f'{where}: a derived value needs its arithmetic; write it as note = "..."'
        raise InputError(msg)
    if entry.get("estimated", False) and confidence != "C":
        msg = f"{where}: an estimate has confidence C at most, not {confidence!r}"
        raise InputError(msg)
    return origin, confidence


def _check_reading(entry: dict[str, Any], where: str) -> None:
    """A figure read again says where and what in few words; one that could not be says why; never both."""
    for key in ("locator", "paraphrase", "unread"):
        if key in entry and (not entry[key].strip() or "source" not in entry):
            msg = f"{where}: {key} = {entry[key]!r} belongs to a figure with a source, and says something; leave it out"
            raise InputError(msg)
    if ("locator" in entry) != ("paraphrase" in entry):
        given, missing = ("locator", "paraphrase") if "locator" in entry else ("paraphrase", "locator")
        msg = f"{where}: {given} {entry[given]!r} stands alone; add {missing}: the place and what is said there"
        raise InputError(msg)
    if "locator" in entry and "unread" in entry:
        msg = f"{where}: unread {entry['unread']!r} beside a locator; a figure was read again or it was not, keep one"
        raise InputError(msg)
    words = len(entry.get("paraphrase", "").split())
    if words > PARAPHRASE_WORDS:
        msg = f"{where}: paraphrase has {words} words, more than {PARAPHRASE_WORDS}; say it shorter, in your own words"
        raise InputError(msg)


_COUNTED = ("1", "people", "rounds")
PROBABLE = ("kill-probability", "identification-error", "common-mode")


def _free_sense(address: str, unit: str, where: str) -> Sense:
    """Return what an assumption or a statement is of: its unit tells, and the name of a probability."""
    si = si_of(unit)
    if si is None:
        why = two_readings(unit)
        msg = f"{where}: unit {shown(unit)} is not known here{f'; {why}' if why else near_unit(unit, UNITS)}"
        raise InputError(msg)
    return PROBABILITY if address.rsplit(".", 1)[-1].startswith(PROBABLE) else USUAL_SENSE[si]


def _spread(
    entry: dict[str, Any], low: float, nominal: float, high: float, si: str, nominal_words: str, where: str
) -> Spread:
    """Return the law by which the entry is drawn; refuse one of which the nominal value cannot be the middle."""
    spread: Spread = "fixed" if "value" in entry else default_spread(low, high, si)
    if "spread" in entry:
        spread = _choice(entry, "spread", SPREADS, where)  # type: ignore[assignment]
    complaint = spread_complaint(spread, low, nominal, high, nominal_words)
    if complaint:
        msg = f"{where}: {complaint}"
        raise InputError(msg)
    return spread


def parameter(
    address: str, entry: dict[str, Any], of: Sense | None, label: str, where: str, extra_keys: tuple[str, ...] = ()
) -> Parameter:
    """Check one entry and return it in SI.

    Parameters
    ----------
    address : str
        Dotted address in the catalogue, the parameter's ``id``.
    entry : dict
        The TOML table.
    of : Sense or None
        What the key is of: its SI unit and bounds; None goes by whatever unit the entry has.
    label : str
        Words a report prints.
    where : str
        "file: dotted key" for error texts.

    Raises
    ------
    InputError
        A key, number, unit, origin or confidence that cannot be used.

    Examples
    --------
    >>> from ringtrue.units import RANGE
    >>> entry = {"value": 250, "unit": "km", "source": "C02", "origin": "read", "confidence": "B"}
    >>> p = parameter("interceptor.x.max_range", entry, RANGE, "Greatest range", "x.toml: interceptor.x.max_range")
    >>> p.nominal, p.printed, p.spread
    (250000.0, '250 km', 'fixed')
    """
    for key in entry:
        if key not in ENTRY_KEYS and key not in extra_keys and key not in (DRAWN_WITH, COPIED_FROM):
            msg = f"{where}: unknown key {key!r}{did_you_mean(key, (*ENTRY_KEYS, *extra_keys))}"
            raise InputError(msg)
    _check_types(entry, where)
    _check_whole(entry, of, where)
    figures = _figures(entry, where)
    if not all(unit for _, unit in figures):
        wanted = of.si if of else "1"
        msg = f"{where}: 'unit' is missing; write unit = {wanted!r} or another unit of its kind"
        raise InputError(msg)
    if of is None:
        of = _free_sense(address, figures[0][1], where)
    origin, confidence = _provenance(entry, where)
    _check_reading(entry, where)
    in_si = _in_si(figures, of, where)
    printed = _printed(figures if len(set(in_si)) > 1 else figures[:1])
    if in_si != sorted(in_si):
        msg = (
            f"{where}: low <= nominal <= high does not hold: {_printed(figures).replace(' / ', ', ')}; "
            "put the three in rising order"
        )
        raise InputError(msg)
    low, nominal, high = in_si[0], in_si[len(in_si) // 2], in_si[-1]
    spread = _spread(entry, low, nominal, high, of.si, _printed([figures[len(figures) // 2]]), where)
    return Parameter(
        id=address,
        low=low,
        nominal=nominal,
        high=high,
        si=of.si,
        printed=printed,
        spread=spread,
        source=entry.get("source"),
        origin=origin,  # type: ignore[arg-type]
        confidence=confidence,  # type: ignore[arg-type]
        estimated=bool(entry.get("estimated", False)),
        note=str(entry.get("note", "")),
        group=str(entry.get("group", "")) or str(entry.get(DRAWN_WITH, "")),
        also=tuple(entry.get("also", ())),
        inputs=tuple(entry.get("inputs", ())),
        copied_from=str(entry.get(COPIED_FROM, "")),
        label=label or str(entry.get("label", "")),
        by_hand=_by_hand(entry, origin, where),
        locator=entry.get("locator", ""),
        paraphrase=entry.get("paraphrase", ""),
        unread=entry.get("unread", ""),
        on_record=entry.get("on_record", ""),
    )
