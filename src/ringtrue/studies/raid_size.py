"""The same raid at growing size: from which size on most of what is added gets through, and for want of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ringtrue.engagement.answers import count_answer, knee
from ringtrue.engagement.case import LEAK_CAUSES
from ringtrue.finding import Finding, finding
from ringtrue.scenario.load import load_scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ringtrue.engagement.answers import Answer
    from ringtrue.engagement.raid import RaidResult
    from ringtrue.scenario.records import Scenario
    from ringtrue.sensing.run import Run

    Play = Callable[..., RaidResult]

LEAST_SHARE = 0.005
CAUSE_WORDS = {
    "leakers never in reach": "were never in reach",
    "leakers shot at in vain": "were shot at in vain",
    "leakers by a common cause": "got through by a common cause",
    "leakers without a free channel": "found no free channel",
    "leakers without a round left": "found no round left",
}


@dataclass(frozen=True)
class Sweep:
    """One laydown against a raid of growing size: mean leakers over draws, and the knee of their median.

    ``is_endless``: played with magazines without end, so that only reach, channels and kill probability bind.
    """

    laydown: str
    raid: str
    setting: str
    sizes: tuple[float, ...]
    results: tuple[RaidResult, ...]
    knee: float | None
    is_endless: bool

    @property
    def magazine_words(self) -> str:
        """Say which magazines."""
        return "magazines without end" if self.is_endless else "magazines as they are"

    @property
    def knee_words(self) -> str:
        """Say from where more than half of every further target leaks, and what the leakers of the last size lacked."""
        if self.knee is not None:
            text = f"from {self.knee:.0f} targets on, more than half of every further one leaks"
        elif float(np.median(self.results[0].of("leakers"))) > 0.5 * self.sizes[0]:
            text = f"more than half of {self.sizes[0]:.0f} targets leak already"
        else:
            text = f"no knee between {self.sizes[0]:.0f} and {self.sizes[-1]:.0f} targets"
        shares = [
            f"{100.0 * found.median:.0f} % {CAUSE_WORDS[name]}"
            for name, found in self.causes(-1)
            if found.median >= LEAST_SHARE
        ]
        return f"{text}; of the leakers at {self.sizes[-1]:.0f}, {', '.join(shares)}" if shares else text

    def leakers(self) -> tuple[Answer, ...]:
        """Return leakers at each size."""
        return tuple(count_answer(r, "leakers") for r in self.results)

    def causes(self, size: int) -> list[tuple[str, Finding]]:
        """Share of the leakers of one size that each cause let through, over the draws that leak; greatest first."""
        result = self.results[size]
        leakers = result.of("leakers")
        if not (leakers > 0.0).any():
            return []
        leaks = leakers > 0.0
        shares = [(name, finding(name, "1", result.of(name)[leaks] / leakers[leaks])) for name in LEAK_CAUSES]
        return sorted(shares, key=lambda pair: -pair[1].median)


def sweep_json(sweep: Sweep) -> dict[str, Any]:
    """Return one sweep as the JSON output prints it."""
    return {
        "laydown": sweep.laydown,
        "raid": sweep.raid,
        "setting": sweep.setting,
        "magazines": "without end" if sweep.is_endless else "as they are",
        "sizes": list(sweep.sizes),
        "leakers": [a.finding.interval() for a in sweep.leakers()],
        "leak_causes": [{name: found.interval() for name, found in sweep.causes(k)} for k in range(len(sweep.sizes))],
        "knee": sweep.knee,
    }


def sweeps_over_size(
    name: str,
    settings: Sequence[str],
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
    changed = [load_scenario(name, [*settings, f"{plan.setting}={value}"], known) for value in plan.values]
    sizes = np.array([float(v) for v in plan.values])
    found = []
    for laydown in laydowns:
        for is_endless in (False, True) if scenario.laydown(laydown).units else (False,):
            played = []
            for i, other in enumerate(changed):
                run.tell(f"growing the raid on {laydown}", i, len(changed))
                played.append(play(other, laydown, raid, endless=is_endless))
            bend = knee(sizes, np.array([float(np.median(r.of("leakers"))) for r in played]))
            sweep = Sweep(laydown, raid, plan.setting, tuple(sizes.tolist()), tuple(played), bend, is_endless)
            found.append(sweep)
    return found
