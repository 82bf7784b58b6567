"""The variant with published kill probabilities: what was printed by whom, and what it changes on the same luck."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.answer import hidden, key, measure, words
from ringtrue.engagement.answers import answer, in_single_raids
from ringtrue.finding import finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue, Parameter
    from ringtrue.engagement.raid import RaidResult
    from ringtrue.finding import Finding

    FloatArray = NDArray[np.float64]

WHO = {
    "official": "a ministry's or an agency's claim",
    "manufacturer": "the maker's claim",
    "research": "a research institute's figure",
    "press": "a press figure",
    "estimate": "a third party's estimate",
}
NOTE = "kill probabilities as published: a variant, never pooled with the common prior"


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """One printed kill probability: of what, against what, from whom."""

    interceptor: str = key("Interceptor")
    kind: str = key("Kind of target")
    low: float = measure("1", "Least kill probability printed", digits=None)
    nominal: float = measure("1", "Kill probability printed", digits=None)
    high: float = measure("1", "Greatest kill probability printed", digits=None)
    source: str = words("Source", "Its id in the catalogue.")
    title: str = words("Title of the source")
    who: str = words("Whose figure it is")
    note: str = words("Note of the catalogue")

    @property
    def span(self) -> str:
        """The figure, or its range."""
        return f"{self.nominal:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class PublishedKill:
    """One raid against one laydown as published, and less the common prior on the same draws and luck.

    ``draws`` (draw,) holds the mean leakers behind the findings, ``by_raid`` (draw, replication) those of each raid,
    ``nominal`` those of the nominal case.
    """

    n_replications: int = words("Raids played in each draw")
    leakers: Finding = measure(
        "1",
        "Leakers",
        better="less",
        form="count",
        one_raid="always",
        heads={"page": "Get through", "terminal": "leakers as published"},
    )
    leak_share: Finding = measure(
        "1", "Leak share", better="less", form="percent", one_raid="always", heads={"page": "Share"}
    )
    p_no_leaker: Finding = measure(
        "1", "Probability that nothing leaks", better="more", form="percent", heads={"page": "Nothing gets through"}
    )
    leakers_less_common_prior: Finding = measure(
        "1", "Leakers, less those with the common prior", better="less", form="count", one_raid="always",
        heads={"page": "Less the common prior", "terminal": "less common prior"},
    )  # fmt: skip
    p_fewer_leakers: float = measure("1", "Share of draws with fewer leakers than with the common prior")
    p_equal: float = measure("1", "Share of draws with as many leakers as with the common prior")
    p_kill: tuple[tuple[str, str], ...] = words("Interceptor and kind of target whose printed figure is used")
    not_published: tuple[tuple[str, str], ...] = words(
        "Interceptor and kind of target that nobody printed a figure for", "The common prior stands."
    )
    figures: tuple[PublishedFigure, ...] = hidden(default=())
    draws: FloatArray = hidden(default_factory=lambda: np.zeros(0))
    by_raid: FloatArray = hidden(default_factory=lambda: np.zeros((0, 0)))
    nominal: float | None = hidden(default=None)


@dataclass(frozen=True, slots=True)
class PublishedDifference:
    """Leakers of A less those of B, both as published, draw by draw; one of them may have no printed figure."""

    a: str = key("First laydown")
    b: str = key("Second laydown")
    raid: str = key("Raid")
    a_minus_b: Finding = measure("1", "Leakers of the first less those of the second", form="count", one_raid="always")
    p_a_better: float = measure("1", "Share of draws in which the first leaks less")
    p_equal: float = measure("1", "Share of draws in which both leak alike")


class PublishedSide(NamedTuple):
    """One laydown: mean leakers (draw,), leakers of each raid (draw, replication), of the nominal case; what is behind.

    ``inputs`` are the addresses of the figures that they depend on.
    """

    laydown: str
    leakers: FloatArray
    by_raid: FloatArray
    nominal: float | None = None
    inputs: tuple[str, ...] = ()


def published_difference(raid: str, a: PublishedSide, b: PublishedSide) -> PublishedDifference:
    """Compare two laydowns as published, on the same draws and luck; of each draw the raids that both played.

    >>> one = PublishedSide("a", np.array([1.0, 2.0]), np.array([[1.0], [2.0]]))
    >>> found = published_difference("r", one, PublishedSide("b", np.array([2.0, 2.0]), np.array([[2.0], [2.0]])))
    >>> found.p_a_better, found.p_equal, found.a_minus_b.one_raid
    (0.5, 0.5, (-1.0, 0.0))
    """
    less, n = a.leakers - b.leakers, min(a.by_raid.shape[1], b.by_raid.shape[1])
    nominal = None if a.nominal is None or b.nominal is None else a.nominal - b.nominal
    inputs = tuple(sorted({*a.inputs, *b.inputs}))
    found = finding("leakers as published, A less B", "1", less, inputs, nominal=nominal)
    return PublishedDifference(
        a=a.laydown,
        b=b.laydown,
        raid=raid,
        a_minus_b=in_single_raids(found, a.by_raid[:, :n] - b.by_raid[:, :n]),
        p_a_better=float((less < 0.0).mean()),
        p_equal=float((less == 0.0).mean()),
    )


def published_kill(result: RaidResult, catalogue: Catalogue) -> PublishedKill | None:
    """Make findings of the published variant of a raid; None where nobody printed a figure for any of its rounds."""
    found = result.as_published
    if found is None:
        return None
    middle = None if result.nominal is None else result.nominal.as_published
    column, one, n = result.names.index("leakers"), 1.0 / max(result.n_hostile, 1), found.n_replications
    mean, variance = found.mean[:, column], found.variance[:, column]
    nominal, common = (None, None) if middle is None else (float(x[0, column]) for x in (middle.mean, middle.common))
    less, p = mean - found.common[:, column], found.no_leaker
    inputs = result.ledger.addresses(found.uses)
    leakers = answer("leakers", "1", mean, variance, n, nominal)
    share = answer("leak share", "1", one * mean, one**2 * variance, n, None if nominal is None else one * nominal)
    nothing = answer("P(no leaker)", "1", p, p * (1.0 - p), n, None if middle is None else float(middle.no_leaker[0]))
    return PublishedKill(
        n_replications=n,
        leakers=in_single_raids(replace(leakers.finding, inputs=inputs), found.leakers),
        leak_share=in_single_raids(replace(share.finding, inputs=inputs), one * found.leakers),
        p_no_leaker=replace(nothing.finding, inputs=inputs),
        leakers_less_common_prior=in_single_raids(
            finding(
                "leakers, as published less common prior", "1", less, inputs,
                nominal=None if nominal is None or common is None else nominal - common,
            ),
            found.leakers - found.common_leakers,
        ),
        p_fewer_leakers=float((less < 0.0).mean()),
        p_equal=float((less == 0.0).mean()),
        p_kill=tuple(found.figures),
        not_published=found.unpublished,
        figures=tuple(_figure(*pair, parameter, catalogue) for pair, parameter in found.figures.items()),
        draws=mean,
        by_raid=found.leakers,
        nominal=nominal,
    )  # fmt: skip


def _figure(interceptor: str, kind: str, parameter: Parameter, catalogue: Catalogue) -> PublishedFigure:
    source = catalogue.sources.get(parameter.source or "")
    return PublishedFigure(
        interceptor, kind, parameter.low, parameter.nominal, parameter.high, parameter.source or "",
        "" if source is None else source.title, "unsourced" if source is None else WHO[source.kind], parameter.note,
    )  # fmt: skip


def published_figures(rows: Iterable[PublishedKill]) -> tuple[PublishedFigure, ...]:
    """Return every figure once, in the order of the rows."""
    return tuple({(f.interceptor, f.kind): f for row in rows for f in row.figures}.values())


def unpublished_pairs(rows: Iterable[PublishedKill]) -> tuple[tuple[str, str], ...]:
    """Return every pair of interceptor and kind without a figure once, in the order of the rows."""
    return tuple(dict.fromkeys(pair for row in rows for pair in row.not_published))


def figure_lines(rows: Iterable[PublishedKill], without: Iterable[str]) -> list[str]:
    """Say where the figures come from, and for what there are none.

    Parameters
    ----------
    without : iterable of str
        Laydowns with fire units for none of whose rounds anybody printed a figure.
    """
    rows = list(rows)
    figures = published_figures(rows)
    alike: dict[tuple[str, str, str], dict[str, list[str]]] = {}
    notes: dict[str, dict[str, None]] = {}
    for f in figures:
        alike.setdefault((f.span, f.who, f.source), {}).setdefault(f.interceptor, []).append(f.kind)
        for part in f.note.split("; ") if f.note else ():
            notes.setdefault(part, {})[f.interceptor] = None
    lines = [f"{span}: {_against(by_round)} ({who}, {source})" for (span, who, source), by_round in alike.items()]
    lines += [f"{part} ({', '.join(names)})" for part, names in notes.items()]
    lines += [f"{source}: {title}" for source, title in dict.fromkeys((f.source, f.title) for f in figures)]
    pairs: dict[str, list[str]] = {}
    for interceptor, kind in unpublished_pairs(rows):
        pairs.setdefault(interceptor, []).append(kind)
    if pairs:
        lines.append(f"none printed, the common prior stands: {_against(pairs)}")
    names = list(without)
    if names:
        lines.append(f"none printed for any round of {', '.join(names)}: no such variant")
    return lines


def _against(by_round: dict[str, list[str]]) -> str:
    """Say which rounds against which kinds, rounds with the same kinds together.

    >>> _against({"a": ["drone"], "b": ["drone"], "c": ["aircraft", "drone"]})
    'a, b against drone; c against aircraft, drone'
    """
    same: dict[tuple[str, ...], list[str]] = {}
    for interceptor, kinds in by_round.items():
        same.setdefault(tuple(kinds), []).append(interceptor)
    return "; ".join(f"{', '.join(names)} against {', '.join(kinds)}" for kinds, names in same.items())
