"""The public face for notebooks: names only, one calling convention.

>>> import ringtrue.api as rt
>>> found = rt.audit("s-400", at="Samsun", targets=["drone"], heights="100 m", dem="none", draws=10)
>>> found.rows[0].target
'one-way-uav'

Every study (`audit`, `engage`, `compare`, `network`, `exposure`, `relocation`, `claims`, `timeline`,
`sensitivity`, `worth`, `verify`) gives a `Result`. `sweep` asks one again with other figures. `load_scenario`,
`load_catalogue` and `open_model` give the records that a study also takes by name or path. `radar` and `geo` hold the
formulas.
"""

from __future__ import annotations

from ringtrue.cancel import Cancel, Cancelled
from ringtrue.catalogue.load import load_catalogue
from ringtrue.errors import DomainError, InputError, RingTrueError
from ringtrue.face import geo, radar
from ringtrue.face.plot import Chart
from ringtrue.face.result import Result
from ringtrue.face.studies import (
    audit,
    claims,
    compare,
    engage,
    exposure,
    network,
    relocation,
    sensitivity,
    timeline,
    verify,
    worth,
)
from ringtrue.face.sweep import sweep
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario

__all__ = [
    "Cancel",
    "Cancelled",
    "Chart",
    "DomainError",
    "InputError",
    "Result",
    "RingTrueError",
    "audit",
    "claims",
    "compare",
    "engage",
    "exposure",
    "geo",
    "load_catalogue",
    "load_scenario",
    "network",
    "open_model",
    "radar",
    "relocation",
    "sensitivity",
    "sweep",
    "timeline",
    "verify",
    "worth",
]
