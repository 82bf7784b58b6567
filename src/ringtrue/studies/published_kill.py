"""The variant with published kill probabilities: what was printed by whom, and what it changes on the same luck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ringtrue.engagement.answers import answer, with_one_raid
from ringtrue.finding import finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue, Parameter
    from ringtrue.engagement.answers import Answer
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

    interceptor: str
    kind: str
    low: float
    nominal: float
    high: float
    source: str
    title: str
    who: str
    note: str

    @property
    def span(self) -> str:
        """The figure, or its range."""
        return f"{self.nominal:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class PublishedKill:
    """One raid against one laydown as published, and less the common prior on the same draws and luck.

    ``figures`` are those used; ``unpublished`` the pairs of interceptor and kind that nobody printed a figure for;
    ``draws`` (draw,) the mean leakers behind the findings.
    """

    laydown: str
    raid: str
    n_replications: int
    leakers: Answer
    leak_share: Answer
    p_no_leaker: Answer
    less_common: Finding
    p_fewer: float
    p_equal: float
    figures: tuple[PublishedFigure, ...]
    unpublished: tuple[tuple[str, str], ...]
    draws: FloatArray


@dataclass(frozen=True, slots=True)
class PublishedDifference:
    """Leakers of A less those of B, both as published, draw by draw; one of them may have no printed figure."""

    a: str
    b: str
    raid: str
    a_minus_b: Finding
    p_a_better: float
    p_equal: float


def published_difference(
    a: str, b: str, raid: str, a_leakers: FloatArray, b_leakers: FloatArray
) -> PublishedDifference:
    """Compare two laydowns as published.

    >>> found = published_difference("a", "b", "r", np.array([1.0, 2.0]), np.array([2.0, 2.0]))
    >>> found.p_a_better, found.p_equal
    (0.5, 0.5)
    """
    less = a_leakers - b_leakers
    return PublishedDifference(
        a, b, raid, finding("leakers as published, A less B", "1", less), float((less < 0.0).mean()),
        float((less == 0.0).mean()),
    )  # fmt: skip


def published_kill(result: RaidResult, catalogue: Catalogue) -> PublishedKill | None:
    """Make findings of the published variant of a raid; None where nobody printed a figure for any of its rounds."""
    found = result.as_published
    if found is None:
        return None
    column = result.names.index("leakers")
    mean, variance, n = found.mean[:, column], found.variance[:, column], max(result.n_hostile, 1)
    less = mean - found.common[:, column]
    p = found.no_leaker
    return PublishedKill(
        result.laydown,
        result.raid,
        found.n_replications,
        with_one_raid(answer("leakers", "1", mean, variance, found.n_replications), found.leakers_histogram),
        with_one_raid(
            answer("leak share", "1", mean / n, variance / n**2, found.n_replications), found.leakers_histogram, 1.0 / n
        ),
        answer("P(no leaker)", "1", p, p * (1.0 - p), found.n_replications),
        finding("leakers, as published less common prior", "1", less),
        float((less < 0.0).mean()),
        float((less == 0.0).mean()),
        tuple(_figure(*pair, parameter, catalogue) for pair, parameter in found.figures.items()),
        found.unpublished,
        mean,
    )


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
    return tuple(dict.fromkeys(pair for row in rows for pair in row.unpublished))


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


def published_json(row: PublishedKill | None) -> dict[str, Any] | None:
    """Return the variant as the JSON output prints it; None where nothing was published."""
    if row is None:
        return None
    return {
        "leakers": row.leakers.finding.interval(),
        "leak_share": row.leak_share.finding.interval(),
        "p_no_leaker": row.p_no_leaker.finding.interval(),
        "leakers_less_common_prior": row.less_common.interval(),
        "p_fewer_leakers": float(f"{row.p_fewer:.6g}"),
        "p_equal": float(f"{row.p_equal:.6g}"),
        "n_replications": row.n_replications,
        "p_kill": [[figure.interceptor, figure.kind] for figure in row.figures],
        "not_published": [list(pair) for pair in row.unpublished],
    }


def figure_json(figure: PublishedFigure) -> dict[str, Any]:
    """Return one printed kill probability as the JSON output prints it."""
    return {
        "interceptor": figure.interceptor,
        "kind": figure.kind,
        "low": figure.low,
        "nominal": figure.nominal,
        "high": figure.high,
        "source": figure.source,
        "title": figure.title,
        "who": figure.who,
        "note": figure.note,
    }
