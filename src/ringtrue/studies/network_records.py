"""The records of the cut-the-wire study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ringtrue.finding import rows_to_xarray

if TYPE_CHECKING:
    import xarray

    from ringtrue.catalogue.records import Parameter, Source
    from ringtrue.finding import Finding
    from ringtrue.sensing.deciding import Deciding

MEASURES: dict[str, tuple[str, str]] = {
    "leakers": ("leakers", "1"),
    "rounds_fired": ("rounds fired", "1"),
    "double engagements": ("double engagements", "1"),
    "wasted rounds": ("wasted rounds", "1"),
    "first_fire_s": ("first fire", "s"),
    "friendly engagements": ("friendly engagements", "1"),
    "friendly kills": ("friendly kills", "1"),
}


@dataclass(frozen=True, slots=True)
class NetworkVariant:
    """The same units with some links: how many pairs share tracks, coordinate fire, identify for each other.

    And how many fire rounds that need no sight on a track that is shared with them.
    """

    id: str
    title: str
    n_units: int
    n_shares_track: int
    n_coordinates_fire: int
    n_identifies_for: int
    n_fires_on_shared_track: int = 0

    @property
    def n_links(self) -> tuple[int, ...]:
        """Ordered pairs of units by kind of link, in the order of the fields."""
        return (self.n_shares_track, self.n_coordinates_fire, self.n_identifies_for, self.n_fires_on_shared_track)


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """One variant against one raid; ``first_fire_s`` None: nobody ever fired.

    ``warning_s`` by unit: from knowing a target, identified, to the end of its path, mean over the targets it knows;
    None: it knows of none. ``friendly_losses_per_pass`` and the record of 2003 as in a `RaidRow`.
    """

    variant: str
    raid: str
    n_targets: int
    leakers: Finding
    rounds_fired: Finding
    double_engagements: Finding
    wasted_rounds: Finding
    first_fire_s: Finding | None
    friendly_engagements: Finding
    friendly_kills: Finding
    cost_defender_usd: Finding
    noise_share: float
    warning_s: dict[str, Finding | None]
    friendly_losses_per_pass: Finding | None = None
    friendly_losses_per_pass_2003: Finding | None = None


@dataclass(frozen=True, slots=True)
class NetworkChange:
    """``after`` less ``before`` in one measure (a key of `MEASURES`), draw by draw on the same raid luck.

    ``p_less`` and ``p_equal`` are shares of draws; less is better; first fire counts a shot at a friend too.
    """

    raid: str
    before: str
    after: str
    measure: str
    label: str
    unit: str
    difference: Finding
    p_less: float
    p_equal: float


@dataclass(frozen=True, slots=True)
class LateStart:
    """First shots of ``after`` less those of ``before``: mean over targets fired at in both, interval over draws.

    ``p_later`` and ``p_sooner``: shares of those targets; ``share_in_both``: of the targets fired at in either variant.
    """

    raid: str
    before: str
    after: str
    later_s: Finding
    p_later: float
    p_sooner: float
    share_in_both: float


@dataclass(frozen=True, slots=True)
class EarlyWarning:
    """How much sooner a fire unit knows of a target, identified, in ``after``: over the pairs known in both.

    ``p_sooner`` and ``p_later``: shares of those pairs; ``known_before`` and ``known_after``: shares of all pairs of
    fire unit and target; ``turned_before`` and ``turned_after``: radars that turn in a raid, on average.
    """

    raid: str
    before: str
    after: str
    sooner_s: Finding
    p_sooner: float
    p_later: float
    known_before: float
    known_after: float
    turned_before: float = 0.0
    turned_after: float = 0.0


@dataclass(frozen=True, slots=True)
class NetworkSweep:
    """One variant with one assumption held: ``values`` by measure, and ``from_first`` less the first variant's."""

    setting: str
    label: str
    unit: str
    value: float
    variant: str
    raid: str
    values: dict[str, Finding]
    from_first: dict[str, Finding]


@dataclass(frozen=True)
class NetworkResult:
    """The whole answer. ``variants`` run from no link to all; ``changes`` step by step, and from first to last."""

    name: str
    title: str
    scenario_hash: str
    catalogue_hash: str
    terrain: str
    seed: int
    n_draws: int
    n_replications: int
    variants: tuple[NetworkVariant, ...]
    raids: dict[str, str]
    rows: tuple[NetworkRow, ...]
    changes: tuple[NetworkChange, ...]
    late_starts: tuple[LateStart, ...]
    warnings: tuple[EarlyWarning, ...]
    sweeps: tuple[NetworkSweep, ...]
    sweep_raid: str
    answer: str
    assumed_share: float | None  # None: it cannot be told
    deciding: Deciding
    deciding_row: str  # the difference whose spread is meant
    declared: tuple[str, ...]
    notes: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    sources: dict[str, Source]
    variant_notes: tuple[str, ...] = ()  # what the scenario says of its variants

    def to_xarray(self) -> xarray.Dataset:
        """Return the rows as arrays with named axes (row, quantile)."""
        return rows_to_xarray(self.rows)
