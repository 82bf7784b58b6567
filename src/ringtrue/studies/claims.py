"""Verdicts on what was said: every testable statement against the models, by one rule and never by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ringtrue.answer import Header
from ringtrue.errors import InputError
from ringtrue.finding import DRAWS, NOMINAL, Finding, finding, percent, plain, quantity_text, share_interval
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.deciding import LEAST_DRAWS, NOTHING_DECIDES, assumed_part, break_even, decides, weigh_first
from ringtrue.sensing.run import Run, stoppable
from ringtrue.studies.brief import whole_lines
from ringtrue.studies.claim_measures import MEASURES, Bench, Outcome, Unanswerable
from ringtrue.studies.claim_records import (
    DATE,
    QUOTED_KINDS,
    Claim,
    ClaimsFile,
    load_claims,
)
from ringtrue.studies.claim_rows import ClaimRow, ClaimsResult, DecidingUnknown, LeadingUnknown, VariantShare, claim_row
from ringtrue.studies.telling import told

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ringtrue.sensing.deciding import Weighed
    from ringtrue.sensing.ledger import Figure, Ledger
    from ringtrue.studies.claim_measures import Asked, Form, Measure
    from ringtrue.studies.claim_records import Criterion, Kind, Verdict

    FloatArray = NDArray[np.float64]

HOLDS, FAILS = 0.95, 0.05
FURTHER_DRAWS = (1000, 4000)
"""How many draws a claim is tested with anew while one of the rule's bounds lies inside the interval of its shares."""
MODELLED = ("coverage", "comparison", "exposure")
_TOLD_KINDS = ("money", "knowledge", "schedule")
AXIS_WORDS = {
    "from": "figure taken", "offer": "reading of the contract", "fact": "statement taken", "laydown": "package",
    "system": "fit", "altitude": "altitude", "target": "class of target", "first": "day counted from",
    "raid": "raid", "mast": "mast",
}  # fmt: skip
RULE = (
    "supported: holds in 95 % of draws or more, in every variant; not supported by published figures: in 5 % or fewer, "
    "in every variant; depends: anything between; arithmetic/quotation: a print that differs from its sources. "
    "A share counts with its interval over samples of draws (Wilson, 5 to 95 %); where a bound lies inside, up to "
    f"{max(FURTHER_DRAWS):,} draws are made; where it lies there still, it depends. "
    "Coverage is an upper bound: no clutter, crew error, jamming or leakage."
)


@stoppable
def claims(
    path: Path | None, run: Run, *, ids: Collection[str] = (), measures: Mapping[str, Measure] = MEASURES
) -> ClaimsResult:
    """Test every claim of a file.

    Parameters
    ----------
    path : Path or None
        A claims file; None: the shipped one.
    run : Run
        Figures (another catalogue may give other verdicts), draws behind each share, and the ground of the variant
        ``terrain``; ``bare earth`` is always the smooth earth.
    ids : collection of str
        Claims to test, those of the file that are named so; all when it is empty.
    measures : mapping
        What a file may name; a study that can do more hands in `MEASURES` and its own rows.

    Raises
    ------
    InputError
        The file, or a claim's argument, does not fit: file, claim, key.
    """
    file = load_claims(path, {name: measure.spec for name, measure in measures.items()})
    if ids:
        file = replace(file, claims=tuple(claim for claim in file.claims if claim.id in ids))
    scenario = load_scenario(file.scenario)
    bench = Bench(run, scenario)
    rows = []
    for i, claim in enumerate(file.claims):
        run.tell("testing claims", i, len(file.claims))
        for source in claim.sources:
            if source not in run.catalogue.sources:
                msg = f"{file.name}: claim {claim.id}: source {source!r} is not in the catalogue"
                raise InputError(msg)
        rows.append(_row(bench, file, claim, measures))
    header = Header(
        command="claims", scenario_hash=scenario.content_hash, catalogue_hash=run.catalogue.content_hash, seed=run.seed,
        n_draws=run.n_draws,
    )  # fmt: skip
    return claims_result(header, file, tuple(rows))


def claims_result(header: Header, file: ClaimsFile, rows: tuple[ClaimRow, ...]) -> ClaimsResult:
    """Count verdicts and what leads over the rows of a claims file."""
    leading = Counter(row.deciding.leading for row in rows if row.deciding is not None and row.deciding.leading)
    modelled = [r.assumed_share for r in rows if r.kind in MODELLED and r.assumed_share is not None]
    name, n = next(iter(leading.most_common(1)), (None, 0))
    return ClaimsResult(
        header,
        file,
        rows,
        dict(sorted(Counter(row.verdict for row in rows).items())),
        float(np.mean(modelled)) if modelled else None,
        LeadingUnknown(name, n),
        RULE,
    )


class Between(NamedTuple):
    """Between which shares of draws a claim holds in one variant: a sampling interval, or twice the same share."""

    low: float
    high: float


def verdict_of(kind: Kind, shares: Sequence[Between]) -> Verdict:
    """Return the verdict that the rule makes of the intervals of the shares of draws in which a claim holds.

    Parameters
    ----------
    kind : Kind
        A quotation or a sum that differs from its sources has a verdict of its own.
    shares : sequence of Between
        One for each variant.

    Examples
    --------
    >>> verdict_of("coverage", [Between(0.98, 1.0), Between(0.95, 0.99)])
    'supported'
    >>> verdict_of("coverage", [Between(0.94, 0.99)]), verdict_of("coverage", [Between(0.0, 0.02), Between(0.98, 1.0)])
    ('depends', 'depends')
    >>> verdict_of("coverage", [Between(0.0, 0.05)]), verdict_of("quotation", [Between(0.0, 0.0)])
    ('not supported by published figures', 'arithmetic/quotation')
    """
    if min(share.low for share in shares) >= HOLDS:
        return "supported"
    if max(share.high for share in shares) <= FAILS:
        return "arithmetic/quotation" if kind in QUOTED_KINDS else "not supported by published figures"
    return "depends"


def is_open(shares: Sequence[Between]) -> bool:
    """Whether more draws could yet make a firm verdict of 'depends': no interval rules that verdict out.

    >>> is_open([Between(0.94, 0.99)]), is_open([Between(0.9, 0.94)])
    (True, False)
    >>> is_open([Between(0.0, 0.06), Between(0.98, 1.0)]), is_open([Between(0.98, 1.0)])
    (False, False)
    """
    if min(share.low for share in shares) >= HOLDS or max(share.high for share in shares) <= FAILS:
        return False
    return min(share.high for share in shares) >= HOLDS or max(share.low for share in shares) <= FAILS


def _row(bench: Bench, file: ClaimsFile, claim: Claim, measures: Mapping[str, Measure]) -> ClaimRow:
    if claim.criterion is None:
        needs = f"{claim.reason} Needed: {', '.join(claim.needs)}."
        return claim_row(claim, "not answerable with public figures", needs)
    measure = measures[claim.measure]
    try:
        tested = _tested(bench, claim, claim.criterion, measure)
        for n_draws in FURTHER_DRAWS:
            if n_draws > bench.run.n_draws and is_open(_shares(tested)):
                bench = _with_draws(bench, n_draws)
                tested = _tested(bench, claim, claim.criterion, measure)
    except Unanswerable as reason:
        return claim_row(claim, "not answerable with public figures", f"{reason}.")
    except InputError as error:
        msg = f"{file.name}: claim {claim.id}: {error}"
        raise InputError(msg) from None
    verdict = verdict_of(claim.kind, _shares(tested))
    found = _deciding(bench.run.ledger, claim, claim.criterion, tested) if verdict == "depends" else None
    parts = [part for part in (_assumed(bench.run.ledger, outcome) for _, outcome in tested) if part is not None]
    assumed = float(np.mean(parts)) if parts else None
    variants = tuple(variant for variant, _ in tested)
    return claim_row(claim, verdict, claim.reading, variants, found, assumed, _draws_behind(bench, tested))


def _assumed(ledger: Ledger, outcome: Outcome) -> float | None:
    """Part of the spread that goes with assumed figures; an estimate says it of the answer that it divides up."""
    return outcome.assumed if outcome.is_estimate else assumed_part(_weighed(ledger, outcome, _drawn(outcome), 0))


def _draws_behind(bench: Bench, tested: list[tuple[VariantShare, Outcome]]) -> int | None:
    """Most draws behind a share of the row; a measure may take the first of the run only. None: nothing is drawn."""
    behind = [
        bench.run.n_draws if outcome.is_estimate else outcome.values.size - 1
        for _, outcome in tested
        if outcome.values.size > 1
    ]
    return max(behind, default=None)


def _with_draws(bench: Bench, n_draws: int) -> Bench:
    """Return the bench with so many draws, on the same seed, figures and ground; made once for all claims."""
    run = bench.run

    def more() -> Run:
        return Run(
            run.catalogue, run.model, n_draws=n_draws, seed=run.seed, threads=run.threads, progress=run.progress,
            cancel=run.cancel,
        )  # fmt: skip

    return replace(bench, run=run.once(("claims", "draws", n_draws), more))


def _tested(bench: Bench, claim: Claim, criterion: Criterion, measure: Measure) -> list[tuple[VariantShare, Outcome]]:
    """Measure each variant and count the draws in which the claim holds."""
    tested = []
    for words, args in claim.cases():
        outcome = measure.function(bench, args)
        drawn = _drawn(outcome)
        share, low, high = _held(criterion, outcome)
        is_date = measure.spec.si == DATE
        nominal = float(outcome.values[NOMINAL])
        value = None
        if not is_date:
            made = finding(claim.measure, measure.spec.si, drawn, nominal=nominal)
            value = replace(made, one_raid=outcome.one_raid)
        asked = outcome.asked
        figure = None if asked is None else replace(_figure(asked), one_raid=outcome.one_raid)
        variant = VariantShare(
            words, share, value, None if is_date else measure.spec.si, outcome.text, low, high, figure,
            None if asked is None else asked.si,
            outcome.text if asked is None or figure is None else _in_words(figure, asked.form) + asked.then,
            claim.command_of(args),
        )  # fmt: skip
        tested.append((variant, outcome))
    return tested


def _held(criterion: Criterion, outcome: Outcome) -> tuple[float, float, float]:
    """Share of draws in which a claim holds, with its interval; of one number 0 or 1, and what its estimates leave."""
    if outcome.values.size == 1:
        share = float(criterion.holds(outcome.values[NOMINAL]))
        return share, share, share
    held = criterion.holds(_drawn(outcome))
    if not outcome.is_estimate:
        return (float(np.mean(held)), *share_interval(int(np.sum(held)), held.size))
    low, high = (float(np.mean(held)) >= bound for bound in (HOLDS, FAILS))
    return float(criterion.holds(outcome.values[NOMINAL])), float(low), float(high)


def _shares(tested: list[tuple[VariantShare, Outcome]]) -> list[Between]:
    return [Between(variant.share_low, variant.share_high) for variant, _ in tested]


def _figure(asked: Asked) -> Finding:
    """Return the figure that a reader asks about; of a source's, its low, nominal and high figure."""
    if not asked.is_drawn:
        low, nominal, high = asked.values.tolist()
        return Finding(asked.what, asked.si, low, nominal, high, nominal=nominal)
    drawn = asked.values[DRAWS] if asked.values.size > 1 else asked.values
    return finding(asked.what, asked.si, drawn, nominal=float(asked.values[NOMINAL]))


def _in_words(figure: Finding, form: Form) -> str:
    """Write a figure with its unit, and its interval where it has one."""
    middle, low, high = (_FORMS[form](end, figure.unit) for end in (figure.median, figure.low, figure.high))
    if low == high:
        return f"{figure.name} {middle}"
    unit = " " + middle.rpartition(" ")[2]
    if middle.endswith(unit) and low.endswith(unit) and high.endswith(unit):
        low = low.removesuffix(unit)
    return f"{figure.name} {middle} ({low} to {high})"


_FORMS: dict[Form, Callable[[float, str], str]] = {
    "quantity": quantity_text,
    "exact": lambda value, si: f"{plain(value / 1e6, 6)} MUSD" if si == "USD" else quantity_text(value, si),
    "percent": lambda value, _si: percent(value),
    "people": lambda value, _si: f"{plain(value / 1e6, 2)} million",
    "minutes": lambda value, _si: f"{plain(value / 60.0, 2)} min",
    "days": lambda value, _si: f"{value / 86_400.0:,.0f} days",
    "years": lambda value, _si: f"{plain(value / (365.25 * 86_400.0), 2)} years",
}


def _drawn(outcome: Outcome) -> Any:
    return outcome.values[DRAWS] if outcome.values.size > 1 else outcome.values


def _weighed(ledger: Ledger, outcome: Outcome, answer: FloatArray, n_bootstrap: int) -> Weighed:
    return weigh_first(ledger.candidates(outcome.uses), answer, n_bootstrap=n_bootstrap)


def _deciding(
    ledger: Ledger, claim: Claim, criterion: Criterion, tested: list[tuple[VariantShare, Outcome]]
) -> DecidingUnknown:
    """Say what an answer turns on: the variant where variants differ more than draws do, else a drawn unknown."""
    shares = np.array([variant.share for variant, _ in tested])
    between, within = float(shares.var()), float(np.mean(shares * (1.0 - shares)))
    nearest = int(np.argmin(np.abs(shares - 0.5)))
    if between > within:
        found = _by_variant(claim, [variant for variant, _ in tested], shares)
        if found.break_even or not FAILS < shares[nearest] < HOLDS:
            return found
        inside = _by_draws(ledger, criterion, *tested[nearest])
        return replace(
            found, turning=inside.turning, unit=inside.unit, break_even=inside.break_even,
            sentence=f"{found.sentence}; among draws, {inside.sentence}",
        )  # fmt: skip
    return _by_draws(ledger, criterion, *tested[nearest])


def _by_variant(claim: Claim, variants: list[VariantShare], shares: Any) -> DecidingUnknown:
    effects: dict[str, float] = {}
    means: dict[str, list[str]] = {}
    for axis, values in claim.variants:
        by_value = [[v.share for v in variants if v.variant[axis] == value] for value in values]
        effects[axis] = float(np.var([np.mean(group) for group in by_value]))
        means[axis] = [
            f"{_value_text(value)}: {_percent(group)}" for value, group in zip(values, by_value, strict=True)
        ]
    axis = max(effects, key=lambda name: (effects[name], name))
    stands_clear = effects[axis] > 0.5 * float(shares.var())
    words = AXIS_WORDS.get(axis, axis)
    turn = _turn_along(axis, variants)
    sentence = f"{'it turns on' if stands_clear else 'no single variant decides; largest is'} the {words}"
    sentence += f" (holds in {'; '.join(means[axis])})"
    if turn is None:
        return DecidingUnknown(words if stands_clear else None, words, None, "", (), sentence)
    sentence += f"; break-even at {plain(turn.value)} {turn.unit}{turn.where}"
    return DecidingUnknown(words if stands_clear else None, words, words, turn.unit, (turn.value,), sentence)


def _percent(shares: Sequence[float]) -> str:
    low, high = min(shares), max(shares)
    return f"{100 * low:.0f} %" if low == high else f"{100 * low:.0f} to {100 * high:.0f} %"


class _Turn(NamedTuple):
    value: float
    unit: str
    where: str


def _turn_along(axis: str, variants: list[VariantShare]) -> _Turn | None:
    """Where along a variant of numbers the share passes one half, all other variants held; None: nowhere."""
    groups: dict[str, list[tuple[float, str, float]]] = {}
    for variant in variants:
        number = _leading_number(variant.variant[axis])
        if number is None:
            return None
        rest = {name: value for name, value in variant.variant.items() if name != axis}
        groups.setdefault(_words_text(rest), []).append((*number, variant.share))
    for rest_text, rows in groups.items():
        rows.sort()
        if len(rows) > 1:
            crossings = break_even([row[0] for row in rows], [row[2] - 0.5 for row in rows]).crossings
            if crossings:
                return _Turn(crossings[0], rows[0][1], f" ({rest_text})" if rest_text else "")
    return None


def _value_text(value: Any) -> str:
    return " + ".join(str(v) for v in value) if isinstance(value, list) else str(value)


def _leading_number(value: Any) -> tuple[float, str] | None:
    """Read ``"7 m"`` as (7.0, "m"); None for anything that is not one number and a unit."""
    words = str(value).split()
    try:
        return float(words[0]), " ".join(words[1:])
    except (IndexError, ValueError):
        return None


def _by_draws(ledger: Ledger, criterion: Criterion, variant: VariantShare, outcome: Outcome) -> DecidingUnknown:
    margin = np.asarray(criterion.margin(_drawn(outcome)))
    weighed = _weighed(ledger, outcome, margin, 200)
    if weighed.assumed is None:
        return DecidingUnknown(None, "", None, "", (), f"{NOTHING_DECIDES}; use {LEAST_DRAWS} draws or more")
    verdict, top = decides(weighed), weighed.shares[0]
    leading = ledger.figure_of(top.stream, top.figures)
    turns: tuple[float, ...] = ()
    if leading is not None:
        turns = break_even(leading.values[: margin.size], margin).crossings
    at = f" ({_words_text(variant.variant)})" if variant.variant else ""
    sentence = verdict.sentence if verdict.name else f"{verdict.sentence}; {top.name} leads"
    if leading is None:
        return DecidingUnknown(verdict.name, top.name, top.name, "", (), sentence + at)
    if turns:
        sentence += f"; the answer turns round at {' and '.join(quantity_text(v, leading.unit) for v in turns[:3])}"
    else:
        sentence += f"; on average no value within its spread turns the answer round{_ends_text(leading, margin)}"
    return DecidingUnknown(verdict.name, top.name, top.name, leading.unit, turns[:3], sentence + at)


def _ends_text(figure: Figure, margin: FloatArray) -> str:
    """Say in which share of draws a claim holds at either end of a figure's spread."""
    values = figure.values[: margin.size]
    low, high = np.quantile(values, [0.1, 0.9])
    ends = [float(np.mean(margin[values <= low] >= 0.0)), float(np.mean(margin[values >= high] >= 0.0))]
    at = [quantity_text(float(v), figure.unit) for v in (low, high)]
    return f": it holds in {100 * ends[0]:.0f} % of draws up to {at[0]} and in {100 * ends[1]:.0f} % from {at[1]} on"


def _words_text(words: dict[str, Any]) -> str:
    return ", ".join(f"{name} {_value_text(value)}" for name, value in words.items())


def claims_lines(result: ClaimsResult, width: int = 80) -> list[str]:
    """Return the verdicts as text of at most ``width`` columns."""
    counts = Counter(row.verdict for row in result.rows)
    lines = [*whole_lines(result.file.title, width), ""]
    for row in result.rows:
        said = f"{row.report} ({row.place})" if row.place else row.report
        lines.extend(whole_lines(f"{said}  {row.id}: {row.statement}", width))
        if row.tested:
            lines.extend(_wrapped(f"tested: {row.tested}", width))
        lines.extend(_wrapped(f"-> {'; '.join([row.verdict + _shares_text(row), *told(row)])}", width))
        if row.verdict == "arithmetic/quotation" or row.kind in _TOLD_KINDS:
            for variant in row.variants:
                lines.extend(_wrapped(variant.text, width))
        elif row.variants:
            lines.extend(_wrapped(_figure_text(row), width))
        if row.deciding is not None:
            lines.extend(_wrapped(row.deciding.sentence, width))
        if row.verdict == "not answerable with public figures":
            lines.extend(_wrapped(row.reason, width))
        if row.command:
            lines.extend(_wrapped(f"$ {row.command}", width))
        lines.append("")
    lines.extend(f"{n:4}  {verdict}" for verdict, n in sorted(counts.items()))
    lines.append("")
    head = result.header
    lines.extend(whole_lines(f"{len(result.rows)} claims, {head.n_draws} draws, seed {head.seed}. {RULE}", width))
    return lines


def _wrapped(text: str, width: int) -> list[str]:
    return whole_lines(text, width, first="    ", rest="      ")


def _figure_text(row: ClaimRow) -> str:
    """Write the figure of the first variant, which the command shows, and how the others go from least to greatest."""
    first, others = row.variants[0], row.variants[1:]
    where = f"{_words_text(first.variant)}: " if first.variant else ""
    if not others:
        return f"{where}{first.told}"
    told = [(v.figure.median, v.told.removeprefix(f"{v.figure.name} ")) for v in others if v.figure is not None]
    if len(told) < len(others) or len(others) == 1:
        return "; ".join(f"{_words_text(v.variant)}: {v.told}" for v in row.variants)
    return f"{where}{first.told}; {len(others)} other variants: from {min(told)[1]} to {max(told)[1]}"


def _shares_text(row: ClaimRow) -> str:
    if row.share is None or all(v.value is None or v.value.low == v.value.high for v in row.variants):
        return ""
    n = len(row.variants)
    span = _percent((row.share.low, row.share.high))
    n_draws = f"{row.n_draws:,} draws" if row.n_draws else "draws"
    return f" (holds in {span} of {n_draws}, {n} variant{'s' if n > 1 else ''})"
