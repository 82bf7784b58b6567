"""What a row of the audit depends on, and which of it moves the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.coverage.answer import short_name
from ringtrue.coverage.chain import parameters_in
from ringtrue.finding import percent
from ringtrue.sensing.deciding import Share, first_order_share
from ringtrue.sensing.looks import rcs_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue, Parameter, TargetClass
    from ringtrue.coverage.chain import Chain
    from ringtrue.coverage.ground import Ground

    FloatArray = NDArray[np.float64]

LEAST_DRAWS = 20


class Unknown(NamedTuple):
    """One drawn quantity of the chain: its name, what it rests on and its values (draw + 1,)."""

    name: str
    is_assumed: bool
    values: FloatArray


def _drawn_parameter(record: object, field: str, catalogue_record: object, label: str) -> Unknown:
    parameter: Parameter = getattr(catalogue_record, field)
    return Unknown(label, parameter.rests_on_assumption, getattr(record, field))


def unknowns_of(
    chain: Chain, catalogue: Catalogue, target: TargetClass[FloatArray], speed_doubt: FloatArray, ground: Ground
) -> list[Unknown]:
    """List what a row depends on, each with its draws and whether anybody published it as a fact."""
    unit = catalogue.fire_units[chain.unit.id]
    listed = [
        _drawn_parameter(r, f, catalogue.radars[r.id], f"{words} of the {r.name}")
        for r in {chain.acquisition.id: chain.acquisition, chain.engagement.id: chain.engagement}.values()
        for f, words in (("reference_range_m", "reference range"), ("instrumented_range_m", "instrumented range"))
    ]
    rcs = [p for p in parameters_in(catalogue.targets[target.id].rcs_m2) if p.low < p.high]
    listed.append(
        Unknown(
            f"radar cross-section of the {short_name(target.name)}",
            any(p.rests_on_assumption for p in rcs),
            np.log(rcs_at(target, chain.engagement.band, "nose")),
        )
    )
    listed.append(
        _drawn_parameter(target, "speed_mps", catalogue.targets[target.id], f"speed of the {short_name(target.name)}")
    )
    listed.append(_drawn_parameter(chain.unit, "reaction_s", unit, "reaction time"))
    for interceptor in chain.interceptors:
        source = catalogue.interceptors[interceptor.id]
        listed.append(_drawn_parameter(interceptor, "mean_speed_mps", source, f"mean speed of the {interceptor.name}"))
        if target.kind in interceptor.envelopes:
            listed.extend(
                _drawn_parameter(interceptor.envelopes[target.kind], field, source.envelopes[target.kind], words)
                for field, words in (
                    ("max_range_m", f"greatest range of the {interceptor.name}"),
                    ("max_altitude_m", f"ceiling of the {interceptor.name}"),
                    ("min_altitude_m", f"floor of the {interceptor.name}"),
                )
            )
    listed.append(Unknown("flight time away from the published distance", True, speed_doubt))
    return [u for u in (*listed, *ground.doubt) if np.ptp(u.values[:-1]) > 0.0]


def shares_of(
    unknowns: list[Unknown], output: FloatArray, *, n_bootstrap: int
) -> tuple[tuple[Share, ...], float | None]:
    """Return first-order shares of a row's spread, and the part that goes with assumed or estimated quantities.

    No shares and None where they cannot be told: fewer than 20 draws, an answer that is the same in every draw, or
    nothing that was drawn.
    """
    if output.size - 1 < LEAST_DRAWS or np.ptp(output[:-1]) == 0.0 or not unknowns:
        return (), None
    shares = first_order_share({u.name: u.values[:-1] for u in unknowns}, output[:-1], n_bootstrap=n_bootstrap)
    return shares, assumed_part(shares, unknowns)


def assumed_part(shares: Iterable[Share], unknowns: Iterable[Unknown]) -> float | None:
    """Return the part of the shares that goes with assumed or estimated quantities; None: nothing to share out.

    >>> known = [Unknown("speed", False, np.zeros(2)), Unknown("reaction time", True, np.zeros(2))]
    >>> assumed_part([Share("speed", 0.0, 0.25, 0.5), Share("reaction time", 0.5, 0.75, 1.0)], known)
    0.75
    >>> assumed_part([], known) is None
    True
    """
    assumed = {u.name for u in unknowns if u.is_assumed}
    parts = [(s.name in assumed, max(s.share, 0.0)) for s in shares]
    whole = sum(part for _, part in parts)
    return sum(part for is_assumed, part in parts if is_assumed) / whole if whole > 0 else None


def assumed_figure(part: float | None, n_draws: int) -> str:
    """Return the assumed part as a report prints it, or why it cannot be told; never a nought that was not computed.

    >>> assumed_figure(0.846, 1000), assumed_figure(None, 8), assumed_figure(None, 1000)
    ('85 %', 'too few draws to say', 'no spread to share out')
    """
    if part is not None:
        return percent(part)
    return "too few draws to say" if n_draws < LEAST_DRAWS else "no spread to share out"


def assumed_sentence(part: float | None, n_draws: int, what: str = "the answer") -> str:
    """Say how much of an answer rests on what nobody published as a fact.

    >>> assumed_sentence(0.846, 1000)
    '85 % of the answer rests on assumed or estimated figures.'
    >>> assumed_sentence(None, 8)
    'How much of the answer rests on assumed or estimated figures: too few draws to say.'
    """
    figure = assumed_figure(part, n_draws)
    words = f"of {what} rests on assumed or estimated figures"
    return f"{figure} {words}." if part is not None else f"How much {words}: {figure}."


def assumed_json(part: float | None) -> float | None:
    """Return the assumed part as the JSON prints it; null where it cannot be told."""
    return None if part is None else round(part, 4)
