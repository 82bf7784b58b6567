"""The page of a comparison of offers: answer, map, why, when, at what price, doubts, claims, sources."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ringtrue.procurement.money import NOT_LIKE_FOR_LIKE
from ringtrue.report.audit_words import FOOTER, finding_words, layer_targets, spread_words
from ringtrue.report.cells import PARAMETER_NOTE, by_unit, caveat_sections, height_reference
from ringtrue.report.chart import MARKS
from ringtrue.report.compare_figures import better_chart, frontier_chart, kill_chart, measure_words, raid_chart
from ringtrue.report.compare_tables import (
    Inputs,
    behind,
    chosen_differences,
    coverage_table,
    differences_table,
    marginals_table,
    months_table,
    offers_table,
    payments_table,
    prices_table,
    raids_tables,
    terms_table,
    units_table,
)
from ringtrue.report.doubt_section import doubt_sections
from ringtrue.report.html import write_page
from ringtrue.report.network_section import network_sections
from ringtrue.report.offer_looks import offer_looks, offer_marks
from ringtrue.report.offer_maps import BAND_COLOURS, BAND_LABELS, map_grounds, map_sets
from ringtrue.report.page import Answer, Fact, Figure, Page, Panels, Parameters, Prose
from ringtrue.report.places_section import place_sections
from ringtrue.report.published_section import published_sections
from ringtrue.report.style import percent, sentence
from ringtrue.report.timeline_figures import timeline_chart
from ringtrue.sensing.assumed import assumed_figure, assumed_sentence
from ringtrue.studies.compare_answer import price_bases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.catalogue.records import Parameter
    from ringtrue.coverage.records import AuditResult
    from ringtrue.report.doubt_section import AskOn
    from ringtrue.report.html import Again
    from ringtrue.report.page import Section
    from ringtrue.studies.claim_rows import ClaimsResult
    from ringtrue.studies.compare_records import CompareResult, Condition, Difference
    from ringtrue.studies.exposure_output import ExposureResult
    from ringtrue.studies.network_records import NetworkResult
    from ringtrue.studies.relocation_output import RelocationResult

MOST_PLANES = 6
LEAKERS = "leakers"


def write_compare_report(
    result: CompareResult,
    path: Path | str,
    again: Again | None = None,
    *,
    audits: Sequence[AuditResult] = (),
    claims: ClaimsResult | None = None,
    exposure: ExposureResult | None = None,
    relocation: RelocationResult | None = None,
    network: NetworkResult | None = None,
    ask_on: AskOn | None = None,
) -> Path:
    """Write the report of a comparison as one self-contained HTML file and return its path.

    Parameters
    ----------
    audits : sequence of AuditResult
        Ring audits of one fire unit of each offer at one place; they bring the moving map.
    claims, exposure, relocation, network : optional
        Studies that stand behind the comparison in the same file.
    ask_on : AskOn, optional
        Rival figures and commands that ask on.
    """
    page = compare_page(
        result, audits=audits, claims=claims, exposure=exposure, relocation=relocation, network=network, ask_on=ask_on
    )
    return write_page(page, Path(path), again)


def compare_page(
    result: CompareResult,
    *,
    audits: Sequence[AuditResult] = (),
    claims: ClaimsResult | None = None,
    exposure: ExposureResult | None = None,
    relocation: RelocationResult | None = None,
    network: NetworkResult | None = None,
    ask_on: AskOn | None = None,
) -> Page:
    """Return the page of a comparison, in the order a reader asks.

    The answer; the map; place by place; why (what gets through, who is better, what was on offer); what the wire
    changes; when; at what price; doubts and break-evens; the long tables; the studies behind it; every figure with its
    source; limits.
    """
    chosen = chosen_differences(result)
    sources = dict(result.sources)
    parameters: dict[str, Parameter] = {p.id: p for p in result.parameters}
    maps = _maps(result)
    sections: list[Section | None] = [
        _answer(result),
        *caveat_sections(result.caveats),
        Prose("When, for how much, and what it hangs on", (), result.circumstances),
        maps,
        *place_sections(result, with_map=maps is not None),
    ]
    if any(layer_targets(a) for a in audits):
        from ringtrue.report.audit_page import moving_map

        sections.append(moving_map(audits))
    sections += [
        *_why(result, chosen),
        *network_sections(result),
        *_when(result),
        *_price(result),
        *_doubts(result, chosen, ask_on),
        *_numbers(result, chosen),
    ]
    if claims is not None:
        from ringtrue.report.claims_page import claims_sections

        sections += claims_sections(claims, sources)
    if exposure is not None:
        from ringtrue.report.exposure_page import exposure_sections

        sections += [
            Prose("Exposure: what the radar could observe of the aircraft", (exposure.answer, *exposure.sentences)),
            *exposure_sections(exposure),
        ]
    if relocation is not None:
        from ringtrue.report.relocation_page import relocation_sections

        sections += relocation_sections(relocation)
    if network is not None:
        from ringtrue.report.network_page import network_study_sections

        sections += [Prose("Not joined, and joined", (network.answer,)), *network_study_sections(network)]
    for study in (exposure, relocation, network, *audits):
        if study is not None:
            parameters |= {p.id: p for p in study.parameters}
            sources |= study.sources
    sections += [Parameters(note=PARAMETER_NOTE), _limits(result)]
    return Page(
        title=result.title,
        kicker=f"Comparison of offers · {result.question}",
        sections=tuple(section for section in sections if section is not None),
        parameters=tuple(parameters.values()),
        sources=sources,
        manifest=(*result.header.manifest(), ("terrain", result.terrain)),
        footer=FOOTER + ".",
    )  # fmt: skip


def headline_raid_of(result: CompareResult) -> str:
    """Return the raid that the answer is about."""
    return str(result.headline.condition.raid)


def _answer(result: CompareResult) -> Answer:
    facts = []
    headline, inputs = result.headline, Inputs(result)
    write = by_unit(headline.unit)
    both = inputs.of_difference(headline, result.rows)
    for name in (headline.a, headline.b):
        value = result.raid_row(name, headline_raid_of(result)).leakers
        facts.append(
            Fact(
                write(value.median),
                f"{measure_words(result, headline)}: {result.names[name]}; 5 to 95 %: {spread_words(value, write)}",
                value.inputs or both,
            )
        )
    facts.append(
        Fact(
            percent(headline.p_a_better),
            f"of draws: {result.names[headline.a]} is better there than {result.names[headline.b]}; difference "
            f"{finding_words(headline.a_minus_b, write)}",
            both,
        )
    )
    everything = tuple(p.id for p in result.parameters)
    words = "of what is uncertain in this answer comes from assumed or estimated figures"
    interval = result.assumed_share_interval
    if interval is not None:
        words += f"; 5 to 95 %: {percent(interval.low)} to {percent(interval.high)}"
    if result.assumed_share is not None:
        facts.append(Fact(assumed_figure(result.assumed_share, result.header.n_draws), words, everything))
    return Answer(result.answer, tuple(facts))


def _maps(result: CompareResult) -> Panels | None:
    sets = map_sets(result)
    if not sets:
        return None
    return Panels(
        heading="Where each offer could engage, and from which height",
        switch="Target",
        sets=sets,
        legend=tuple(zip(BAND_COLOURS, BAND_LABELS, strict=True)),
        caption="Heights above the ground below the target; a darker cell is reached lower down. Middle value of every "
        "figure; intervals stand in the tables. Coverage, not protection: what gets through comes next. "
        f"{result.positions} Offers with the same map share it. Longitude and latitude, true at the middle "
        "latitude.".lstrip(),
        sources=(
            *behind(result)[:2],
            "borders and coast: Natural Earth, United Nations view",
            "cities: GeoNames (CC BY 4.0)",
        ),
        shared=map_grounds(result),
    )  # fmt: skip


def _why(result: CompareResult, chosen: list[Difference]) -> list[Section | None]:
    others = [d for d in chosen if d.part == "package"]
    joined = {d.b for d in others if _same_units(result, d)}
    leaking = [d for d in others if d.measure == LEAKERS and not {d.a, d.b} & joined]
    n_draws, n_replications = result.header.n_draws, result.header.n_replications
    lines = f"{MARKS} {n_draws:,} draws of the mean over {n_replications} raids."
    return [
        Figure(
            "What gets through",
            (raid_chart(result),),
            f"{lines} Dashed: the whole raid. Raids fly at the heights the scenario gives them.",
            behind(result),
        ),
        Figure(
            "Who is better, and how often",
            (better_chart(result, leaking),),
            "Share of draws in which fewer targets get through, on the same draws and the same luck; sizes of the "
            "differences stand in the table.",
            behind(result),
        )
        if leaking
        else None,
        offers_table(result),
        terms_table(result),
        *raids_tables(result),
    ]


def _numbers(result: CompareResult, chosen: list[Difference]) -> list[Section | None]:
    """Return the long tables, folded on the screen: difference by difference, level by level, month by month."""
    duels = [d for d in chosen if d.part == "fire unit"]
    others = [d for d in chosen if d.part == "package"]
    return [
        differences_table(result, duels, "Fire unit against fire unit, difference by difference", folded=True)
        if duels
        else None,
        differences_table(result, others, "Package against package, difference by difference", folded=True),
        units_table(result),
        coverage_table(result),
        marginals_table(result),
        months_table(result, headline_raid_of(result)),
    ]


def _same_units(result: CompareResult, d: Difference) -> bool:
    return set(result.offer(d.a).units) == set(result.offer(d.b).units)


def _when(result: CompareResult) -> list[Section | None]:
    course = result.course
    if course is None:
        return []
    target = result.names.get(course.target, course.target)
    return [
        Figure(
            "What was there, and when",
            (timeline_chart(course, offer_looks(result)),),
            f"Engageable airspace against {target} at {height_reference(course.where)}; line: median, band: 5 to 95 % "
            "of "
            f"{course.header.n_draws:,} draws. Small numbers: assumed lead time in months of a package that was never "
            "ordered, "
            "each a case of its own. Delivered is not on alert.",
            (*behind(result)[:2], "deliveries: sources of the offers, listed under “What was on offer”"),
        ),
    ]


def _price(result: CompareResult) -> list[Section | None]:
    planes = list(dict.fromkeys((p.measure, p.condition) for p in result.frontier))
    resolved = [plane for plane in planes if _is_telling(result, plane)][:MOST_PLANES]
    if not resolved:
        return [payments_table(result), prices_table(result)]
    return [
        Figure(
            "Price and worth",
            (frontier_chart(result, resolved),),
            "A filled mark is worth its price: no other package does at least as well for the same money or less "
            "(medians). A hollow mark is not: another one does. The line through a mark: 5 to 95 % of draws. "
            f" Prices are {NOT_LIKE_FOR_LIKE}. {' '.join(price_bases(result))} Offers of one price are "
            "set side by side.",
            ("prices: sources of the offers", *behind(result)),
        ),
        payments_table(result),
        prices_table(result),
    ]


def _is_telling(result: CompareResult, plane: tuple[str, Condition]) -> bool:
    points = [p for p in result.frontier if (p.measure, p.condition) == plane]
    return len({p.value.median for p in points}) > 1


def _doubts(result: CompareResult, chosen: list[Difference], ask_on: AskOn | None) -> list[Section | None]:
    kill = kill_chart(result)
    about = f"{result.names[result.headline.a]} against {result.names[result.headline.b]}"
    items = [
        f"{s.name}: {percent(s.share)} of the spread ({percent(s.low)} to {percent(s.high)})"
        for s in result.deciding.shares[:5]
    ]
    turns = dict.fromkeys(
        sentence(f"{measure_words(result, d)}: {d.break_even.sentence}")
        for d in chosen
        if d.measure == LEAKERS and d.condition.raid == headline_raid_of(result) and not _same_units(result, d)
    )
    assumed = assumed_sentence(result.assumed_share, result.header.n_draws)
    words = f"{about}: {sentence(result.deciding.sentence)} {assumed}"
    words += " Shares of single unknowns:" if items else ""
    return [
        Prose("What it hangs on", (words,), tuple(items)),
        *doubt_sections([(about, result.deciding.shares)], ask_on, behind(result)),
        Prose(
            "What would turn the answer round",
            ("For the raid of the answer; the tables of differences give the break-even of every other measure.",),
            tuple(turns),
        ),
        Figure(
            "If interceptors were better or worse",
            (kill,),
            "Targets that get through where every round of every side has the kill probability below; all else drawn. "
            "Line: median; upright bar at 0.6: 5 to 95 % of draws. Shaded: the common prior, 0.3 to 0.9, an "
            "assumption.",
            behind(result),
        )
        if kill
        else None,
        *_published(result),
    ]


def _published(result: CompareResult) -> list[Section]:
    inputs = Inputs(result)
    return published_sections(
        result.published,
        result.names,
        lambda laydown, raid: inputs.of_raid(result.raid_row(laydown, raid)),
        behind(result),
        result.published_difference,
        partial(offer_marks, result),
    )


def _limits(result: CompareResult) -> Prose:
    return Prose("What this does not know", (), tuple(dict.fromkeys((*result.declared, *result.notes))))
