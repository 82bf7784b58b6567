"""What the study of links says in words: the answer, what a difference of nothing rests on, how far numbers hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.finding import plain, whole_percent
from ringtrue.scenario.links import (
    LinkPair,
    across_systems,
    count_links,
    inside_systems,
    is_of_several_systems,
    links_of,
)
from ringtrue.studies.compare_answer import JOINING_CHANGES, span

if TYPE_CHECKING:
    from ringtrue.scenario.records import Scenario
    from ringtrue.studies.network_records import EarlyWarning, LateStart, NetworkPair, NetworkRow
    from ringtrue.studies.network_variants import Variants
    from ringtrue.studies.raid_rows import RaidChange


def pair_words(pair: LinkPair) -> str:
    """Say what is held against what, by what the two laydowns differ in.

    >>> from ringtrue.scenario.load import load_scenario
    >>> from ringtrue.studies.network_variants import variants_of
    >>> pair_words(variants_of(load_scenario("turkey-2019")).question)
    'both-networked less both: across systems too, less each system with its own kind only'
    """
    across, more_across = (count_links(across_systems(x)) for x in pair)
    inside, more_inside = (count_links(inside_systems(x)) for x in pair)
    if more_across > across == 0:
        before = "each system with its own kind only" if inside else "every fire unit alone"
        after = "across systems too" if inside == more_inside else "inside systems and across"
    elif more_across > across:
        before, after = "fewer links across systems", "more of them"
    else:
        before = "fewer" if inside else "every fire unit alone"
        after = "more links inside systems" if is_of_several_systems(pair.joined) else "with links"
    return f"{pair.joined.id} less {pair.apart.id}: {after}, less {before}"


def answer_of(
    changes: list[RaidChange],
    raid: str,
    pairs: tuple[NetworkPair, ...],
    late: list[LateStart],
    *,
    has_friends: bool,
) -> str:
    """Say what joining changes in the raid of most classes; then, apart, what the links below that are worth."""
    found = {(c.before, c.after, c.measure): c for c in changes if c.raid == raid}
    said = []
    for pair in (p for p in pairs if p.role != "step"):
        told = (found[pair.before, pair.after, name] for name in JOINING_CHANGES if has_friends or "friend" not in name)
        parts = [f"{c.label[:1].lower()}{c.label[1:]} {span(c.difference)}" for c in told if c.difference is not None]
        start = next(x for x in late if (x.raid, x.before, x.after) == (raid, pair.before, pair.after))
        if start.later_s is not None:
            parts.append(f"first shot at a target {span(start.later_s)} s later")
        if pair.role == "question":
            said.append(f"In raid {raid}, joined ({pair.after}) less not joined ({pair.before}): {', '.join(parts)}.")
        else:
            said.append(f"The links that stay, {pair.after} less {pair.before}: {', '.join(parts)}.")
    return " ".join(said)


def null_notes(
    pair: LinkPair, changes: list[RaidChange], late: list[LateStart], warnings: list[EarlyWarning]
) -> tuple[str, ...]:
    """Say of each raid in which a pair changes no count in any draw what that rests on."""
    notes = []
    for start, heard in zip(late, warnings, strict=True):
        step = (heard.raid, heard.before, heard.after)
        if step[1:] != (pair.apart.id, pair.joined.id) or any(
            c.p_equal < 1.0 for c in changes if (c.raid, c.before, c.after) == step
        ):
            continue
        turns = (
            f"{plain(heard.radars_turned_after)} radars turn a raid" if heard.radars_turned_after else "no radar turns"
        )
        sooner = whole_percent(start.p_sooner) if start.p_sooner else "none"
        known = f"{whole_percent(heard.known_after)} of them ({whole_percent(heard.known_before)} before)"
        notes.append(
            f"In raid {heard.raid} no count of {heard.after} differs from {heard.before} in any draw: {turns}, and "
            f"{sooner} of the targets are fired at sooner, though a fire unit knows of {known}."
        )
    return tuple(notes)


def pair_notes(scenario: Scenario, pair: LinkPair) -> tuple[str, ...]:
    """Say which of the two the file does not have, and whether their links inside each system differ too."""
    given = {x.id for x in scenario.laydowns}
    made = [f"{x.id} is not in the scenario, it was made of {y.id}: {x.title}." for x, y in (pair, pair[::-1])
            if x.id not in given]  # fmt: skip
    inside, joined = (count_links(inside_systems(x)) for x in pair)
    across, more_across = (count_links(across_systems(x)) for x in pair)
    if more_across > across and inside != joined:
        made.append(
            f"{pair.joined.id} also has {joined - inside} links inside its systems that {pair.apart.id} has not; a "
            "laydown in which each system has its own kind only would tell the two apart."
        )
    return tuple(made)


def study_notes(
    scenario: Scenario,
    found: Variants,
    rows: list[NetworkRow],
    n_draws: int,
    n_replications: int,
) -> tuple[str, ...]:
    """Say how far the numbers hold."""
    remote = [v.id for v in found.laydowns if links_of(v.network)[-1]]
    on_track = (
        f"On a neighbour's track units fire in {', '.join(remote)} only"
        if remote
        else "Nobody fires on a neighbour's track"
    )
    noisiest = max(rows, key=lambda row: row.noise_share)
    size = (
        f"{n_draws} draws, {n_replications} raids played in each; intervals run from 5 to 95 % of draws. Of what "
        f"varies between draws, at most {whole_percent(noisiest.noise_share)} is luck of those few raids "
        f"({noisiest.laydown}, {noisiest.raid}); where it is more than 5 %, it is taken out of counts and of their "
        "differences."
    )
    return (
        size,
        "Same batteries, same draws, same luck of the raid in every variant; only the links differ.",
        (
            "A shared track cues the neighbour's engagement radar, and turns one with a sector: once, to the first "
            "target that it may fire at, if its unit fires at nothing as it faces. "
            f"{on_track}. Where every unit finds the raid for itself, is held by targets of its own, or stands too far "
            "off to fire, a difference of nothing rests on that and does not say that sharing is worth nothing."
        ),
        (
            "That is hindsight, in favour of sharing: no crew turns away from a side that is attacked later in the "
            "raid. A unit that has turned guides by sight over the terrain, not by its new sector, and fire on a "
            "neighbour's track does not hold a radar."
        ),
        "Latency, outage, identification delay and errors are assumptions where the scenario gives none.",
        "First fire is the first launch of the whole defence, at a friend too; first shots are told target by target.",
        (
            "Friendly engagements depend on the friendly traffic and on the weapons control of the scenario."
            if scenario.friendly
            else "No friend flies in this scenario: nothing here says what a link does for friends."
        ),
    )
