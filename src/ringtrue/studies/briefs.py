"""One screen of each study: its answer, its table, what decides, what a reader would miss."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ringtrue.catalogue.address import short_name
from ringtrue.finding import plain
from ringtrue.procurement.money import NOT_LIKE_FOR_LIKE
from ringtrue.sensing.assumed import assumed_sentence
from ringtrue.studies.brief import Brief, grid, span
from ringtrue.studies.compare_answer import assumed_words, capital, headline_raids
from ringtrue.studies.engage import decides_words, ground_words, headline
from ringtrue.studies.exposure_output import ALL_PATTERNS, ONE_LOOK
from ringtrue.studies.raid_size import why_words
from ringtrue.studies.relocation_output import BARE_EARTH
from ringtrue.studies.sky import LIMITS, sky_sentences, sky_table
from ringtrue.studies.story import closing_answers

if TYPE_CHECKING:
    from ringtrue.finding import Finding
    from ringtrue.studies.claim_rows import ClaimsResult
    from ringtrue.studies.compare_records import CompareResult
    from ringtrue.studies.engage import EngageResult
    from ringtrue.studies.exposure_output import ExposureResult
    from ringtrue.studies.network_records import NetworkResult
    from ringtrue.studies.raid_rows import RaidRow
    from ringtrue.studies.relocation_output import RelocationResult
    from ringtrue.studies.sky import SkyResult
    from ringtrue.studies.verify import VerifyAnswer

CAUSES = {
    "leakers_never_in_reach": "unreached",
    "leakers_shot_at_in_vain": "missed",
    "leakers_by_a_common_cause": "common",
    "leakers_without_a_free_channel": "no channel",
    "leakers_without_a_round_left": "no round",
}
MOST_RAIDS = 3
SHOWN_NAME = 22


def _draws(found: EngageResult | CompareResult | NetworkResult) -> str:
    head = found.header
    return f"{head.n_draws:,} draws of the unknown figures, {head.n_replications} raids played in each"


def _sentence(text: str) -> str:
    return capital(text.rstrip(".")) + "."


def engage_brief(found: EngageResult) -> Brief:
    """Return one screen of the raids: who gets through each laydown, and why."""
    causes = [name for name in CAUSES if any(getattr(row, name).high > 0.0 for row in found.rows)]
    head = ["raid, laydown", "targets", "get through, %", *(CAUSES[name] for name in causes)]
    rows = []
    for raid in dict.fromkeys(row.raid for row in found.rows):
        rows += [_raid_cells(row, causes) for row in found.rows if row.raid == raid]
    lower = "No clutter, crew error or jamming unless the scenario gives it: at least so many get through."
    return Brief(
        answer=headline(found),
        about=(
            f"{found.scenario.title}: {_draws(found)}. Median [5 to 95 % of draws]; behind it why: how many come in "
            "nobody's reach, are missed, pass by a common cause, find no channel free or no round left."
        ),
        table=tuple(grid(head, rows)),
        decides=(decides_words(found),),
        warnings=(
            *found.caveats, lower, ground_words(found), *found.notes,
        ),
    )  # fmt: skip


def _raid_cells(row: RaidRow, causes: list[str]) -> list[str]:
    why = [plain(getattr(row, name).median, 2) for name in causes]
    return [f"{row.raid}, {row.laydown}"[:34], str(row.n_targets), span(row.leak_share, 100.0), *why]


def compare_brief(found: CompareResult) -> Brief:
    """Return one screen of a comparison: every offer with its price and what gets past it, raid by raid."""
    raids = headline_raids(found)[:MOST_RAIDS]
    n_targets = {row.raid: row.n_targets for row in found.rows}
    head = ["get past, of", "bn USD", *(f"{raid} {n_targets[raid]}" for raid in raids)]
    rows = [
        [
            offer.laydown[:SHOWN_NAME],
            "-" if offer.price_bn_usd is None else plain(offer.price_bn_usd),
            *(span(found.raid_row(offer.laydown, raid).leakers) for raid in raids),
        ]
        for offer in found.offers
    ]
    more = len(headline_raids(found)) - len(raids)
    return Brief(
        answer=tuple(found.answer),
        about=(
            f"{found.title}: {found.terrain}; {_draws(found)}. Median [5 to 95 % of draws]; raids are assumptions of "
            f"the file{f'; {more} more raids: --full' if more else ''}."
        ),
        table=tuple(grid(head, rows)),
        decides=(_causes(found), _sentence(found.headline.verdict.sentence), assumed_words(found)),
        warnings=(*found.caveats, f"Prices: {NOT_LIKE_FOR_LIKE}.", *found.declared),
        closing=closing_answers(found),
    )


def _causes(found: CompareResult) -> str:
    """Say why targets get through the two offers of the answer in its raid; empty where none does."""
    raid = headline_raids(found)[0]
    told = [
        f"past {found.offer(name).short} {why}"
        for name in (found.headline.a, found.headline.b)
        if (why := why_words(found.raid_row(name, raid)))
    ]
    return f"Why they get through in {raid}, middle draw: {'; '.join(told)}." if told else ""


def network_brief(found: NetworkResult) -> Brief:
    """Return one screen of the links: counts not joined, joined, and their difference."""
    before, after = found.question.before, found.question.after
    rows = []
    for raid in found.raids:
        for change in found.changes_of(found.question, raid).values():
            ends = [next(r for r in found.rows if (r.laydown, r.raid) == (name, raid)) for name in (before, after)]
            a, b = (getattr(row, change.measure, None) for row in ends)
            if change.difference is not None and any(end is not None and end.high > 0.0 for end in (a, b)):
                rows.append([f"{raid}: {change.label[:1].lower()}{change.label[1:]}", _mid(a), _mid(b),
                             span(change.difference)])  # fmt: skip
    return Brief(
        answer=(found.answer, *found.variant_notes),
        about=(
            f"{found.title}: {before} against {after}; {found.terrain}; {_draws(found)}. Medians a raid; difference "
            "[5 to 95 % of draws]."
        ),
        table=tuple(grid(["raid: what is counted", "apart", "joined", "difference"], rows)),
        decides=(
            f"Of the {found.deciding.row}: {found.deciding.sentence}.",
            assumed_sentence(found.assumed_share, found.header.n_draws, "that"),
        ),
        warnings=(*found.caveats, *found.question.notes, *found.declared),
    )


def _mid(value: Finding | None) -> str:
    return "none" if value is None else plain(value.median)


def exposure_brief(found: ExposureResult) -> Brief:
    """Return one screen of the minutes in which each radar could observe each class."""
    rows = [
        [f"{found.names[row.radar]}: {short_name(found.names[row.target])}", span(row.minutes_per_hour_on),
         span(row.share_of_flight, 100.0)]
        for row in found.rows
        if (row.pattern, row.threshold) == (ALL_PATTERNS, ONE_LOOK)
    ]  # fmt: skip
    return Brief(
        answer=(found.answer, *found.sentences),
        about=f"{found.title}: {found.terrain}; {found.header.n_draws:,} draws. Median [5 to 95 % of draws].",
        table=tuple(grid(["radar: class", "minutes an hour", "% of the time flown"], rows)),
        decides=(
            _sentence(f"of the minutes, {found.deciding.sentence}"),
            assumed_sentence(found.assumed_share, found.header.n_draws),
        ),
        warnings=(*found.declared, *found.limits),
    )


def relocation_brief(found: RelocationResult) -> Brief:
    """Return one screen of a move: residents below engageable airspace, there less home, class by class."""
    rows = [
        [
            f"{found.names[c.laydown]}: {short_name(found.names[c.target])}, {c.where}"[:50],
            "bare earth" if c.terrain == BARE_EARTH else c.terrain,
            "not resolvable" if c.people_net is None else span(c.people_net, 1e-6),
        ]
        for c in found.changes
        if c.where == found.usual[c.target]
    ]
    return Brief(
        answer=found.told_places,
        about=(
            f"{found.title}: {found.header.n_draws:,} draws. Residents below engageable airspace, millions, there less "
            "home: median [5 to 95 % of draws]."
        ),
        table=tuple(grid(["place: class", "ground", "net change"], rows)),
        decides=(
            _sentence(found.deciding.sentence),
            assumed_sentence(found.assumed_share, found.header.n_draws, f"the {found.deciding.row}"),
        ),
        warnings=(*found.caveats, *found.declared, *found.limits),
    )


def claims_brief(found: ClaimsResult) -> Brief:
    """Return one screen of the verdicts, one line for each statement."""
    rows = [[f"{row.id}: {row.statement}"[:56], row.verdict[:22]] for row in found.rows]
    return Brief(
        answer=found.said_first,
        about=f"{found.file.title}: {found.header.n_draws:,} draws.",
        table=tuple(grid(["statement", "verdict"], rows)),
    )


def verify_brief(found: VerifyAnswer) -> Brief:
    """Return one screen of the cases: how many agree in each file, and those that do not."""
    files = dict.fromkeys(r.case.file for r in found.results)
    count = Counter((r.case.file, r.verdict) for r in found.results)
    verdicts = list(dict.fromkeys(r.verdict for r in found.results))
    rows = [[str(file), *(str(count[file, verdict]) for verdict in verdicts)] for file in files]
    return Brief(
        answer=found.said_first,
        about="Numbers recomputed, file by file.",
        table=tuple(grid(["file", *verdicts], rows)),
        warnings=tuple(
            f"{r.case.id} {r.verdict}: {r.trouble or r.case.title}" for r in found.results if r.verdict != "agrees"
        ),
    )


def sky_brief(found: SkyResult) -> Brief:
    """Return one screen of what was heard against what can be seen."""
    first, _, *table = sky_table(found)
    return Brief(answer=tuple(sky_sentences(found)), about=first, table=tuple(table), warnings=LIMITS)
