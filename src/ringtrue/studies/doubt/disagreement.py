"""Where sources disagree: the same answer with one source's own figures in place of the pooled ones.

What rivals a figure stands in the catalogue beside it (``rival_max_range`` beside ``max_range``), with its own source,
and is never drawn; here it is put in its place, one source at a time.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from ringtrue.catalogue.load import parameters_of, with_parameters
from ringtrue.finding import finding
from ringtrue.sensing.ledger import KINDS, record_name
from ringtrue.studies.doubt.records import RivalRow, SourceRow
from ringtrue.studies.doubt.sample import sample

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ringtrue.catalogue.records import Catalogue, Parameter
    from ringtrue.scenario.records import Scenario
    from ringtrue.sensing.run import Run
    from ringtrue.studies.doubt.findings import Asked

BESIDE = ".rival_"
SHIPPED = "shipped"


class Rival(NamedTuple):
    """A figure that is drawn, and what another source prints in its place."""

    drawn: Parameter
    printed: Parameter


def rivals_of(catalogue: Catalogue, uses: Iterable[str]) -> tuple[Rival, ...]:
    """Return the rivals of figures that an answer reads, in the order of the catalogue.

    Examples
    --------
    >>> from ringtrue.catalogue.load import load_catalogue
    >>> found = rivals_of(load_catalogue(), ["interceptor.40n6e.envelope.aircraft.max_range"])
    >>> [(one.printed.source, one.printed.printed) for one in found]
    [('C07', '314 km'), ('C12', '150 / 175 / 200 km')]
    """
    known = {p.id: p for p in parameters_of(catalogue)}
    wanted = {_origin(address, known) for address in uses}
    found = []
    for address, printed in known.items():
        record, is_rival, rest = address.partition(BESIDE)
        drawn = known.get(f"{record}.{rest.partition('.')[0]}") if is_rival else None
        if drawn is not None and printed.source and not printed.copied_from and _origin(drawn.id, known) in wanted:
            found.append(Rival(drawn, printed))
    return tuple(found)


def _origin(address: str, known: Mapping[str, Parameter]) -> str:
    """Follow an entry to the one it repeats."""
    while address in known and known[address].copied_from:
        address = known[address].copied_from
    return address


def under(catalogue: Catalogue, rivals: Iterable[Rival]) -> Catalogue:
    """Return the catalogue with what rivals print in place of what is drawn; entries that repeat a figure follow it."""
    new: dict[str, Parameter] = {}
    known = {p.id: p for p in parameters_of(catalogue)}
    for rival in rivals:
        origin = _origin(rival.drawn.id, known)
        for one in known.values():
            if _origin(one.id, known) == origin:
                new[one.id] = _in_place_of(one, rival.printed)
    digest = blake2b(catalogue.content_hash.encode(), digest_size=16)
    for address in sorted(new):
        digest.update(f"{address}={new[address].printed} {new[address].source};".encode())
    changed: Catalogue = with_parameters(catalogue, new)
    return replace(changed, content_hash=digest.hexdigest())


def _in_place_of(drawn: Parameter, printed: Parameter) -> Parameter:
    """What a source prints, at the address of what is drawn."""
    return replace(
        printed, id=drawn.id, label=drawn.label, group=drawn.group, on_record="", copied_from=drawn.copied_from
    )  # fmt: skip


def rival_rows(catalogue: Catalogue, rivals: Iterable[Rival]) -> tuple[RivalRow, ...]:
    """Say of every figure that two sources print whether their intervals meet; a source at odds with itself is none."""
    return tuple(
        RivalRow(
            one.drawn.id, _figure_words(one.drawn, catalogue), one.drawn.source, one.printed.source,
            one.drawn.printed, one.printed.printed,
            one.drawn.low <= one.printed.high and one.printed.low <= one.drawn.high,
        )
        for one in rivals
        if one.drawn.source and one.printed.source and one.drawn.source != one.printed.source
    )  # fmt: skip


def changed_by_user(catalogue: Catalogue, uses: Iterable[str]) -> tuple[Rival, ...]:
    """Return the figures that an answer reads and a catalogue of the user's gives otherwise than the shipped one."""
    from ringtrue.catalogue.load import load_catalogue

    shipped_catalogue = load_catalogue()
    if shipped_catalogue.content_hash == catalogue.content_hash:
        return ()
    shipped = {p.id: p for p in parameters_of(shipped_catalogue)}
    own = {p.id: p for p in parameters_of(catalogue)}
    return tuple(
        Rival(own[address], shipped[address])
        for address in sorted(set(uses) & set(own) & set(shipped))
        if _amount(own[address]) != _amount(shipped[address])
    )


def _amount(figure: Parameter) -> tuple[float, float, float, str]:
    return figure.low, figure.nominal, figure.high, figure.spread


def source_rows(
    asked: Asked,
    run: Run,
    rivals: Iterable[Rival],
    by_user: Iterable[Rival] = (),
    *,
    scenario: Scenario | None,
    n_replications: int,
) -> tuple[SourceRow, ...]:
    """Ask once with the pooled figures and once with those of each source, on the same draws and the same luck.

    A source that prints two figures in place of one has a row for each. Figures that the user's own catalogue changes
    are asked with as shipped, in one row.
    """
    by_source: dict[tuple[str, str], list[Rival]] = {}
    for one in rivals:
        named = one.printed.id.partition(BESIDE)[2].partition(".")[2]
        by_source.setdefault((one.printed.source or "", named), []).append(one)
    for one in by_user:
        by_source.setdefault((SHIPPED, SHIPPED), []).append(one)
    if not by_source:
        return ()

    def values(catalogue: Catalogue) -> tuple[float, ...]:
        own = replace(run, catalogue=catalogue)
        found = sample([asked], own, scenario=scenario, n_replications=n_replications, stage="source by source")
        return tuple(found.outputs[asked.text].mean(axis=1).tolist())

    said, pooled = asked.said, values(run.catalogue)
    middle = finding(said.label, said.unit, pooled)
    rows = [SourceRow("", "all sources, as drawn", "pooled", (), "", middle, 1.0, None)]
    for (source, named), own in by_source.items():
        found = values(under(run.catalogue, own))
        value = finding(said.label, said.unit, found)
        shift = finding(said.label, said.unit, [a - b for a, b in zip(found, pooled, strict=True)])
        rows.append(
            SourceRow(
                source, *_printer(run.catalogue, source, named),
                tuple(one.drawn.id for one in own), "; ".join(_says(one, run.catalogue) for one in own), value,
                value.median / middle.median if middle.median else None, shift,
            )
        )  # fmt: skip
    return tuple(rows)


def _printer(catalogue: Catalogue, source: str, named: str) -> tuple[str, str]:
    """Who prints a figure, and what kind of source that is."""
    if source == SHIPPED:
        return "the shipped catalogue", SHIPPED
    return _publisher(catalogue, source, named), catalogue.sources[source].kind


def _publisher(catalogue: Catalogue, source: str, named: str) -> str:
    """Who prints a figure; a source that prints several says which of them it is.

    >>> from ringtrue.catalogue.load import load_catalogue
    >>> shipped = load_catalogue()
    >>> _publisher(shipped, "K1", "K1, least"), _publisher(shipped, "C12", "FOI 2019")
    ('Cielo Cerrado, least', 'FOI 2019, in Báo Nghệ An')
    """
    publisher = catalogue.sources[source].publisher
    return f"{publisher}{named.removeprefix(source)}" if named.startswith(source) else f"{named}, in {publisher}"


def _says(rival: Rival, catalogue: Catalogue) -> str:
    """What a source prints, and what is drawn.

    >>> from ringtrue.catalogue.load import load_catalogue
    >>> shipped = load_catalogue()
    >>> _says(rivals_of(shipped, ["interceptor.40n6e.envelope.aircraft.max_range"])[0], shipped)
    'greatest range of the 40N6E against aircraft: 314 km, not 400 km'
    """
    return f"{_figure_words(rival.drawn, catalogue)}: {rival.printed.printed}, not {rival.drawn.printed}"


def _figure_words(figure: Parameter, catalogue: Catalogue) -> str:
    """What a figure is called in the middle of a sentence: its label and its record."""
    section, name, *rest = figure.id.split(".")
    shelves: dict[str, Mapping[str, Any]] = {
        "interceptor": catalogue.interceptors, "radar": catalogue.radars, "launcher": catalogue.launchers,
        "fire-unit": catalogue.fire_units, "system": catalogue.systems, "target": catalogue.targets,
    }  # fmt: skip
    record = shelves.get(section, {}).get(name)
    words = f"{figure.label[:1].lower()}{figure.label[1:]}"
    words += f" of the {record_name(record)}" if record is not None else f" ({figure.id})"
    return f"{words} against {KINDS[rest[1]]}" if rest[:1] == ["envelope"] and rest[1] in KINDS else words
