"""The schema of scenario files, read off the records: what reading, error texts and the reference page go by."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from ringtrue.catalogue.records import Confidence, Spread
from ringtrue.scenario.keys import Key, Table, table_of
from ringtrue.scenario.records import ScenarioFile

if TYPE_CHECKING:
    from collections.abc import Iterator

SPREAD = Table(
    "A quantity with a spread: `{ low, nominal, high, reason }`, or `{ value, … }` without spread. Each number carries "
    'its unit (`low = "5 km"`), or all are plain and `unit` stands beside them. Without a source it is an assumption '
    "and wants a reason.",
    (
        Key("low", "quantity", "least value"),
        Key("nominal", "quantity", "middle value"),
        Key("high", "quantity", "greatest value"),
        Key("value", "quantity", "the one value, instead of the three"),
        Key("unit", "text", "unit of plain numbers, such as `km`; left out where each number carries its own"),
        Key("spread", "choice", "how draws are spread between low and high", choices=get_args(Spread)),
        Key("reason", "text", "why this value and this width: wanted for every assumption"),
        Key("source", "text", "id of a source in the catalogue; a value without one is an assumption"),
        Key("confidence", "choice", "of a value with a source", choices=get_args(Confidence)[:3]),
    ),
)

SCENARIO = table_of(ScenarioFile)


def sections(table: Table = SCENARIO, address: str = "") -> Iterator[tuple[str, Table]]:
    """Yield every table with its address, as the reference page and a header in a file write it.

    >>> [address for address, _ in sections()][:4]
    ['', '[area]', '[[place]]', '[[laydown]]']
    """
    yield address, table
    for key in table.keys:
        if key.table is not None:
            inner = f"{address.strip('[]')}.{key.name}".lstrip(".")
            yield from sections(key.table, f"[[{inner}]]" if key.kind == "tables" else f"[{inner}]")
