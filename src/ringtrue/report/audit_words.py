"""The words and choices that the page, the figures and the text table of an audit share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ringtrue.answer import columns_in
from ringtrue.coverage.answer import WHOLE
from ringtrue.coverage.records import CoverageRow, FootprintRow
from ringtrue.report.layers import HIGHEST_LEVEL_M, LOWEST_LEVEL_M
from ringtrue.report.style import percent, three_digits, two_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ringtrue.answer import Form, Measure
    from ringtrue.coverage.records import AuditResult, LayerRaster, Link
    from ringtrue.finding import Finding

DRAWN_LINKS: tuple[Link, ...] = ("seen_geometry", "seen", "tracked", "engageable")
NESTED_LINKS: tuple[Link, ...] = ("seen", "tracked", "engageable")
SHORT_LABELS: dict[Link, str] = {
    "advertised": "Advertised ring",
    "seen_geometry": "In line of sight",
    "seen": "Seen",
    "tracked": "Tracked",
    "engageable": "Can be engaged",
}
SHORT_WORDS = {"srbm", "uav", "male", "awacs", "su", "mig"}

FOOTER = (
    "Computed with RingTrue from open published figures. Upper bounds: no clutter beyond what is stated, no jamming, "
    "no crew error. Data: elevation NOAA GLOBE; borders Natural Earth; places GeoNames (CC BY 4.0); people GPW v4.11, "
    "CIESIN, Columbia University (CC BY 4.0)"
)


def position_words(results: Sequence[AuditResult]) -> str:
    """Return what the positions of the sites stand for: the sentence of their scenario, else that of the program."""
    return " ".join(dict.fromkeys(result.question.positions for result in results))


def site_words(result: AuditResult) -> str:
    """Return the short name of the site on a map: its place, or "Site" where the place is only coordinates."""
    return "Site" if result.place_name[:1].isdigit() or result.place_name[:1] == "-" else result.place_name


def inputs_of(row: CoverageRow | FootprintRow, finding: Finding) -> tuple[str, ...]:
    """Return the parameters a number came from: those it names, else those of what can be engaged in its row."""
    return finding.inputs or row_inputs(row)


def row_inputs(row: CoverageRow | FootprintRow) -> tuple[str, ...]:
    """Return the parameters behind what can be engaged in a row, or behind its footprint."""
    found = row.engageable_area_km2 if isinstance(row, CoverageRow) else row.footprint_area_km2
    return found.inputs if found is not None else ()


def target_words(target_id: str, names: dict[str, str] | None = None) -> str:
    """Return the name of a target class, or its ID in plain words.

    >>> target_words("f-16"), target_words("cruise-missile"), target_words("srbm"), target_words("f-35:reflector")
    ('F-16', 'cruise missile', 'SRBM', 'F-35, reflector')
    """
    if names and target_id in names:
        return names[target_id]
    base, _, variant = target_id.partition(":")
    if any(c.isdigit() for c in base):
        words = base.upper()
    else:
        words = " ".join(w.upper() if w in SHORT_WORDS else w for w in base.split("-"))
    return f"{words}, {variant}" if variant else words


def interval_words(finding: Finding, write: Callable[[float], str] = three_digits) -> str:
    """Return ``low to high`` of a finding as the report prints it; one value where they print alike.

    >>> from ringtrue.finding import Finding
    >>> interval_words(Finding("area", "km2", 990.0, 1000.0, 1234.0))
    '990 to 1,230'
    """
    low, high = write(finding.low), write(finding.high)
    return low if low == high else f"{low.removesuffix(' %')} to {high}"


def one_raid_words(finding: Finding, write: Callable[[float], str] = three_digits) -> str:
    """Return ``low to high`` of single raids; that of the mean where only the mean is known.

    >>> from ringtrue.finding import Finding
    >>> one_raid_words(Finding("leakers", "1", 3.2, 4.1, 5.0, one_raid=(1.0, 8.0)))
    '1 to 8'
    """
    if finding.one_raid is None:
        return interval_words(finding, write)
    low, high = (write(end) for end in finding.one_raid)
    return low if low == high else f"{low.removesuffix(' %')} to {high}"


def spread_lines(finding: Finding, write: Callable[[float], str] = three_digits) -> list[str]:
    """Return what stands below a median: its interval and the nominal case, each a line; what prints alike is left out.

    >>> from ringtrue.finding import Finding
    >>> spread_lines(Finding("area", "km2", 990.0, 1000.0, 1234.0, nominal=1100.0))
    ['990 to 1,230', 'nominal 1,100']
    >>> spread_lines(Finding("area", "km2", 9.0, 9.0, 9.0, nominal=9.0)), spread_lines(Finding("area", "km2", 1, 2, 3))
    ([], ['1 to 3'])
    """
    median, interval = write(finding.median), interval_words(finding, write)
    is_single = interval == median
    lines = [] if is_single else [interval]
    if finding.nominal is not None and not (is_single and write(finding.nominal) == median):
        lines.append(f"nominal {write(finding.nominal) if math.isfinite(finding.nominal) else 'not defined'}")
    return lines


def spread_words(finding: Finding, write: Callable[[float], str] = three_digits) -> str:
    """Return the interval of a finding and the nominal case in one line, for a sentence or a bracket.

    >>> from ringtrue.finding import Finding
    >>> spread_words(Finding("area", "km2", 990.0, 1000.0, 1234.0, nominal=1100.0))
    '990 to 1,230; nominal 1,100'
    >>> spread_words(Finding("area", "km2", 9.0, 9.0, 9.0))
    'no spread'
    """
    return "; ".join(spread_lines(finding, write)) or "no spread"


def finding_words(finding: Finding, write: Callable[[float], str] = three_digits, unit: str = "") -> str:
    """Return ``median unit (low to high; nominal value)``.

    >>> from ringtrue.finding import Finding
    >>> finding_words(Finding("area", "km2", 3100.0, 3700.0, 4200.0, nominal=3650.0), unit="km²")
    '3,700 km² (3,100 to 4,200; nominal 3,650)'
    """
    unit = f" {unit}" if unit else ""
    return f"{write(finding.median)}{unit} ({spread_words(finding, write)})"


def answered_rows(rows: Sequence[CoverageRow]) -> list[CoverageRow]:
    """Return the rows that have an answer: none under the ground."""
    return [row for row in rows if not row.note]


def sampling_words(result: AuditResult) -> list[str]:
    """Say, row by row, which residents and warnings other samples of draws would move; nothing where they would not."""
    return [
        f"Other samples of {result.n_draws:,} draws would move the middle, "
        f"{target_words(row.target, result.target_names)} at {row.where}: {'; '.join(row.sampling)}."
        for row in answered_rows(result.rows)
        if row.sampling
    ]


def is_answered(result: AuditResult) -> bool:
    """Return whether the audit says anything of any class."""
    return bool(answered_rows(result.rows) or result.footprints)


def covered_share(result: AuditResult) -> float | None:
    """Return the share of the advertised ring that the elevation model covers; None where no row asks for it."""
    return min((row.covered_share for row in result.rows), default=None)


def under_ground_words(rows: Sequence[CoverageRow]) -> str:
    """Say at which altitudes above sea level part of the ring lies under the ground; empty where none does."""
    shares = {row.altitude_m: row.under_ground_share for row in answered_rows(rows) if row.under_ground_share}
    if not shares:
        return ""
    found = ", ".join(f"{altitude:,.0f} m above sea level in {percent(share)}" for altitude, share in shares.items())
    return f"A target would be under the ground, and counts as not reached, at {found} of the covered ring."


def audited_heights_m(results: Sequence[AuditResult]) -> list[float]:
    """Return the heights above ground that rows exist for, increasing."""
    return sorted({row.height_m for result in results for row in result.rows if row.height_m is not None})


def audited_altitudes_m(results: Sequence[AuditResult]) -> list[float]:
    """Return the altitudes above sea level that rows exist for, increasing."""
    return sorted({row.altitude_m for result in results for row in result.rows if row.altitude_m is not None})


def layer_targets(result: AuditResult) -> list[str]:
    """Return the targets that have rasters, in the order of the question."""
    have = {layer.target_id for layer in result.layers}
    return [target for target in result.question.targets if target in have]


def headline_target(result: AuditResult) -> str | None:
    """Return the target of the printed map: the F-16 if it was asked for, else the first with rasters."""
    targets = layer_targets(result)
    if not targets:
        return None
    return "f-16" if "f-16" in targets else targets[0]


def printed_targets(result: AuditResult) -> list[str]:
    """Return the targets of the printed maps: that of the headline, then the others in the order of the question."""
    first = headline_target(result)
    return [] if first is None else [first, *(target for target in layer_targets(result) if target != first)]


def headline_height_m(result: AuditResult) -> float:
    """Return the height of the headline [m above ground]: 100 m if it was audited, else the lowest, else 100 m."""
    heights = audited_heights_m([result])
    return 100.0 if not heights or 100.0 in heights else heights[0]


def map_height_m(result: AuditResult) -> float:
    """Return the height of the printed map [m above ground]: that of the headline, within what layers are computed for.

    >>> from types import SimpleNamespace
    >>> map_height_m(SimpleNamespace(rows=[SimpleNamespace(height_m=10.0)]))
    30.0
    """
    return min(max(headline_height_m(result), LOWEST_LEVEL_M), HIGHEST_LEVEL_M)


def layer_of(result: AuditResult, target_id: str, link: Link) -> LayerRaster | None:
    """Return the raster of a target and a link, or None."""
    return next((a for a in result.layers if a.target_id == target_id and a.link == link), None)


def row_at(result: AuditResult, target_id: str, height_m: float) -> CoverageRow | None:
    """Return the row of a target at a height above ground, or None."""
    return next((row for row in result.rows if row.target == target_id and row.height_m == height_m), None)


def system_sources(result: AuditResult, most: int = 5) -> str:
    """Return the publishers behind the figures of a system, how many figures are assumed, and where all stand."""
    return f"{publisher_words(result, most)} (all under “Every figure used”)"


def publisher_words(result: AuditResult, most: int = 5) -> str:
    """Return the publishers behind the figures of a system, and how many figures are assumed."""
    publishers = sorted({s.publisher for p in result.parameters if p.source and (s := result.sources.get(p.source))})
    n_assumed = sum(p.rests_on_assumption for p in result.parameters)
    named = ", ".join(publishers[:most])
    if len(publishers) > most:
        named += f" and {len(publishers) - most} more"
    named = named or "none published"
    return f"figures of {result.system_name}: {named}; {n_assumed} of {len(result.parameters)} are assumed or estimated"


def where_words(row: CoverageRow) -> str:
    """Return the height of a row with its reference, in words."""
    if row.height_m is not None:
        return f"{row.height_m:,.0f} m above ground"
    return f"{row.altitude_m:,.0f} m above sea level"


def ring_quote(result: AuditResult) -> str:
    """Return who advertises the ring, in which words."""
    source = result.sources.get(result.quote_source)
    said = f"{source.publisher}, {source.date}" if source else result.quote_source
    return f"“{result.quote}” ({said})"


def unit_words(name: str, result: AuditResult) -> str:
    """Return the name of an audited unit: that of its system, with the place where it is asked at several."""
    return result.system_name if name == result.system_id else f"{result.system_name}, {result.place_name}"


def variant_words(variant: dict[str, str]) -> str:
    """Return a variant as ``name: value`` pairs."""
    return ", ".join(f"{key}: {value}" for key, value in sorted(variant.items())) or "as asked"


WRITERS: dict[Form, Callable[[float], str]] = {
    "number": three_digits, "percent": percent, "people": two_digits
}  # fmt: skip


def head_of(said: Measure, table: str, *, is_whole: bool) -> str:
    """Return the head of a measure in a table; another where the elevation model covers part of the ring only."""
    return said.heads[table] if is_whole else said.heads.get(f"{table}_covered", said.heads[table])


def row_facts(row: CoverageRow) -> list[tuple[str, str, Finding | None, str]]:
    """Return measure, label, finding and text of the numbers that stand beside the map."""
    facts = []
    for said in columns_in((row,), "map"):
        found: Finding | None = getattr(row, said.name)
        unit = "km²" if said.unit == "km2" else ""
        text = said.none if found is None else finding_words(found, WRITERS[said.form], unit)
        facts.append((said.name, head_of(said, "map", is_whole=row.covered_share >= WHOLE), found, text))
    return facts
