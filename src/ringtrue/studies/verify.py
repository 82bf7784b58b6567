"""Recompute every number of the literature that the models claim to reproduce.

A case passes where the recomputed number lies within the tolerance its source allows: absolute, relative, or so many
standard errors of a simulation. What is verified is the formulas; no measured data of these systems exist here.
"""

from __future__ import annotations

import html
import math
from collections import Counter
from dataclasses import dataclass, fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ringtrue.answer import BareAnswer, Head, hidden, key, measure, table, words
from ringtrue.errors import InputError, RingTrueError
from ringtrue.studies.brief import whole_lines
from ringtrue.studies.case_files import (
    KINDS,
    Case,
    from_returned,
    load_cases,
    public_function,
    shipped_files,
)
from ringtrue.studies.measures import MEASURED_BY, measure_path
from ringtrue.toml_files import beside
from ringtrue.units import shown
from ringtrue.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

TITLE = "verification of formulas; no measured data of these systems exist here"
_SIMULATE = "ringtrue.engagement.checks.simulate_check"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case and what came of it; the element farthest from its expectation stands for an array.

    ``difference`` and ``tolerance`` are in the unit of the case. ``trouble`` says why there is no number.
    """

    case: Case
    published: float
    recomputed: float
    difference: float
    tolerance: float
    agrees: bool
    trouble: str = ""

    @property
    def verdict(self) -> str:
        """``agrees``, ``differs``, or ``fails`` where there is no number to compare."""
        return "fails" if self.trouble else ("agrees" if self.agrees else "differs")


def run_cases(
    paths: Sequence[Path | str] | None = None,
    *,
    simulations: bool = True,
    progress: Callable[[str], None] | None = None,
) -> list[CaseResult]:
    """Recompute the cases of the given files, or of all shipped ones.

    Parameters
    ----------
    paths : sequence of path, optional
        Case files; default: those of the package.
    simulations : bool
        Whether to run the cases that are answered by a simulation too (minutes instead of seconds).
    progress : callable, optional
        Called with the id of each case before it is run.

    Returns
    -------
    list of CaseResult
        In the order of the files.

    Raises
    ------
    InputError
        A file cannot be read, holds no case, or holds two of one id. A case that cannot be run fails alone.
    """
    files = shipped_files() if not paths else tuple(Path(p) for p in paths)
    results = []
    for case in load_cases(files):
        if case.simulation and not simulations:
            continue
        if progress:
            progress(case.id)
        results.append(run_case(case))
    return results


def run_case(case: Case) -> CaseResult:
    """Recompute one case and compare; an error inside the model is a failed case, not an exception."""
    try:
        if case.trouble:
            raise InputError(case.trouble)
        if case.simulation:
            return _simulated(case)
        value = _scenario_measure(case) if case.scenario else _called(case)
        return _compare(case, [from_returned(v, case.returns, case.unit) for v in _numbers(value)])
    except Exception as error:
        text = str(error).splitlines()[0] if str(error) else "no text"
        kind = "" if isinstance(error, RingTrueError) else f"{type(error).__name__}: "
        return CaseResult(case, case.expect[0], math.nan, math.nan, math.nan, False, f"{kind}{text}")


def _called(case: Case) -> Any:
    function = public_function(case.function or "")
    value = function(**{name: _argument(given) for name, given in case.args.items()})
    return _picked(value, case.result)


def _own(path: str) -> Callable[..., Any]:
    """Return a function of ours that answers a simulation or a measure; no case file can name it."""
    module, _, name = path.rpartition(".")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


def _argument(given: Any) -> Any:
    if isinstance(given, list) and given and all(isinstance(v, (int, float)) for v in given):
        return np.asarray(given, dtype=np.float64)
    return given


def _scenario_measure(case: Case) -> Any:
    command, path = measure_path(case.measure or "", case.args)
    args = {key: str(case.folder / str(value)) if key == "catalogue" else value for key, value in case.args.items()}
    return _picked(MEASURED_BY[command](_beside(case, case.scenario or ""), **args), path)


def _beside(case: Case, name: str) -> str:
    """Return a path as the case file means it: from its own folder; the name of a shipped scenario stays."""
    return beside(case.folder / case.file, name)


def _picked(value: Any, path: Iterable[str]) -> Any:
    for step in path:
        try:
            if isinstance(value, dict):
                value = value[step]
            elif step.lstrip("-").isdigit():
                value = value[int(step)]
            elif step.startswith("_"):
                raise AttributeError
            else:
                value = getattr(value, step)
        except (KeyError, IndexError, AttributeError, TypeError):
            known = value if isinstance(value, dict) else _names_of(value)
            names = (
                f"; it has {', '.join(map(str, known))}" if known else "; name a field of it, or its position from 0"
            )
            msg = f"result: the answer has no {step!r}{names}"
            raise InputError(msg) from None
    return value


def _names_of(value: Any) -> tuple[str, ...]:
    return tuple(f.name for f in fields(value)) if is_dataclass(value) else getattr(value, "_fields", ())


def _numbers(value: Any) -> list[float]:
    if is_dataclass(value) and not isinstance(value, type):
        value = [getattr(value, f.name) for f in fields(value)]
    try:
        if isinstance(value, str) or callable(value):
            raise TypeError
        return [float(v) for v in np.asarray(value, dtype=np.float64).ravel()]
    except (TypeError, ValueError):
        msg = f"the answer is {shown(value)}, no number; pick a number of it with result"
        raise InputError(msg) from None


def _compare(case: Case, recomputed: list[float]) -> CaseResult:
    if len(recomputed) != len(case.expect):
        trouble = f"{len(case.expect)} numbers expected, {len(recomputed)} came"
        return CaseResult(case, case.expect[0], math.nan, math.nan, math.nan, False, trouble)
    rows = []
    for published, value in zip(case.expect, recomputed, strict=True):
        tolerance = max(case.atol, case.rtol * abs(published))
        difference = value - published
        excess = abs(difference) / tolerance if tolerance else (0.0 if difference == 0 else math.inf)
        rows.append((math.inf if math.isnan(excess) else excess, published, value, difference, tolerance))
    excess, published, value, difference, tolerance = max(rows, key=lambda row: row[0])
    return CaseResult(case, published, value, difference, tolerance, excess <= 1.0)


def _simulated(case: Case) -> CaseResult:
    """Compare within so many standard errors; ``atol`` and ``rtol`` serve cases in which nothing is left to chance."""
    simulate = _own(_SIMULATE)
    mean, standard_error = _numbers(simulate(case.simulation, case.replications, case.seed))[:2]
    exact = max(case.atol, case.rtol * abs(case.expect[0]), 1e-12 * max(1.0, abs(case.expect[0])))
    tolerance = max(case.sigma * standard_error, exact)
    difference = mean - case.expect[0]
    return CaseResult(case, case.expect[0], mean, difference, tolerance, abs(difference) <= tolerance)


def all_agree(results: Sequence[CaseResult]) -> bool:
    """Whether every case agrees; the command line exits with 1 where not."""
    return all(result.agrees for result in results)


def counts(results: Sequence[CaseResult]) -> dict[str, int]:
    """Count the cases: in all, agreeing, printed elsewhere, and by kind of source."""
    by_kind = Counter(result.case.kind for result in results)
    totals = {
        "cases": len(results),
        "agree": sum(result.agrees for result in results),
        "printed_elsewhere": sum(result.case.is_printed_elsewhere for result in results),
        "simulated": sum(result.case.simulation is not None for result in results),
    }
    return totals | {kind: by_kind[kind] for kind in KINDS if by_kind[kind]}


@dataclass(frozen=True, slots=True)
class VerifyRow:
    """One number of the literature: published, recomputed, and whether they agree."""

    id: str = key("Case")
    title: str = words("What is recomputed")
    kind: str = words("Kind of number")
    source: str = words("Where it is published")
    call: str = words("What recomputes it")
    unit: str = words("Unit of the numbers")
    published: float | None = measure("", "Published", "In the unit of the case.", digits=None)
    recomputed: float | None = measure("", "Recomputed", "In the unit of the case.", digits=None)
    difference: float | None = measure("", "Recomputed less published", "In the unit of the case.", digits=3)
    tolerance: float | None = measure("", "Difference that the source allows", "In the unit of the case.", digits=3)
    verdict: str = words("agrees, differs, or fails")
    trouble: str | None = words("Why there is no number", "Null: there is one.")


@dataclass(frozen=True, repr=False)
class VerifyAnswer(BareAnswer):
    """Every published number that the models claim to reproduce."""

    rows: tuple[VerifyRow, ...] = table("Cases")
    results: tuple[CaseResult, ...] = hidden()

    @property
    def agrees(self) -> bool:
        """Whether every case does."""
        return all_agree(self.results)

    @property
    def answer(self) -> str:
        """How many of how many numbers agree."""
        return _summary(self.results)[0]

    @property
    def said_first(self) -> tuple[str, ...]:
        """The sentences with which page and screen begin."""
        return tuple(_summary(self.results))


def verify_answer(results: Sequence[CaseResult]) -> VerifyAnswer:
    """Put the cases into what ``ringtrue verify --json`` prints."""
    rows = (
        VerifyRow(
            id=r.case.id,
            title=r.case.title,
            kind=r.case.kind,
            source=r.case.source.title,
            call=r.case.call,
            unit=r.case.unit,
            published=r.published,
            recomputed=r.recomputed,
            difference=r.difference,
            tolerance=r.tolerance,
            verdict=r.verdict,
            trouble=r.trouble or None,
        )
        for r in results
    )
    return VerifyAnswer(Head(command="verify"), tuple(rows), tuple(results))


def _shown(value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:.0f}" if value == round(value) and abs(value) < 1e12 else f"{value:.12g}"


def _summary(results: Sequence[CaseResult]) -> list[str]:
    total = counts(results)
    lines = [f"{total['agree']} of {total['cases']} numbers agree within the tolerance of their source."]
    fewer = " (where it prints fewer digits, the note of the case quotes it)" if total["printed_elsewhere"] else ""
    lines.append(f"Printed in somebody else's public document: {total['printed_elsewhere']}{fewer}.")
    others = ", ".join(f"{KINDS[k]}: {total[k]}" for k in ("CF", "PKG", "RECALLED") if k in total)
    if others:
        lines.append(f"The rest: {others}.")
    if total["simulated"]:
        lines.append(f"{total['simulated']} are answered by the raid simulation, not by a formula.")
    return lines


def verify_lines(results: Sequence[CaseResult]) -> list[str]:
    """Return the table the command prints, at most 80 columns wide."""
    lines = [f"{'case':<10}{'published':>21}  {'recomputed':>17}{'difference':>11}{'tolerance':>10}  verdict", "-" * 80]
    file = ""
    for r in results:
        if r.case.file != file:
            file = r.case.file
            lines.append(file)
        published = f"{_shown(r.published)} {'' if r.case.unit == '1' else r.case.unit}".strip()
        difference = "-" if math.isnan(r.difference) else f"{r.difference:.1e}"
        tolerance = "-" if math.isnan(r.tolerance) else f"{r.tolerance:.1e}"
        lines.append(
            f"{r.case.id:<10.10}{published:>21.21}  {_shown(r.recomputed):>17.17}{difference:>11}{tolerance:>10}"
            f"  {r.verdict}"
        )
        if r.verdict != "agrees":
            lines.extend(f"           {line}" for line in _wrapped([r.trouble or r.case.title], 68))
    return [*lines, "-" * 80, *(_wrapped(_summary(results))), TITLE[0].upper() + TITLE[1:] + "."]


def _wrapped(lines: Iterable[str], width: int = 80) -> list[str]:
    return [part for line in lines for part in whole_lines(line, width)]


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>RingTrue: {title}</title>
<style>
body{{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:#1b1b1b}}
h1{{font-size:1.5rem}} h2{{font-size:1.1rem;margin-top:2rem}}
table{{border-collapse:collapse;width:100%;font-size:.86rem}}
th,td{{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #ddd;vertical-align:top}}
td.n,th.n{{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}}
td code{{font-size:.8rem;color:#444;overflow-wrap:anywhere}} td.id{{white-space:nowrap}} li{{overflow-wrap:anywhere}}
 .differs,.fails{{background:#fbe3e0}} small{{color:#555}}
.wide{{overflow-x:auto}} @media print{{body{{margin:0;max-width:none}} tr{{break-inside:avoid}}}}
</style></head><body>
<h1>RingTrue: {title}</h1>
{summary}
{tables}
<h2>Sources</h2>
<ul>{sources}</ul>
</body></html>
"""


def write_html(results: Sequence[CaseResult], path: Path | str) -> Path:
    """Write the table as one self-contained page; nothing in it is loaded from elsewhere.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    target = Path(path)
    summary = "".join(f"<p>{html.escape(line)}</p>" for line in _summary(results))
    files = list(dict.fromkeys(r.case.file for r in results))
    tables = "".join(_html_table(file, [r for r in results if r.case.file == file]) for file in files)
    listed = {(r.case.source.title, r.case.source.address) for r in results}
    sources = "".join(
        f"<li>{html.escape(title)}" + (f" <small>{html.escape(address)}</small>" if address else "") + "</li>"
        for title, address in sorted(listed)
    )
    page = _PAGE.format(title=html.escape(TITLE), summary=summary, tables=tables, sources=sources)
    write_whole(target, page.encode("utf-8", errors="replace"))
    return target


def _html_table(file: str, results: list[CaseResult]) -> str:
    rows = []
    for r in results:
        note = f"<br><small>{html.escape(r.trouble or r.case.note)}</small>" if r.trouble or r.case.note else ""
        unit = "" if r.case.unit == "1" else f" {html.escape(r.case.unit)}"
        difference = "-" if math.isnan(r.difference) else f"{r.difference:.2e}"
        tolerance = "-" if math.isnan(r.tolerance) else f"{r.tolerance:.2e}"
        rows.append(
            f'<tr class="{r.verdict}"><td class="id">{html.escape(r.case.id)}</td>'
            f"<td>{html.escape(r.case.title)}{note}<br><code>{html.escape(r.case.call.removeprefix('ringtrue.'))}</code></td>"
            f'<td class="n">{_shown(r.published)}{unit}</td><td class="n">{_shown(r.recomputed)}{unit}</td>'
            f'<td class="n">{difference}</td><td class="n">{tolerance}</td>'
            f"<td>{html.escape(r.case.kind)}: {html.escape(r.case.source.title)}</td><td>{r.verdict}</td></tr>"
        )
    head = (
        '<tr><th>case</th><th>what</th><th class="n">published</th><th class="n">recomputed</th>'
        '<th class="n">difference</th><th class="n">tolerance</th><th>source</th><th>verdict</th></tr>'
    )
    return f'<h2>{html.escape(file)}</h2><div class="wide"><table>{head}{"".join(rows)}</table></div>'
