"""What a raid depends on and was drawn: each unknown with its name, what it rests on, and its values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ringtrue.coverage.chain import parameters_in
from ringtrue.coverage.unknowns import Unknown, assumed_part
from ringtrue.scenario.identification import under_doctrine
from ringtrue.sensing.looks import rcs_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue, Parameter
    from ringtrue.engagement.compile import Stage
    from ringtrue.sensing.deciding import Share

    FloatArray = NDArray[np.float64]

_RULES = {
    "assessment_delay_s": ("assessment-delay", "assessment delay"),
    "p_common_mode": ("common-mode", "chance that all shots of one system at one wave fail together"),
    "latency_s": ("network-latency", "latency of the network"),
    "p_outage": ("network-outage", "outage of the network"),
}
_MORE_RULES = {"p_friendly_reply": ("friendly-iff", "chance that a friend's answer is understood")}
_OF_FOES = {
    "identification_delay_s": "identification delay",
    "p_taken_for_friendly": "chance that a foe is taken for a friend",
}
_OF_FRIENDS = {
    "p_taken_for_hostile": "chance that a friend is taken for a foe, alone",
    "p_taken_for_hostile_shared": "chance that a friend is taken for a foe, joined",
}


class _Found:
    """Unknowns by name, in the order in which they are added; constants are left out."""

    def __init__(self) -> None:
        self.by_name: dict[str, Unknown] = {}
        self._streams: set[str] = set()

    def add(self, name: str, parameter: Parameter, values: FloatArray, *, together: bool = False) -> None:
        """Add one unknown; ``together``: only if nothing drawn from the same stream is there yet."""
        if np.ptp(values) <= 0.0:
            return
        stream = parameter.group or parameter.id
        if not (together and stream in self._streams):
            self.by_name.setdefault(name, Unknown(name, parameter.rests_on_assumption, values))
        self._streams.add(stream)


def leading_unknowns(stage: Stage, catalogue: Catalogue) -> tuple[Unknown, ...]:
    """List those that a comparison asks about: name, whether it rests on an assumption, values (draw,)."""
    found = _Found()
    _add_leading(found.add, stage, catalogue)
    return tuple(found.by_name.values())


def _add_leading(add: Callable[[str, Parameter, FloatArray], None], stage: Stage, catalogue: Catalogue) -> None:
    hostile = {flight.target for flight in stage.flights if not flight.is_friendly}
    kinds = sorted({stage.targets[name].kind for name in hostile})
    for kind in kinds:
        parameter = stage.scenario.doctrine.p_kill or catalogue.assumptions[f"kill-probability-{kind}"]
        add(f"kill probability against {kind} targets", parameter, stage.drawn[f"p_kill {kind}"])
    for name, (key, words) in _RULES.items():
        if name in stage.drawn:
            add(words, _rule(stage, name) or catalogue.assumptions[key], stage.drawn[name])
    for flight in stage.flights:
        target = stage.targets[flight.target]
        rules = under_doctrine(catalogue.targets[flight.target], stage.scenario.doctrine)
        apart = " of ballistic missiles" if target.kind == "ballistic" else ""
        for name, words in (_OF_FRIENDS if flight.is_friendly else _OF_FOES).items():
            add(f"{words}{apart}", getattr(rules, name), getattr(target, name))
    for unit in stage.units:
        record = catalogue.fire_units[unit.id]
        for field, words in (
            ("reaction_s", "reaction time"),
            ("launchers", "launchers"),
            ("fire_channels", "fire channels"),
            ("missiles_in_flight", "missiles guided at once"),
        ):
            add(f"{words} of the {record.name}", getattr(record, field), getattr(unit, field))
    for pair in stage.radars:
        for radar in pair:
            record_radar = catalogue.radars[radar.id]
            add(f"reference range of the {radar.name}", record_radar.reference_range_m, radar.reference_range_m)
    for name in sorted(hostile):
        target, record_target = stage.targets[name], catalogue.targets[name]
        assumed = [p for p in parameters_in(record_target.rcs_m2) if p.low < p.high]
        if assumed:
            worst = next((p for p in assumed if p.rests_on_assumption), assumed[0])
            add(f"radar cross-section of the {target.name}", worst, np.log(rcs_at(target, "S", "nose")))
        add(f"speed of the {target.name}", record_target.speed_mps, target.speed_mps)
    for interceptor in stage.interceptors:
        record_round = catalogue.interceptors[interceptor.id]
        add(f"mean speed of the {interceptor.name}", record_round.mean_speed_mps, interceptor.mean_speed_mps)
        for kind in kinds:
            if kind in interceptor.envelopes:
                add(
                    f"greatest range of the {interceptor.name} against {kind} targets",
                    record_round.envelopes[kind].max_range_m,
                    interceptor.envelopes[kind].max_range_m,
                )


def _rule(stage: Stage, name: str) -> Parameter | None:
    """Return a rule of the scenario's own doctrine or network; None where the catalogue's assumption stands."""
    for owner in (stage.scenario.doctrine, stage.laydown.network):
        own: Parameter | None = getattr(owner, name, None)
        if own is not None:
            return own
    return None


def raid_unknowns(stage: Stage, catalogue: Catalogue) -> tuple[Unknown, ...]:
    """List every drawn quantity that enters the raid; of quantities drawn together, the first one.

    Notes
    -----
    Not among them: what enters by its median over draws (antenna height, elevation limits, carrier), and what no draw
    changes, the terrain among it unless reliefs are drawn.
    """
    found = _Found()

    def add(name: str, parameter: Parameter, values: FloatArray) -> None:
        found.add(name, parameter, values, together=True)

    _add_leading(add, stage, catalogue)
    for name, (key, words) in _MORE_RULES.items():
        add(words, _rule(stage, name) or catalogue.assumptions[key], stage.drawn[name])
    environment = stage.scenario.environment
    add("loss to clutter", environment.clutter_db or catalogue.assumptions["clutter-loss"], stage.weather.loss_db)
    add("rise of the noise", environment.noise_rise_db, stage.weather.jam_to_noise_ratio)
    add("rain", environment.rain_mm_per_h, stage.weather.rain_mm_per_h)
    doubt = catalogue.assumptions["flight-time-doubt"]
    add("flight time away from the published distance", doubt, stage.drawn["flight-time-doubt"])
    if np.ptp(stage.relief) > 0:
        words = "terrain between the grid points of the elevation model"
        add(words, catalogue.assumptions["subgrid-relief"], stage.relief.astype(np.float64))
    for pair in stage.radars:
        for radar in pair:
            record = catalogue.radars[radar.id]
            for field, words in (
                ("instrumented_range_m", "instrumented range"),
                ("scan_period_s", "scan period"),
                ("search_frame_s", "search frame"),
                ("decorrelation_s", "decorrelation time, looks"),
                ("reference_rcs_m2", "cross-section of the reference range"),
                ("reference_p_detect", "detection probability of the reference range"),
                ("reference_p_false", "false alarm probability of the reference range"),
            ):
                add(f"{words} of the {radar.name}", getattr(record, field), getattr(radar, field))
    for launcher in stage.launchers:
        source = catalogue.launchers[launcher.id]
        add(f"reload time of the {launcher.name}", source.reload_s, launcher.reload_s)
        for name, rounds in launcher.rounds.items():
            add(f"{name} on one {launcher.name}", source.rounds[name], rounds)
    kinds = {kind for _, kind in stage.p_kill_kinds}
    for interceptor in stage.interceptors:
        figures = catalogue.interceptors[interceptor.id]
        add(
            f"distance the mean speed of the {interceptor.name} belongs to",
            figures.mean_speed_range_m,
            interceptor.mean_speed_range_m,
        )
        for kind in sorted(kinds & set(interceptor.envelopes)):
            for field, words in (
                ("min_range_m", "least range"),
                ("min_altitude_m", "floor"),
                ("max_altitude_m", "ceiling"),
                ("max_target_speed_mps", "fastest target"),
            ):
                add(
                    f"{words} of the {interceptor.name} against {kind} targets",
                    getattr(figures.envelopes[kind], field),
                    getattr(interceptor.envelopes[kind], field),
                )
    return tuple(found.by_name.values())


def assumed_share(shares: tuple[Share, ...], unknowns: tuple[Unknown, ...]) -> float | None:
    """Return the part of the shares that goes with assumed or estimated quantities; None: nothing to share out.

    Notes
    -----
    Of some fifty unknowns most are inert, and what chance leaves of each would add up; so only shares whose interval
    lies above zero count, and all of them where none does.

    Examples
    --------
    >>> from ringtrue.sensing.deciding import Share
    >>> guess, fact = Unknown("a", True, np.zeros(2)), Unknown("b", False, np.zeros(2))
    >>> assumed_share((Share("a", 0.2, 0.3, 0.4), Share("b", 0.05, 0.1, 0.2)), (guess, fact))
    0.75
    """
    part = assumed_part([s for s in shares if s.low > 0.0] or shares, unknowns)
    return None if part is None else round(part, 12)
