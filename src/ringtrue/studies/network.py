"""Cut the wire: the same batteries alone, sharing a picture, coordinating fire, identifying for each other."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ringtrue.catalogue.records import Parameter
from ringtrue.engagement.answers import less_luck
from ringtrue.engagement.compile import SharedGeometry
from ringtrue.errors import InputError, did_you_mean
from ringtrue.finding import finding, plain, whole_percent
from ringtrue.geo.pool import run_blocks
from ringtrue.scenario.flights import check_raids
from ringtrue.sensing.deciding import assumed_part, decides, weigh
from ringtrue.sensing.ducting import ducting_notes
from ringtrue.sensing.rings import check_rings, posts_of
from ringtrue.sensing.run import Run, stoppable
from ringtrue.studies.compare_answer import span
from ringtrue.studies.compare_raids import Played, RaidSetting, play, raid_row
from ringtrue.studies.network_late import FirstTimes, early_warning, first_times, late_start, warning_s
from ringtrue.studies.network_records import (
    MEASURES,
    EarlyWarning,
    LateStart,
    NetworkChange,
    NetworkResult,
    NetworkRow,
    NetworkSweep,
    NetworkVariant,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.scenario.records import Laydown, Network, Raid, Scenario

    FloatArray = NDArray[np.float64]

N_REPLICATIONS = 20
SWEPT: dict[str, tuple[str, str, str]] = {
    "identification_delay_s": (
        "identification delay of all but ballistic targets", "s", "identification-delay-aircraft",
    ),
    "p_friendly_taken_for_hostile": (
        "chance that a friend is taken for a foe, by a unit alone", "1", "identification-error-friendly-aircraft",
    ),
    "p_hostile_taken_for_friendly": (
        "chance that a foe is taken for a friend", "1", "identification-error-hostile-aircraft",
    ),
}  # fmt: skip
"""Rule of the doctrine → words, unit, and the assumption whose width it is swept over where the file has none."""
AT_FRIENDS = "p_friendly_taken_for_hostile"  # moves nothing where no friend flies
ALONE, ALONE_TITLE = "alone", "every fire unit alone: no track, no fire order, no identification from outside"


class Setting(NamedTuple):
    """One value of one swept assumption, all else as drawn."""

    field: str
    value: float


@stoppable
def network(
    scenario: Scenario,
    run: Run,
    *,
    laydown_ids: tuple[str, ...] | None = None,
    raid_ids: tuple[str, ...] | None = None,
    n_replications: int = N_REPLICATIONS,
) -> NetworkResult:
    """Play the same raids against the same fire units with one link more each time.

    Parameters
    ----------
    scenario : Scenario
        Laydowns that differ by their network alone; a variant in which every unit is alone is put before them.
    run : Run
        Figures, ground and draws.
    laydown_ids : tuple of str, optional
        Which laydowns; default: the largest group of the file with the same units and different networks.
    raid_ids : tuple of str, optional
        Which raids; default those of the study.

    Raises
    ------
    InputError
        No two laydowns of the file differ by their network alone, those asked for have different units, or a raid that
        the file does not have.

    Notes
    -----
    Every difference is taken draw by draw on the same draws, the same raid luck and, for a fire unit of one uid, the
    same luck of its radars. Sweeps hold one assumption at its least, nominal and greatest value, in the raid of most
    classes; everything else stays as drawn.
    """
    variants = variants_of(scenario, laydown_ids)
    known = [r.id for r in scenario.raids]
    for name in raid_ids or ():
        if name not in known:
            msg = f"--raid {name!r} is not in the scenario{did_you_mean(name, known)}; it has {', '.join(known)}"
            raise InputError(msg)
    raids = [scenario.raid(name) for name in raid_ids or scenario.study.raids or known]
    if not raids:
        msg = f"scenario {scenario.name!r} has no [[raid]]: add one, to see what the links change"
        raise InputError(msg)
    check_raids(scenario, variants, [raid.id for raid in raids], run.model)
    check_rings(run.model, run.catalogue, posts_of(variants))
    ledger = run.ledger
    setting = RaidSetting(scenario, run, n_replications, SharedGeometry())
    played = _all(setting, variants, raids)
    times = _first_times(setting, variants, raids)
    rows = [
        _row(variant, raid, played[variant.id, raid.id], times[variant.id, raid.id])
        for variant in variants
        for raid in raids
    ]
    steps = list(pairwise(variants))
    if len(variants) > 2:
        steps.append((variants[0], variants[-1]))
    pairs = [(raid.id, before.id, after.id) for raid in raids for before, after in steps]
    changes = [
        _change(raid.id, before, after, measure, played)
        for raid in raids
        for before, after in steps
        for measure in MEASURES
    ]
    worst = max(raids, key=lambda r: (len({w.target for w in r.waves}), sum(w.count for w in r.waves)))
    late = [late_start(r, a, b, times[a, r].shot_s, times[b, r].shot_s) for r, a, b in pairs]
    warnings = [early_warning(r, a, b, times[a, r], times[b, r]) for r, a, b in pairs]
    sweeps = _sweeps(setting, variants, worst)
    ends = played[variants[0].id, worst.id], played[variants[-1].id, worst.id]
    weighed = weigh(ledger.candidates(ends[0].uses | ends[1].uses), _paired(*ends, "leakers"))
    verdict = decides(weighed)
    parameters = ledger.parameters({a for one in played.values() for a in one.uses | one.beside_uses})
    return NetworkResult(
        name=scenario.name,
        title=scenario.title,
        scenario_hash=scenario.content_hash,
        catalogue_hash=run.catalogue.content_hash,
        terrain=run.model.name,
        seed=run.seed,
        n_draws=run.n_draws,
        n_replications=n_replications,
        variants=tuple(_variant(laydown) for laydown in variants),
        raids={raid.id: raid.title for raid in raids},
        rows=tuple(rows),
        changes=tuple(changes),
        late_starts=tuple(late),
        warnings=tuple(warnings),
        sweeps=tuple(sweeps),
        sweep_raid=worst.id,
        answer=_answer(played, variants, worst.id, late, warnings),
        assumed_share=assumed_part(weighed),
        deciding=verdict,
        deciding_row=f"leakers of {variants[-1].id} less {variants[0].id} in raid {worst.id}",
        declared=scenario.declared,
        variant_notes=variant_notes(variants),
        notes=(
            *_notes(scenario, variants, played, run.n_draws, n_replications),
            *_null_notes(changes, late, warnings),
            *ducting_notes(site for v in variants for site in v.sites),
        ),
        parameters=parameters,
        sources=run.catalogue.sources_of(parameters),
    )


def variants_of(scenario: Scenario, wanted: tuple[str, ...] | None = None) -> list[Laydown]:
    """Laydowns of one set of units, the one without any link first, then by their number of links."""
    if wanted:
        known = {x.id: x for x in scenario.laydowns}
        missing = [name for name in wanted if name not in known]
        if missing:
            msg = f"scenario {scenario.name!r} has no laydown {missing[0]!r}; it has: {', '.join(known)}"
            raise InputError(msg)
        group = [known[name] for name in wanted]
        if len({_stand(x) for x in group}) > 1:
            msg = f"scenario {scenario.name!r}: laydowns {', '.join(wanted)} differ in units; name some that do not"
            raise InputError(msg)
    else:
        groups: dict[object, list[Laydown]] = {}
        for laydown in scenario.laydowns:
            if len(laydown.units) > 1:
                groups.setdefault(_stand(laydown), []).append(laydown)
        group = max(groups.values(), key=lambda g: len({_links(x.network) for x in g}), default=[])
    distinct = list({_links(x.network): x for x in reversed(group)}.values())
    if not group or (not wanted and len(distinct) < 2):
        msg = f"scenario {scenario.name!r} has no two laydowns that differ by their network alone: add one"
        raise InputError(msg)
    distinct.sort(key=lambda x: sum(len(links) for links in _links(x.network)))
    if any(_links(distinct[0].network)):
        cut = replace(
            distinct[0].network, id=ALONE, title=ALONE_TITLE, shares_track=frozenset(), coordinates_fire=frozenset(),
            identifies_for=frozenset(), fires_on_shared_track=frozenset(),
        )  # fmt: skip
        distinct.insert(0, replace(distinct[0], id=ALONE, title=ALONE_TITLE, network=cut))
    return distinct


def _stand(laydown: Laydown) -> object:
    """Units without their network: what stands where with which rounds."""
    return tuple(replace(unit, network=None) for unit in laydown.units)


def _links(network: Network) -> tuple[frozenset[tuple[str, str]], ...]:
    remote = network.fires_on_shared_track & network.shares_track
    return (network.shares_track, network.coordinates_fire, network.identifies_for, remote)


def _variant(laydown: Laydown) -> NetworkVariant:
    tracks, fire, identity, remote = (len(links) for links in _links(laydown.network))
    return NetworkVariant(laydown.id, laydown.network.title, len(laydown.units), tracks, fire, identity, remote)


def _all(setting: RaidSetting, variants: list[Laydown], raids: list[Raid]) -> dict[tuple[str, str], Played]:
    found: dict[tuple[str, str], Played] = {}
    alone = setting._replace(run=setting.run.on(1))

    def one(laydown: Laydown, i: int) -> None:
        found[laydown.id, raids[i].id] = play(alone, laydown, raids[i].id)

    for i, laydown in enumerate(variants):
        setting.run.tell("playing the raids", i, len(variants))
        run_blocks(partial(one, laydown), len(raids), setting.run.threads)
    return found


def _row(laydown: Laydown, raid: Raid, played: Played, times: FirstTimes) -> NetworkRow:
    row = raid_row(played)
    warning = {
        uid: finding(f"warning of {uid}", "s", known) if (known := values[np.isfinite(values)]).size else None
        for uid, values in warning_s(times).items()
    }
    return NetworkRow(
        laydown.id, raid.id, row.n_targets, row.leakers, row.rounds_fired, row.double_engagements, row.wasted_rounds,
        row.first_fire_s, row.friendly_engagements, row.friendly_kills, row.cost_defender_usd, row.noise_share, warning,
        row.friendly_losses_per_pass, row.friendly_losses_per_pass_2003,
    )  # fmt: skip


def _paired(before: Played, after: Played, measure: str) -> FloatArray:
    """Difference draw by draw, the luck of few replications taken out where the count is kept by replication."""
    difference = after.means[measure] - before.means[measure]
    if measure in after.by_replication:
        difference = less_luck(difference, after.by_replication[measure], before.by_replication[measure]).values
    return difference[np.isfinite(difference)]


def _change(
    raid: str, before: Laydown, after: Laydown, measure: str, played: dict[tuple[str, str], Played]
) -> NetworkChange:
    label, unit = MEASURES[measure]
    difference = _paired(played[before.id, raid], played[after.id, raid], measure)
    values = difference if difference.size else np.zeros(1)
    return NetworkChange(
        raid, before.id, after.id, measure, label, unit, finding(label, unit, values),
        float((values < 0.0).mean()), float((values == 0.0).mean()),
    )  # fmt: skip


def _first_times(setting: RaidSetting, variants: list[Laydown], raids: list[Raid]) -> dict[tuple[str, str], FirstTimes]:
    found: dict[tuple[str, str], FirstTimes] = {}
    alone = setting._replace(run=setting.run.on(1))

    def one(laydown: Laydown, i: int) -> None:
        found[laydown.id, raids[i].id] = first_times(alone, laydown, raids[i].id)

    for i, laydown in enumerate(variants):
        setting.run.tell("timing tracks and first shots", i, len(variants))
        run_blocks(partial(one, laydown), len(raids), setting.run.threads)
    return found


def _sweeps(setting: RaidSetting, variants: list[Laydown], raid: Raid) -> list[NetworkSweep]:
    """Every swept assumption at its least, nominal and greatest value, for the first and the last variant."""
    ends = (variants[0], variants[-1])
    swept = [field for field in SWEPT if setting.scenario.friendly or field != AT_FRIENDS]
    asked = [Setting(field, value) for field in swept for value in _values(setting, field)]
    found: dict[tuple[str, int], Played] = {}

    def one(at: int, i: int) -> None:
        fixed = setting._replace(run=setting.run.on(1), scenario=_fixed(setting.scenario, asked[at]))
        found[ends[i].id, at] = play(fixed, ends[i], raid.id)

    for at in range(len(asked)):
        setting.run.tell("sweeping identification", at, len(asked))
        run_blocks(partial(one, at), len(ends), setting.run.threads)
    rows = []
    for at, (field, value) in enumerate(asked):
        for laydown in ends:
            means = found[laydown.id, at].means
            label, unit, _ = SWEPT[field]
            rows.append(
                NetworkSweep(
                    field, label, unit, value, laydown.id, raid.id,
                    {name: finding(words, u, _known(means[name])) for name, (words, u) in MEASURES.items()},
                    {
                        name: finding(words, u, _paired_or_zero(found[ends[0].id, at], found[laydown.id, at], name))
                        for name, (words, u) in MEASURES.items()
                    },
                )
            )  # fmt: skip
    return rows


def _known(values: FloatArray) -> FloatArray:
    known = values[np.isfinite(values)]
    return known if known.size else np.zeros(1)


def _paired_or_zero(before: Played, after: Played, measure: str) -> FloatArray:
    return _known(_paired(before, after, measure))


def _values(setting: RaidSetting, field: str) -> tuple[float, ...]:
    parameter = _parameter(setting, field)
    return tuple(dict.fromkeys((parameter.low, parameter.nominal, parameter.high)))


def _parameter(setting: RaidSetting, field: str) -> Parameter:
    own: Parameter | None = getattr(setting.scenario.doctrine, field)
    return own or setting.run.catalogue.assumptions[SWEPT[field][2]]


def _fixed(scenario: Scenario, setting: Setting) -> Scenario:
    """Hold one assumption of the doctrine at one value."""
    label, unit, _ = SWEPT[setting.field]
    value = setting.value
    held = Parameter(
        f"sweep.{setting.field}", value, value, value, unit, f"{value:g} {unit}", "fixed", None, "assumed", "none",
        note=f"swept: {label}",
    )  # fmt: skip
    changed: dict[str, Any] = {setting.field: held}
    return replace(scenario, doctrine=replace(scenario.doctrine, **changed))


def _answer(
    played: dict[tuple[str, str], Played],
    variants: list[Laydown],
    raid: str,
    late: list[LateStart],
    warnings: list[EarlyWarning],
) -> str:
    first, last = variants[0], variants[-1]
    parts = []
    for measure in ("leakers", "double engagements", "rounds_fired", "friendly engagements"):
        label, unit = MEASURES[measure]
        found = finding(label, unit, _paired_or_zero(played[first.id, raid], played[last.id, raid], measure))
        parts.append(f"{label} by {span(found)}")
    whole = next(x for x in late if (x.raid, x.before, x.after) == (raid, first.id, last.id))
    parts.append(f"the first shot at a target by {span(whole.later_s)} s")
    heard = next(x for x in warnings if (x.raid, x.before, x.after) == (raid, first.id, last.id))
    return (
        f"In raid {raid}, joining all units that stood alone changes {'; '.join(parts)}. A fire unit knows of "
        f"{whole_percent(heard.known_after)} of the targets instead of {whole_percent(heard.known_before)}, and of "
        f"those known either way {span(heard.sooner_s)} s sooner."
    )


def _null_notes(changes: list[NetworkChange], late: list[LateStart], warnings: list[EarlyWarning]) -> tuple[str, ...]:
    """Say of each raid in which a step changes no count in any draw what that rests on."""
    notes = []
    for start, heard in zip(late, warnings, strict=True):
        step = (heard.raid, heard.before, heard.after)
        if any(c.p_equal < 1.0 for c in changes if (c.raid, c.before, c.after) == step):
            continue
        turns = f"{plain(heard.turned_after)} radars turn a raid" if heard.turned_after else "no radar turns"
        sooner = whole_percent(start.p_sooner) if start.p_sooner else "none"
        known = f"{whole_percent(heard.known_after)} of them ({whole_percent(heard.known_before)} before)"
        notes.append(
            f"In raid {heard.raid} no count of {heard.after} differs from {heard.before} in any draw: {turns}, and "
            f"{sooner} of the targets are fired at sooner, though a fire unit knows of {known}."
        )
    return tuple(notes)


def variant_notes(variants: list[Laydown]) -> tuple[str, ...]:
    """Return what the scenario says of its variants, each sentence once with the first variant that it is said of."""
    first: dict[str, str] = {}
    for variant in variants:
        if variant.note:
            first.setdefault(variant.note, variant.id)
    return tuple(f"{name}: {note.rstrip('.')}." for note, name in first.items())


def _notes(
    scenario: Scenario,
    variants: list[Laydown],
    played: dict[tuple[str, str], Played],
    n_draws: int,
    n_replications: int,
) -> tuple[str, ...]:
    remote = [v.id for v in variants if _links(v.network)[-1]]
    on_track = (
        f"On a neighbour's track units fire in {', '.join(remote)} only"
        if remote
        else "Nobody fires on a neighbour's track"
    )
    noisiest = max(played.values(), key=lambda one: one.answers["leakers"].noise_share)
    size = (
        f"{n_draws} draws, {n_replications} replications; intervals run from 5 to 95 % of draws; luck left in the mean "
        f"leakers is at most {whole_percent(noisiest.answers['leakers'].noise_share)} of the variance between draws "
        f"({noisiest.laydown}, {noisiest.raid}); above 5 % it is taken out of counts and of differences of counts."
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
        *variant_notes(variants),
    )
