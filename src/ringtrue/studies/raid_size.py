"""The same raid at growing size: from which size on most of what is added gets through, and for want of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ringtrue.answer import hidden, key, measure, table, words
from ringtrue.engagement.answers import knee
from ringtrue.engagement.case import LEAK_CAUSES
from ringtrue.finding import Finding, finding, plain, whole_percent
from ringtrue.scenario.load import changed
from ringtrue.studies.raid_rows import RaidRow, count_finding, raid_row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ringtrue.engagement.raid import RaidResult
    from ringtrue.scenario.records import Scenario
    from ringtrue.sensing.run import Run

    Play = Callable[..., RaidResult]

LEAST_SHARE, LEAST_COUNT = 0.005, 0.05
CAUSE_WORDS = {
    "leakers_never_in_reach": "were never in reach",
    "leakers_shot_at_in_vain": "were shot at in vain",
    "leakers_by_a_common_cause": "got through by a common cause",
    "leakers_without_a_free_channel": "found no free channel",
    "leakers_without_a_round_left": "found no round left",
}


@dataclass(frozen=True, slots=True)
class SizePoint:
    """One size of a raid."""

    size: float = key("Targets in the raid")
    leakers: Finding = measure("1", "Leakers", better="less", form="count", one_raid="always")
    leak_causes: dict[str, Finding] = measure(
        "1", "Share of the leakers that each cause let through", "By the count of the raid; mean over the raids of a "
        "draw, over the draws that leak.",
        form="percent",
    )  # fmt: skip
    row: RaidRow = hidden()


@dataclass(frozen=True)
class Sweep:
    """One laydown against a raid of growing size: mean leakers over draws, and the knee of their median."""

    laydown: str = key("Laydown")
    raid: str = key("Raid")
    setting: str = words("Key of the scenario that grows")
    is_endless: bool = key("Magazines without end", "Only reach, channels and kill probability bind then.")
    points: tuple[SizePoint, ...] = table("Size by size")
    knee: float | None = measure(
        "1", "Knee", "First size from which more than half of every further target leaks; null: there is none.",
        digits=None,
    )  # fmt: skip

    @property
    def magazine_words(self) -> str:
        """Say which magazines."""
        return "magazines without end" if self.is_endless else "magazines as they are"

    @property
    def knee_words(self) -> str:
        """Say from where more than half of every further target leaks, and what the leakers of the last size lacked."""
        first, last = self.points[0], self.points[-1]
        if self.knee is not None:
            text = f"from {self.knee:.0f} targets on, more than half of every further one leaks"
        elif float(np.median(first.row.draws["leakers"])) > 0.5 * first.size:
            text = f"more than half of {first.size:.0f} targets leak already"
        else:
            text = f"no knee between {first.size:.0f} and {last.size:.0f} targets"
        shares = [
            f"{whole_percent(found.median)} {CAUSE_WORDS[name]}"
            for name, found in last.leak_causes.items()
            if found.median >= LEAST_SHARE
        ]
        return f"{text}; of the leakers at {last.size:.0f}, {', '.join(shares)}" if shares else text


def why_words(row: RaidRow) -> str:
    """Say why targets get through, cause by cause, the most frequent first; empty where none does."""
    found = {words: getattr(row, name).median for name, words in CAUSE_WORDS.items()}
    told = sorted(((value, words) for words, value in found.items() if value >= LEAST_COUNT), reverse=True)
    return ", ".join(f"{plain(value, 2)} {words}" for value, words in told)


def leak_causes(result: RaidResult) -> dict[str, Finding]:
    """Share of the leakers of a raid that each cause let through, over the draws that leak; greatest first."""
    leakers = result.of("leakers")
    if not (leakers > 0.0).any():
        return {}
    leaks = leakers > 0.0
    middle, shares = result.nominal, {}
    for name in LEAK_CAUSES:
        nominal = None
        if middle is not None and middle.of("leakers")[0] > 0.0:
            nominal = float(middle.of(name)[0] / middle.of("leakers")[0])
        shares[name] = finding(name, "1", result.of(name)[leaks] / leakers[leaks], nominal=nominal)
    return dict(sorted(shares.items(), key=lambda pair: -pair[1].median))


def size_point(size: float, result: RaidResult) -> SizePoint:
    """Return what a raid of one size came to."""
    return SizePoint(size, count_finding(result, "leakers"), leak_causes(result), raid_row(result))


def sweeps_over_size(
    scenario: Scenario,
    known: Any,
    laydowns: Sequence[str],
    raids: Sequence[str],
    play: Play,
    run: Run,
) -> list[Sweep]:
    """Play the sweep of a study over the size of one of its raids, with magazines as they are and without end.

    Parameters
    ----------
    play : callable
        Plays (scenario, laydown, raid, endless=...).

    Notes
    -----
    Without end, the knee is where the fire channels fill; as they are, it may be where the rounds are gone. A sweep
    over anything else than the count of a wave belongs to another study: the list is empty.
    """
    plan = scenario.study.sweep
    if plan is None or not plan.setting.startswith("raid.") or not plan.setting.endswith(".count"):
        return []
    raid = next((r for r in raids if f".{r}." in plan.setting), None)
    if raid is None:
        return []
    grown = [changed(scenario, [f"{plan.setting}={value}"], known) for value in plan.values]
    sizes = np.array([float(v) for v in plan.values])
    found = []
    for laydown in laydowns:
        for is_endless in (False, True) if scenario.laydown(laydown).units else (False,):
            played = []
            for i, other in enumerate(grown):
                run.tell(f"growing the raid on {laydown}", i, len(grown))
                played.append(play(other, laydown, raid, endless=is_endless))
            bend = knee(sizes, np.array([float(np.median(r.of("leakers"))) for r in played]))
            points = tuple(size_point(size, one) for size, one in zip(sizes.tolist(), played, strict=True))
            found.append(Sweep(laydown, raid, plan.setting, is_endless, points, bend))
    return found
