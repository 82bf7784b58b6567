"""One screen of each study: its answer, its table, what decides, what a reader would miss."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ringtrue.answer import columns_of, is_settled
from ringtrue.catalogue.address import short_name
from ringtrue.coverage.records import NOT_RESOLVABLE
from ringtrue.finding import plain, settled
from ringtrue.procurement.money import NOT_LIKE_FOR_LIKE
from ringtrue.sensing.assumed import assumed_sentence
from ringtrue.studies.brief import WIDTH, Brief, grid, shortened, span, whole_lines
from ringtrue.studies.compare_answer import capital, headline_raids, shown_class
from ringtrue.studies.compare_places import told_places
from ringtrue.studies.engage import decides_words, ground_words, headline
from ringtrue.studies.exposure_output import ALL_PATTERNS, ONE_LOOK
from ringtrue.studies.exposure_output import span as short_digits
from ringtrue.studies.network_records import NetworkRow
from ringtrue.studies.raid_rows import CHANGES
from ringtrue.studies.raid_size import why_words
from ringtrue.studies.relocation_output import ground_name
from ringtrue.studies.sky import LIMITS, sky_sentences, sky_table
from ringtrue.studies.story import closing_answers, leading_answers

if TYPE_CHECKING:
    from ringtrue.finding import Finding
    from ringtrue.studies.claim_rows import ClaimsResult
    from ringtrue.studies.compare_places import ToldOffer
    from ringtrue.studies.compare_records import CompareResult
    from ringtrue.studies.engage import EngageResult
    from ringtrue.studies.exposure_output import ExposureResult
    from ringtrue.studies.network_records import NetworkResult
    from ringtrue.studies.raid_rows import RaidRow
    from ringtrue.studies.relocation_output import RelocationChange, RelocationResult, RelocationRow
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
OTHER_SAMPLES = "other samples of as many draws would move this median by more than 3 %"


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
    return [f"{row.raid}, {row.laydown}", str(row.n_targets), span(row.leak_share, 100.0), *why]


def compare_brief(found: CompareResult) -> Brief:
    """Return one screen of a comparison: a line for each defended place, then every package, raid by raid.

    Fire units against each other close the screen in a sentence; a package without any is no row, for all get past it.
    """
    raids = headline_raids(found)[:MOST_RAIDS]
    n_targets = {row.raid: row.n_targets for row in found.rows}
    head = ["get past, of", "bn USD", *(f"{raid} {n_targets[raid]}" for raid in raids)]
    shown = [offer for offer in found.offers if offer.part == "package" and offer.units]
    rows = [
        [
            offer.laydown,
            "-" if offer.price_bn_usd is None else plain(offer.price_bn_usd),
            *(span(found.raid_row(offer.laydown, raid).leakers) for raid in raids),
        ]
        for offer in shown
    ]
    left_out = [
        f"{n} {what}{'s' if n > 1 else ''}"
        for n, what in (
            (len(headline_raids(found)) - len(raids), "raid"), (len(found.offers) - len(shown), "laydown"),
        )
        if n > 0
    ]  # fmt: skip
    more = f"; {' and '.join(left_out)} more: --full" if left_out else ""
    places = _place_lines(found)
    return Brief(
        answer=tuple(found.answer),
        about=(
            f"{found.title}: {found.terrain}; {found.header.n_draws:,} draws, {found.header.n_replications} raids in "
            f"each. Median [5 to 95 % of draws]{more}."
        ),
        table=(*places, *grid(head, rows)),
        decides=(_causes(found), _sentence(found.headline.verdict.sentence)),
        warnings=(
            *([f"~: {OTHER_SAMPLES}."] if any("~" in line for line in places) else []),
            *found.caveats,
            f"Prices: {NOT_LIKE_FOR_LIKE}.",
            *found.declared,
        ),
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


def _place_lines(found: CompareResult) -> list[str]:
    """A line for each place that is told: the two offers of the answer, in medians."""
    names = (found.headline.a, found.headline.b)
    rows = []
    for place in told_places(found):
        lines = {line.laydown: line for line in place.lines}
        if all(name in lines for name in names):
            raid = lines[names[0]].raid
            aimed = f"{place.asset.name}: {raid.n_aimed} in {raid.raid}"
            rows.append([aimed, *(_place_cell(lines[name]) for name in names)])
    if not rows:
        return []
    target = short_name(found.names[shown_class(found)])
    what = f"Medians: get past of those aimed; residents defended, {target} overhead; warning"
    return [*whole_lines(what, WIDTH), *grid(["place", *(found.offer(name).short for name in names)], rows)]


def _place_cell(line: ToldOffer) -> str:
    people, warning = line.row.people_defended.get(0.0), line.row.warning_s
    held = "n.r." if people is None else f"{_mark(people)}{plain(people.median / 1e6, 2)} M"
    warned = "no warning" if warning is None else f"{_mark(warning)}{plain(warning.median)} s"
    return f"{plain(line.raid.leakers.median)}; {held}; {warned}"


def _mark(found: Finding) -> str:
    return "" if is_settled(found) else "~"


def network_brief(found: NetworkResult) -> Brief:
    """Return one screen of the links: counts not joined, joined, and their difference."""
    before, after = found.question.before, found.question.after
    heads = {said.name: said.heads[CHANGES] for said in columns_of(NetworkRow, CHANGES)}
    rows = []
    for raid in found.raids:
        for change in found.changes_of(found.question, raid).values():
            ends = [next(r for r in found.rows if (r.laydown, r.raid) == (name, raid)) for name in (before, after)]
            a, b = (getattr(row, change.measure, None) for row in ends)
            if change.difference is not None and any(end is not None and end.high > 0.0 for end in (a, b)):
                told = span(settled(change.difference))
                rows.append([f"{raid}: {heads[change.measure]}", _mid(a), _mid(b), told])
    return Brief(
        answer=(found.answer, *found.variant_notes),
        about=(
            f"{found.title}: {before} against {after}; {found.terrain}; {_draws(found)}. Medians a raid; difference "
            "[5 to 95 % of draws]. First launch: of the whole defence, at anything; first shot at a target: target by "
            "target, their mean."
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
    every = [row for row in found.rows if (row.pattern, row.threshold) == (ALL_PATTERNS, ONE_LOOK)]
    rows = []
    for laydown in dict.fromkeys(row.laydown for row in every):
        rows.append([f"{found.names[laydown]}, all patterns of flight:"])
        rows += [
            [f"  {found.names[row.radar].partition(' ')[0]}: {short_name(found.names[row.target])}",
             span(row.minutes_per_hour_on), span(row.share_of_flight, 100.0)]
            for row in every
            if row.laydown == laydown
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
    """Return one screen of a move: place by place and class by class who is under, defended, and lost at home."""
    changes = {(c.terrain, c.laydown, c.target): c for c in found.changes if c.where == found.usual[c.target]}
    shown = [
        row for row in found.rows if row.where == found.usual[row.target] and row.laydown != found.home
    ]  # fmt: skip
    rows: list[list[str]] = []
    for laydown, terrain in dict.fromkeys((row.laydown, row.terrain) for row in shown):
        rows.append([f"{found.names[laydown]}, {ground_name(terrain)}"])
        rows += [
            _moved_cells(found, row, changes.get((terrain, laydown, row.target)))
            for row in shown
            if (row.laydown, row.terrain) == (laydown, terrain)
        ]
    return Brief(
        answer=leading_answers(found),
        about=(
            f"{found.title}: {found.header.n_draws:,} draws. Residents below engageable airspace, of them defended, "
            f"and lost below that of {found.names[found.home]}, millions: median [5 to 95 % of draws]."
        ),
        table=tuple(grid(["place, ground; class", "below", "defended", "lost at home"], rows)),
        decides=(
            _sentence(found.deciding.sentence),
            assumed_sentence(found.assumed_share, found.header.n_draws, f"the {found.deciding.row}"),
        ),
        warnings=(*found.caveats, *found.declared, *found.limits),
    )


def _moved_cells(found: RelocationResult, row: RelocationRow, change: RelocationChange | None) -> list[str]:
    """One class at one place: its residents, in millions."""
    held = row.people_defended[0].people_worst_course if row.people_defended else None
    people = (row.people_under, held, None if change is None else change.people_lost)
    cells = (NOT_RESOLVABLE if one is None else short_digits(one, 1e-6, "-") for one in people)
    return [f"  {short_name(found.names[row.target])}, {row.where}", *cells]


def claims_brief(found: ClaimsResult) -> Brief:
    """Return one screen of the verdicts, one line for each statement."""
    rows = [[row.id, row.statement, *_verdict(row.verdict)] for row in found.rows]
    room = WIDTH - 1 - max((len(verdict) for _, _, verdict, _ in rows), default=0)
    meant = dict.fromkeys(f"“{verdict}” means {verdict} {rest}" for _, _, verdict, rest in rows if rest)
    return Brief(
        answer=found.said_first,
        about=f"{found.file.title}: {found.header.n_draws:,} draws. {'; '.join(meant)}{'.' if meant else ''}",
        table=tuple(
            grid(
                ["statement", "verdict"],
                [[shortened(f"{name}: {statement}", room), verdict] for name, statement, verdict, _ in rows],
            )
        ),
    )


def _verdict(verdict: str) -> tuple[str, str]:
    """Return a verdict in its first words, and the rest of it.

    >>> _verdict("not supported by published figures"), _verdict("depends")
    (('not supported', 'by published figures'), ('depends', ''))
    """
    for word in (" by ", " with "):
        short, found, rest = verdict.partition(word)
        if found:
            return short, f"{word.strip()} {rest}"
    return verdict, ""


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
