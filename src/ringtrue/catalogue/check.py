"""Count what the catalogue rests on, and find what the loader cannot refuse but a reader should know."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from ringtrue.catalogue.load import parameters_of

if TYPE_CHECKING:
    from ringtrue.catalogue.records import Catalogue, Parameter

_RANK = {"A": 0, "B": 1, "C": 2, "none": 3}


@dataclass(frozen=True)
class CheckReport:
    """What `check` counted and found.

    ``origins`` counts figures by origin and ``confidences`` by confidence, each figure once however often it is
    repeated (``repeated``). ``estimated`` counts third parties' estimates among them, ``completed`` figures with a low,
    nominal or high that no source prints, ``resting`` those that are assumed, estimated or completed. ``problems`` must
    be mended, ``notices`` should be known. ``reread`` counts figures that were looked up in their source again, with
    place and paraphrase; ``unread`` holds, by reason, the addresses of those that could not be; ``not_looked_up``
    the addresses of the other figures with a source. ``on_record`` holds, by reason, the addresses that no answer
    reads.
    """

    n_sources: int
    n_facts: int
    n_figures: int
    repeated: int
    origins: dict[str, int]
    confidences: dict[str, int]
    estimated: int
    completed: int
    resting: int
    problems: tuple[str, ...]
    notices: tuple[str, ...]
    reread: int
    unread: dict[str, tuple[str, ...]]
    not_looked_up: tuple[str, ...]
    on_record: dict[str, tuple[str, ...]]

    @property
    def assumed_share(self) -> float:
        """Share of the figures that nobody published whole as a fact: assumed, completed by hand, or estimated."""
        return self.resting / self.n_figures if self.n_figures else 0.0


def _derivation_problems(parameter: Parameter, by_id: dict[str, Parameter]) -> list[str]:
    problems = []
    if parameter.origin == "derived" and not re.search(r"\d", parameter.note):
        problems.append(f"{parameter.id}: the note of a derived value shows no arithmetic; write the numbers down")
    for address in parameter.inputs:
        if address not in by_id:
            problems.append(f"{parameter.id}: input {address!r} is not in the catalogue; mend the address")
        elif _RANK[by_id[address].confidence] > _RANK[parameter.confidence]:
            problems.append(
                f"{parameter.id}: confidence {parameter.confidence} is above that of its input {address} "
                f"({by_id[address].confidence}); lower it"
            )
    return problems


def check(catalogue: Catalogue) -> CheckReport:
    """Count figures by origin and look for weak places.

    Problems: a derived value without arithmetic, or more trusted than one of its stated inputs. Notices: sources nobody
    cites, cross-sections narrower than a factor of ten (the class is not known that well), assumptions without width.

    Examples
    --------
    >>> from ringtrue.catalogue.load import load_catalogue
    >>> check(load_catalogue()).problems
    ()
    """
    everything = parameters_of(catalogue)
    by_id = {parameter.id: parameter for parameter in everything}
    own = [parameter for parameter in everything if not parameter.copied_from]
    problems = [text for p in own for text in _derivation_problems(p, by_id)]

    used = {source for p in everything for source in (p.source, *p.also)}
    used |= {source for fact in catalogue.facts.values() for source in fact.sources}
    used |= {source for clause in catalogue.clauses.values() for source in clause.sources}
    used |= {system.quote_source for system in catalogue.systems.values()}
    notices = [f"source {source} is cited nowhere" for source in catalogue.sources if source not in used]
    notices += [
        f"{p.id}: {p.printed} is narrower than a factor of ten"
        for p in own
        if p.id.startswith("target.") and ".rcs." in p.id and p.low < p.high < 10.0 * p.low * (1.0 - 1e-12)
    ]
    bare = sum(p.origin == "assumed" and p.low == p.high for p in own)
    if bare:
        notices.append(f"{bare} assumptions are single values: conventions, geometry, or variants beside them")
    return CheckReport(
        n_sources=len(catalogue.sources),
        n_facts=len(catalogue.facts),
        n_figures=len(own),
        repeated=len(everything) - len(own),
        origins=dict(Counter(p.origin for p in own)),
        confidences=dict(Counter(p.confidence for p in own)),
        estimated=sum(p.estimated for p in own),
        completed=sum(bool(p.by_hand) for p in own),
        resting=sum(p.rests_on_assumption for p in own),
        problems=tuple(problems),
        notices=tuple(notices),
        reread=sum(bool(p.locator) for p in own),
        unread=_by_reason(own, "unread"),
        not_looked_up=tuple(p.id for p in own if p.source and not p.locator and not p.unread),
        on_record=_by_reason([p for p in everything if p.on_record], "on_record"),
    )


def _by_reason(own: list[Parameter], key: str) -> dict[str, tuple[str, ...]]:
    """Addresses of the figures that give a reason under ``key``, by that reason."""
    by_reason: dict[str, list[str]] = {}
    for parameter in own:
        reason: str = getattr(parameter, key)
        if reason:
            by_reason.setdefault(reason, []).append(parameter.id)
    return {reason: tuple(ids) for reason, ids in by_reason.items()}


def check_lines(report: CheckReport) -> list[str]:
    """Return a report as text.

    >>> from ringtrue.catalogue.load import load_catalogue
    >>> check_lines(check(load_catalogue()))[2].split()[1]
    'read'
    """
    counts = [f"{report.origins.get(origin, 0):5d}  {origin}" for origin in ("read", "via", "derived", "assumed")]
    return [
        f"{report.n_figures} figures from {report.n_sources} sources, {report.n_facts} dated facts",
        f"({report.repeated} further fields repeat a figure given elsewhere)",
        *counts,
        f"{report.estimated:5d}  of them third parties' estimates",
        f"{report.completed:5d}  of them with a low, middle or high added by hand",
        f"{100.0 * report.assumed_share:4.0f} % rest on an assumption, an addition or an estimate",
        f"{report.reread:5d}  with a source were read again there, with place and paraphrase",
        f"{sum(map(len, report.unread.values())):5d}  could not be read again",
        f"{len(report.not_looked_up):5d}  with a source were not looked up again",
        f"{sum(map(len, report.on_record.values())):5d}  on record only: no answer reads them",
        *(
            line
            for head, ids in (
                *((f"not read again ({reason})", ids) for reason, ids in report.unread.items()),
                ("not looked up again", report.not_looked_up),
            )
            if ids
            for line in wrap(f"{head}: {', '.join(ids)}", 100, subsequent_indent="    ", break_on_hyphens=False)
        ),
        *(f"on record only ({reason}): {len(ids)}, such as {ids[0]}" for reason, ids in report.on_record.items()),
        *(f"problem: {text}" for text in report.problems),
        *(f"notice: {text}" for text in report.notices),
    ]
