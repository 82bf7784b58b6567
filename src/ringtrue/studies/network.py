"""Cut the wire: the same batteries alone, sharing a picture, coordinating fire, identifying for each other."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ringtrue.answer import Header
from ringtrue.catalogue.records import Parameter, TargetClass
from ringtrue.catalogue.schema import fields_of
from ringtrue.engagement.answers import in_single_raids
from ringtrue.engagement.compile import SharedGeometry
from ringtrue.errors import InputError, did_you_mean
from ringtrue.finding import DRAWS, NOMINAL, finding, plain, whole_percent
from ringtrue.geo.pool import run_blocks
from ringtrue.scenario.flights import check_raids
from ringtrue.scenario.identification import ABOUT_FRIENDS, ABOUT_THE_ASKED
from ringtrue.sensing.deciding import assumed_part, decides, weigh
from ringtrue.sensing.ducting import ducting_notes
from ringtrue.sensing.rings import check_rings, posts_of
from ringtrue.sensing.run import Run, stoppable
from ringtrue.studies.compare_answer import span
from ringtrue.studies.compare_raids import Played, RaidSetting, play
from ringtrue.studies.network_late import FirstTimes, early_warning, first_times, late_start, warning_s
from ringtrue.studies.network_records import (
    EarlyWarning,
    LateStart,
    NetworkResult,
    NetworkRow,
    NetworkSweep,
    NetworkVariant,
)
from ringtrue.studies.raid_rows import RaidChange, change, changed_measures, paired

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.finding import Finding
    from ringtrue.scenario.records import Laydown, Network, Raid, Scenario

    FloatArray = NDArray[np.float64]

N_REPLICATIONS = 20
TOLD = ("leakers", "double_engagements", "rounds_fired", "friendly_engagements")
ALONE, ALONE_TITLE = "alone", "every fire unit alone: no track, no fire order, no identification from outside"


class Swept(NamedTuple):
    """A rule of the doctrine that is swept: its field there, its words, and the figure whose width it runs over."""

    rule: str
    label: str
    over: Parameter


class Setting(NamedTuple):
    """One value of one swept rule, all else as drawn."""

    swept: Swept
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
    rows = [_row(played[variant.id, raid.id], times[variant.id, raid.id]) for variant in variants for raid in raids]
    steps = list(pairwise(variants))
    if len(variants) > 2:
        steps.append((variants[0], variants[-1]))
    pairs = [(raid.id, before.id, after.id) for raid in raids for before, after in steps]
    changes = [
        _change(played[before, raid], played[after, raid], said.name)
        for raid, before, after in pairs
        for said in changed_measures()
    ]
    worst = max(raids, key=lambda r: (len({w.target for w in r.waves}), sum(w.count for w in r.waves)))
    late = [late_start(r, a, b, times[a, r].shot_s, times[b, r].shot_s) for r, a, b in pairs]
    warnings = [early_warning(r, a, b, times[a, r], times[b, r]) for r, a, b in pairs]
    ends = played[variants[0].id, worst.id], played[variants[-1].id, worst.id]
    uses = ends[0].result.uses | ends[1].result.uses
    weighed = weigh(ledger.candidates(uses), paired(ends[0].result, ends[1].result, "leakers"))
    about = f"leakers of {variants[-1].id} less {variants[0].id} in raid {worst.id}"
    behind = {a for one in played.values() for a in one.result.uses | one.result.beside_uses}
    parameters = ledger.parameters(behind)
    sweeps = _sweeps(setting, variants, worst)
    return NetworkResult(
        Header(
            command="network",
            scenario_hash=scenario.content_hash,
            catalogue_hash=run.catalogue.content_hash,
            seed=run.seed,
            n_draws=run.n_draws,
            n_replications=n_replications,
        ),
        scenario=scenario.name,
        terrain=run.model.name,
        answer=_answer(changes, worst.id, variants, late, warnings),
        variants=tuple(_variant(laydown) for laydown in variants),
        rows=tuple(rows),
        changes=tuple(changes),
        late_starts=tuple(late),
        warnings=tuple(warnings),
        sweeps=tuple(sweeps),
        assumed_share=assumed_part(weighed),
        deciding=decides(weighed).of(about),
        declared=scenario.declared,
        notes=(
            *_notes(scenario, variants, rows, run.n_draws, n_replications),
            *_null_notes(changes, late, warnings),
            *ducting_notes(site for v in variants for site in v.sites),
        ),
        title=scenario.title,
        raids={raid.id: raid.title for raid in raids},
        sweep_raid=worst.id,
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
    return NetworkVariant(
        id=laydown.id,
        title=laydown.network.title,
        units=len(laydown.units),
        shares_track=tracks,
        coordinates_fire=fire,
        identifies_for=identity,
        fires_on_shared_track=remote,
        note=laydown.note,
    )


def _all(setting: RaidSetting, variants: list[Laydown], raids: list[Raid]) -> dict[tuple[str, str], Played]:
    found: dict[tuple[str, str], Played] = {}
    alone = setting._replace(run=setting.run.on(1))

    def one(laydown: Laydown, i: int) -> None:
        found[laydown.id, raids[i].id] = play(alone, laydown, raids[i].id)

    for i, laydown in enumerate(variants):
        setting.run.tell("playing the raids", i, len(variants))
        run_blocks(partial(one, laydown), len(raids), setting.run.threads)
    return found


def _row(played: Played, times: FirstTimes) -> NetworkRow:
    row = played.row
    warning = {}
    for uid, values in warning_s(times).items():
        known = values[DRAWS][np.isfinite(values[DRAWS])]
        nominal = float(values[NOMINAL])
        found = finding(f"warning of {uid}", "s", known, nominal=nominal) if known.size else None
        warning[uid] = None if found is None else in_single_raids(found, known)
    return NetworkRow(**{f.name: getattr(row, f.name) for f in fields(row)}, warning_s=warning)


def _change(before: Played, after: Played, name: str) -> RaidChange:
    return change(before.result, after.result, name, (before.laydown, after.laydown))


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
    """Every rule of identification at its least, nominal and greatest value, for the first and the last variant.

    Each is a run of its own: what it holds must not stand in the ledger of the study in place of what was drawn.
    """
    ends = (variants[0], variants[-1])
    asked = [Setting(swept, value) for swept in swept_rules(setting, raid) for value in _values(swept.over)]
    found: dict[tuple[str, int], Played] = {}

    def one(at: int, i: int) -> None:
        fixed = setting._replace(run=replace(setting.run, threads=1), scenario=_fixed(setting.scenario, asked[at]))
        found[ends[i].id, at] = play(fixed, ends[i], raid.id)

    for at in range(len(asked)):
        setting.run.tell("sweeping identification", at, len(asked))
        run_blocks(partial(one, at), len(ends), setting.run.threads)
    return [
        _swept_row(at, found[ends[0].id, i], found[laydown.id, i]) for i, at in enumerate(asked) for laydown in ends
    ]


def _swept_row(at: Setting, first: Played, here: Played) -> NetworkSweep:
    values: dict[str, Finding | None] = {said.name: getattr(here.row, said.name) for said in changed_measures()}
    return NetworkSweep(
        setting=at.swept.rule,
        label=at.swept.label,
        unit=at.swept.over.si,
        value=at.value,
        laydown=here.laydown,
        raid=here.result.raid,
        values=values,
        less_first_variant={name: _change(first, here, name).difference for name in values},
    )


def swept_rules(setting: RaidSetting, raid: Raid) -> list[Swept]:
    """Return the rules of identification that the raid is asked about, read from the doctrine and from its classes.

    A rule that the scenario does not give runs over the width of the class's own figure, the widest of those that take
    part: of hostile classes that are asked who they are, and of friendly classes.
    """
    classes = setting.run.catalogue.targets
    hostile = [classes[w.target] for w in raid.waves if classes[w.target].kind != "ballistic"]
    friends = [classes[f.target] for f in setting.scenario.friendly]
    specs = {spec.name: spec for spec in fields_of(TargetClass)}
    found = []
    for rules, targets in ((ABOUT_THE_ASKED, hostile), (ABOUT_FRIENDS, friends)):
        for rule, figure in rules.items():
            own: Parameter | None = getattr(setting.scenario.doctrine, rule)
            widest = max((getattr(t, figure) for t in targets), key=lambda p: p.high, default=None)
            if widest is not None:
                label = specs[figure].label
                found.append(Swept(rule, label[:1].lower() + label[1:], own or widest))
    return found


def _values(parameter: Parameter) -> tuple[float, ...]:
    return tuple(dict.fromkeys((parameter.low, parameter.nominal, parameter.high)))


def _fixed(scenario: Scenario, setting: Setting) -> Scenario:
    """Hold one rule of the doctrine at one value."""
    rule, label, over = setting.swept
    value = setting.value
    held = Parameter(
        f"sweep.{rule}", value, value, value, over.si, f"{value:g} {over.si}", "fixed", None, "assumed", "none",
        note=f"swept: {label}",
    )  # fmt: skip
    changed: dict[str, Any] = {rule: held}
    return replace(scenario, doctrine=replace(scenario.doctrine, **changed))


def _answer(
    changes: list[RaidChange],
    raid: str,
    variants: list[Laydown],
    late: list[LateStart],
    warnings: list[EarlyWarning],
) -> str:
    first, last = variants[0], variants[-1]
    whole_way = {c.measure: c for c in changes if (c.raid, c.before, c.after) == (raid, first.id, last.id)}
    told = (whole_way[name] for name in TOLD)
    parts = [f"{c.label[:1].lower()}{c.label[1:]} by {span(c.difference)}" for c in told if c.difference is not None]
    whole = next(x for x in late if (x.raid, x.before, x.after) == (raid, first.id, last.id))
    if whole.later_s is not None:
        parts.append(f"the first shot at a target by {span(whole.later_s)} s")
    heard = next(x for x in warnings if (x.raid, x.before, x.after) == (raid, first.id, last.id))
    known = f"{whole_percent(heard.known_after)} of the targets instead of {whole_percent(heard.known_before)}"
    sooner = "" if heard.sooner_s is None else f", and of those known either way {span(heard.sooner_s)} s sooner"
    return (
        f"In raid {raid}, joining all units that stood alone changes {'; '.join(parts)}. A fire unit knows of {known}"
        f"{sooner}."
    )


def _null_notes(changes: list[RaidChange], late: list[LateStart], warnings: list[EarlyWarning]) -> tuple[str, ...]:
    """Say of each raid in which a step changes no count in any draw what that rests on."""
    notes = []
    for start, heard in zip(late, warnings, strict=True):
        step = (heard.raid, heard.before, heard.after)
        if any(c.p_equal < 1.0 for c in changes if (c.raid, c.before, c.after) == step):
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


def _notes(
    scenario: Scenario,
    variants: list[Laydown],
    rows: list[NetworkRow],
    n_draws: int,
    n_replications: int,
) -> tuple[str, ...]:
    remote = [v.id for v in variants if _links(v.network)[-1]]
    on_track = (
        f"On a neighbour's track units fire in {', '.join(remote)} only"
        if remote
        else "Nobody fires on a neighbour's track"
    )
    noisiest = max(rows, key=lambda row: row.noise_share)
    size = (
        f"{n_draws} draws, {n_replications} replications; intervals run from 5 to 95 % of draws; luck left in the mean "
        f"leakers is at most {whole_percent(noisiest.noise_share)} of the variance between draws "
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
    )
