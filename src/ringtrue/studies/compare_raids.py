"""Raids for a comparison: means over replications for every laydown, on the same draws and the same luck."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.engagement.answers import (
    count_answer,
    friendly_losses,
    friendly_losses_on_record,
    leak_share,
    p_no_leaker,
)
from ringtrue.engagement.compile import stage_raid
from ringtrue.engagement.kill_grid import KillGrid
from ringtrue.engagement.raid import play_stage
from ringtrue.finding import Finding, finding
from ringtrue.studies.compare_records import KillCurve, RaidRow
from ringtrue.studies.published_kill import published_kill

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.engagement.answers import Answer
    from ringtrue.engagement.compile import SharedGeometry
    from ringtrue.scenario.records import Laydown, Scenario
    from ringtrue.sensing.ledger import Ledger
    from ringtrue.sensing.run import Run
    from ringtrue.studies.published_kill import PublishedKill

    FloatArray = NDArray[np.float64]

KILL_GRID = (0.1, 0.3, 0.45, 0.6, 0.8, 1.0)
KILL_MIDDLE = 0.6
CURVE_DRAWS = 40
CURVE_REPLICATIONS = 10
PUBLISHED_REPLICATIONS = 10
_PLAIN = (
    "leakers",
    "friendly engagements",
    "friendly kills",
    "double engagements",
    "wasted rounds",
)


class RaidSetting(NamedTuple):
    """What is the same for every raid of a comparison, the draws and the luck above all."""

    scenario: Scenario
    run: Run
    n_replications: int
    shared: SharedGeometry | None = None


@dataclass(frozen=True)
class Played:
    """One laydown against one raid: means over replications, (draw,) by name, and what was drawn.

    ``curve`` (point, draw'): mean leakers at the kill probabilities of `KILL_GRID`, None where
    it was not asked for.
    """

    laydown: str
    raid: str
    n_targets: int
    means: dict[str, FloatArray]
    by_class: dict[str, Answer]
    by_asset: dict[str, Answer]
    by_round: dict[str, FloatArray]
    answers: dict[str, Answer]
    curve: FloatArray | None
    ledger: Ledger
    uses: frozenset[str]
    beside_uses: frozenset[str]
    notes: tuple[str, ...]
    published: PublishedKill | None = None
    by_replication: dict[str, NDArray[np.float32]] = field(default_factory=dict)  # (draw, replication) by name
    friendly_losses: Finding | None = None
    friendly_losses_2003: Finding | None = None


def play(
    setting: RaidSetting, laydown: Laydown, raid_id: str, *, with_curve: bool = False, with_published: bool = False
) -> Played:
    """Play one raid against one laydown, which need not be one of the file.

    Parameters
    ----------
    laydown : Laydown
        Units and network; random numbers are keyed by the uids of units and targets, so two laydowns meet the same
        raid with the same luck, and units of one uid have the same luck too.
    with_curve : bool
        Play it at fixed kill probabilities as well, on the first `CURVE_DRAWS` draws.
    with_published : bool
        Play the first `PUBLISHED_REPLICATIONS` replications with published kill probabilities as well.
    """
    scenario = replace(setting.scenario, laydowns=(laydown,))
    stage = stage_raid(scenario, laydown.id, raid_id, setting.run, shared=setting.shared)
    grid = KillGrid(KILL_GRID, CURVE_DRAWS, min(CURVE_REPLICATIONS, setting.n_replications)) if with_curve else None
    result = play_stage(
        stage, n_replications=setting.n_replications, kill_grid=grid,
        published_replications=PUBLISHED_REPLICATIONS if with_published else 0,
    )  # fmt: skip
    by_round = {name: result.of(f"rounds of {name}") for name in result.interceptors}
    means = {name: result.of(name) for name in _PLAIN} | {
        "p_no_leaker": result.no_leaker,
        "first_fire_s": result.first_fire_s,
        "rounds_fired": np.sum(list(by_round.values()), axis=0) if by_round else np.zeros(result.n_draws),
        "cost_defender_usd": result.cost_defence_usd,
        "cost_attacker_usd": result.cost_attack_usd,
    }
    flown = zip(result.classes, result.hostile_by_class, strict=True)
    answers = {name: count_answer(result, name) for name in _PLAIN}
    lost = friendly_losses(result)
    return Played(
        laydown.id, raid_id, result.n_hostile, means,
        {name: count_answer(result, f"leakers of class {name}") for name, n in flown if n},
        {name: count_answer(result, f"hits on asset {name}") for name in result.assets},
        by_round, answers | {"leak_share": leak_share(result), "p_no_leaker": p_no_leaker(result)},
        result.leakers_at if with_curve else None,
        result.ledger, result.uses, result.beside_uses, stage.notes,
        published_kill(result, setting.run.catalogue), result.by_replication,
        None if lost is None else lost.finding, friendly_losses_on_record(result),
    )  # fmt: skip


def raid_row(played: Played) -> RaidRow:
    """Turn the means of one raid into findings, each with the parameters behind it."""
    means, inputs = played.means, inputs_of(played)
    money = played.ledger.addresses(played.uses | played.beside_uses)
    first = means["first_fire_s"][np.isfinite(means["first_fire_s"])]
    attacker = means["cost_attacker_usd"]
    has_cost = played.n_targets > 0 and bool((attacker > 0.0).all())
    answers = _findings(played.answers, inputs)
    exchange = None
    if has_cost:
        exchange = finding("defender's cost over attacker's", "1", means["cost_defender_usd"] / attacker, money)
    return RaidRow(
        laydown=played.laydown,
        raid=played.raid,
        n_targets=played.n_targets,
        leakers=answers["leakers"],
        leak_share=answers["leak_share"],
        p_no_leaker=answers["p_no_leaker"],
        leakers_by_class=_findings(played.by_class, inputs),
        leakers_by_asset=_findings(played.by_asset, inputs),
        rounds_fired=finding("rounds fired", "1", means["rounds_fired"], inputs),
        rounds_by_type={k: finding(f"rounds of {k}", "1", values, inputs) for k, values in played.by_round.items()},
        double_engagements=answers["double engagements"],
        wasted_rounds=answers["wasted rounds"],
        friendly_engagements=answers["friendly engagements"],
        friendly_kills=answers["friendly kills"],
        first_fire_s=finding("first fire", "s", first, inputs) if first.size else None,
        cost_defender_usd=finding("cost of rounds", "USD", means["cost_defender_usd"], money),
        cost_attacker_usd=finding("cost of targets", "USD", attacker, money),
        cost_exchange=exchange,
        noise_share=played.answers["leakers"].noise_share,
        draws={**means},
        friendly_losses_per_pass=played.friendly_losses,
        friendly_losses_per_pass_2003=played.friendly_losses_2003,
    )


def inputs_of(played: Played) -> tuple[str, ...]:
    """Return the addresses of the figures that a raid depends on."""
    return played.ledger.addresses(played.uses)


def _findings(answers: dict[str, Answer], inputs: tuple[str, ...]) -> dict[str, Finding]:
    return {name: replace(answer.finding, inputs=inputs) for name, answer in answers.items()}


def kill_curve(played: Played) -> KillCurve | None:
    """Return the curve over kill probability, if it was played."""
    if played.curve is None:
        return None
    return KillCurve(
        played.laydown,
        played.raid,
        KILL_GRID,
        tuple(finding("leakers", "1", row, inputs_of(played)) for row in played.curve),
    )
