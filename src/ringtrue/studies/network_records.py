"""The records of the study of links: what it costs not to be joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ringtrue.answer import Answer, hidden, key, measure, table, words
from ringtrue.finding import Finding
from ringtrue.sensing.deciding import DecidingOf, assumed_measure
from ringtrue.studies.network_variants import Role
from ringtrue.studies.raid_rows import RaidChange, RaidRow

if TYPE_CHECKING:
    from ringtrue.catalogue.records import Parameter, Source

LINKS = "links"
"""Table of the kinds of link."""


def _link(label: str, head: str) -> int:
    counted: int = measure("1", label, "Ordered pairs of fire units.", digits=None, heads={LINKS: head})
    return counted


@dataclass(frozen=True, slots=True)
class NetworkVariant:
    """The same units with some links: how many pairs are joined by each kind."""

    id: str = key("Laydown")
    title: str = words("Its links in words")
    units: int = measure("1", "Fire units", digits=None)
    shares_track: int = _link("Share tracks", "share tracks")
    coordinates_fire: int = _link("Coordinate fire", "coordinate fire")
    identifies_for: int = _link("Identify for each other", "identify")
    fires_on_shared_track: int = _link("Fire on a shared track", "fire on")
    across_systems: int = _link("Of these, across systems", "across systems")
    note: str = words("What the scenario says of it")


@dataclass(frozen=True, slots=True)
class NetworkPair:
    """Two variants that are held against each other, in the order in which they are told.

    ``question``: not joined and joined; ``inside``: what the links below that are worth; ``step``: on the way of the
    question, one variant more each time.
    """

    role: Role = key("What they are held against each other for")
    before: str = key("Variant taken away")
    after: str = key("Variant")
    text: str = words("The pair in words")
    notes: tuple[str, ...] = words(
        "What it rests on", "Which of the two was made; raids in which nothing changes, and why."
    )


@dataclass(frozen=True, slots=True)
class NetworkRow(RaidRow):
    """One variant against one raid, and what each of its fire units knows."""

    warning_s: dict[str, Finding | None] = measure(
        "s", "Warning of every fire unit", "From knowing a target, identified, to the end of its path, mean over the "
        "targets that it knows; null: it knows of none.", better="more", none="knows of none", one_raid="always",
        default_factory=dict,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LateStart:
    """First shots of one variant less those of another: mean over targets fired at in both, interval over draws."""

    raid: str = key("Raid")
    before: str = key("Variant taken away")
    after: str = key("Variant")
    later_s: Finding | None = measure(
        "s",
        "First shot at a target, later by",
        "Null: no target is fired at in both.",
        one_raid="always",
        heads={"page": "Later by, s", "terminal": "first shot later by, s"},
    )
    p_later: float = measure(
        "1", "Share of those targets shot at later", form="percent", heads={"page": "Targets shot at later"}
    )
    p_sooner: float = measure(
        "1", "Share of those targets shot at sooner", form="percent", heads={"page": "Targets shot at sooner"}
    )
    share_in_both: float = measure(
        "1", "Share of the targets fired at in either variant", form="percent", heads={"page": "Fired at in both"}
    )


@dataclass(frozen=True, slots=True)
class EarlyWarning:
    """How much sooner a fire unit knows of a target, identified, in one variant: over the pairs known in both."""

    raid: str = key("Raid")
    before: str = key("Variant taken away")
    after: str = key("Variant")
    sooner_s: Finding | None = measure(
        "s",
        "Known to a fire unit, sooner by",
        "Null: no pair is known in both.",
        one_raid="always",
        heads={"page": "Sooner by, s", "terminal": "target known sooner, s"},
    )
    p_sooner: float = measure("1", "Share of those pairs known sooner", form="percent", heads={"page": "Pairs sooner"})
    p_later: float = measure("1", "Share of those pairs known later", form="percent", heads={"page": "Pairs later"})
    known_before: float = measure(
        "1", "Share of all pairs of fire unit and target known before", form="percent",
        heads={"page": "Pairs known before"},
    )  # fmt: skip
    known_after: float = measure(
        "1", "Share of all pairs of fire unit and target known after", form="percent",
        heads={"page": "Pairs known after"},
    )  # fmt: skip
    radars_turned_before: float = measure("1", "Radars that turn in a raid before, on average", form="count")
    radars_turned_after: float = measure("1", "Radars that turn in a raid after, on average", form="count")


@dataclass(frozen=True, slots=True)
class NetworkSweep:
    """One variant with one rule of identification held at one value, everything else as drawn."""

    setting: str = key("Rule that is held")
    label: str = words("The rule in words")
    unit: str = words("Unit of the value")
    value: float = key("Value at which it is held")
    laydown: str = key("Variant")
    raid: str = key("Raid")
    values: dict[str, Finding | None] = measure(
        "", "Measures of the raid", "By the name that the measure has in the rows.", one_raid="always"
    )
    less_apart: dict[str, Finding | None] = measure(
        "", "The same less those of the variant that is not joined", "Draw by draw on the same luck.", one_raid="always"
    )


@dataclass(frozen=True)
class NetworkResult(Answer):
    """The whole answer: variants run from no link to all; the pair that answers the question comes first everywhere."""

    scenario: str = words("Scenario")
    terrain: str = words("Elevation model")
    answer: str = words("The answer in sentences")
    variants: tuple[NetworkVariant, ...] = table("The same fire units, from no link to all")
    pairs: tuple[NetworkPair, ...] = table("Which variants are held against each other")
    rows: tuple[NetworkRow, ...] = table("Every variant against every raid")
    changes: tuple[RaidChange, ...] = table("What each link changes")
    late_starts: tuple[LateStart, ...] = table("When the first shot at a target is fired")
    warnings: tuple[EarlyWarning, ...] = table("When a fire unit knows of a target")
    sweeps: tuple[NetworkSweep, ...] = table("If identification were slower, or wrong more often")
    assumed_share: float | None = assumed_measure("the answer")
    deciding: DecidingOf = words("Which unknown decides the answer")
    declared: tuple[str, ...] = words("What the scenario declares")
    caveats: tuple[str, ...] = words("What a reader would miss")
    notes: tuple[str, ...] = words("How far the numbers hold")
    title: str = hidden()
    raids: dict[str, str] = hidden()
    sweep_raid: str = hidden()
    parameters: tuple[Parameter, ...] = hidden()
    sources: dict[str, Source] = hidden()

    @property
    def question(self) -> NetworkPair:
        """The pair that answers the question: not joined, and joined."""
        return self.pairs[0]

    def pairs_for(self, role: Role) -> list[NetworkPair]:
        """Return the pairs that are told for one purpose."""
        return [pair for pair in self.pairs if pair.role == role]

    def changes_of(self, pair: NetworkPair, raid: str) -> dict[str, RaidChange]:
        """Return what one pair comes to in one raid, by measure."""
        return {c.measure: c for c in self.changes if (c.raid, c.before, c.after) == (raid, pair.before, pair.after)}

    def timed(self, pair: NetworkPair, raid: str) -> tuple[LateStart, EarlyWarning]:
        """Return when one pair fires first and knows first in one raid."""
        place = (raid, pair.before, pair.after)
        late = next(x for x in self.late_starts if (x.raid, x.before, x.after) == place)
        return late, next(x for x in self.warnings if (x.raid, x.before, x.after) == place)

    @property
    def pair_notes(self) -> tuple[str, ...]:
        """What the pairs rest on, in the order of the pairs."""
        return tuple(note for pair in self.pairs for note in pair.notes)

    @property
    def has_friends(self) -> bool:
        """Whether a friend flies in any raid."""
        return any(row.n_friendly for row in self.rows)

    @property
    def variant_notes(self) -> tuple[str, ...]:
        """What the scenario says of its variants, each sentence once with the first variant that it is said of."""
        first: dict[str, str] = {}
        for variant in self.variants:
            if variant.note:
                first.setdefault(variant.note, variant.id)
        return tuple(f"{name}: {note.rstrip('.')}." for note, name in first.items())
