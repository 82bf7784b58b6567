"""The dotted address of a figure of a record, and the words for it: said once, read off the record itself."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ringtrue.catalogue import records
from ringtrue.catalogue.schema import RECORDS, fields_of

if TYPE_CHECKING:
    from ringtrue.catalogue.schema import FieldSpec

_SECTION_OF = {record: section for section, record in RECORDS.items()}


@cache
def _specs(record: type) -> dict[str, FieldSpec]:
    return {spec.name: spec for spec in fields_of(record)}


def section_of(record: Any) -> str:
    """Return what a record's addresses begin with.

    >>> from ringtrue.catalogue.load import load_catalogue
    >>> section_of(load_catalogue().interceptors["48n6e3"].envelopes["aircraft"])
    'interceptor.48n6e3.envelope.aircraft'
    """
    if isinstance(record, records.Envelope):
        return f"interceptor.{record.interceptor}.envelope.{record.kind}"
    return f"{_SECTION_OF[type(record)]}.{record.id}"


def address(record: Any, field: str, *keys: str) -> str:
    """Return the dotted address of one figure of a record, drawn or not.

    Parameters
    ----------
    field : str
        Name of the field in code, with its unit: ``reference_range_m``.
    *keys : str
        Keys into a field that holds a table of figures: band and aspect of a cross-section.

    Raises
    ------
    KeyError
        The record has no such field.

    Examples
    --------
    >>> from ringtrue.catalogue.load import load_catalogue
    >>> figures = load_catalogue()
    >>> address(figures.radars["91n6e"], "reference_range_m")
    'radar.91n6e.reference_range'
    >>> address(figures.targets["f-16"], "rcs_m2", "S", "nose")
    'target.f-16.rcs.S.nose'
    """
    return ".".join((section_of(record), _specs(record.__class__)[field].key, *keys))


def short_name(name: str) -> str:
    """Return a class's name without its bracket, fit for the middle of a sentence.

    Words in small letters make a common noun, which loses its capital; a name of one word, or one with capitals or
    digits behind the first letter, is a proper one.

    >>> short_name("F-16 (fourth-generation fighter)"), short_name("Bomber or tanker (B-1)")
    ('F-16', 'bomber or tanker')
    >>> short_name("Tomahawk"), short_name("Scud-B"), short_name("Storm Shadow / SCALP")
    ('Tomahawk', 'Scud-B', 'Storm Shadow / SCALP')
    """
    short = name.partition(" (")[0]
    rest = short[1:]
    is_common = " " in short and rest == rest.lower() and not any(letter.isdigit() for letter in rest)
    return short[:1].lower() + rest if is_common else short
