"""One number of a scenario, as a case file asks for it: ``scenario``, ``measure`` and ``args``.

``measure`` is ``audit.FIELD`` with a field of a ring-audit row and, where that is a finding, ``low``, ``median`` or
``high`` (``audit.seen_area_km2.median``). ``args`` choose the row: ``unit`` (a uid of the scenario), ``target``,
``height_m`` or ``altitude_m``; and may set ``heading``, ``k_factor``, ``dem`` (``"none"`` for bare earth), ``draws``
and ``seed``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringtrue.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from ringtrue.coverage.records import AuditRow

CHOICES = {
    "audit": ("unit", "target", "height_m", "altitude_m", "heading", "k_factor", "dem", "draws", "seed"),
}


def measure_path(measure: str, choices: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Split a measure into command and path, and check that the choices belong to it.

    >>> measure_path("audit.seen_area_km2.median", {"unit": "a", "target": "f-16", "height_m": 50.0})
    ('audit', ('seen_area_km2', 'median'))

    Raises
    ------
    InputError
        The command or a choice is not known, or the path is missing.
    """
    command, _, path = measure.partition(".")
    if command not in CHOICES or not path:
        msg = f"measure: wanted COMMAND.FIELD, COMMAND one of {', '.join(CHOICES)}; given: {measure!r}"
        raise InputError(msg)
    for key in choices:
        if key not in CHOICES[command]:
            msg = f"args: {command} knows no choice {key!r}{did_you_mean(key, CHOICES[command])}"
            raise InputError(msg)
    return command, tuple(path.split("."))


def audit_row(
    scenario_name: str,
    *,
    unit: str,
    target: str,
    height_m: float | None = None,
    altitude_m: float | None = None,
    heading: str = "inbound",
    k_factor: float | None = None,
    dem: str | None = None,
    draws: int = 100,
    seed: int = 1,
) -> AuditRow:
    """Audit one unit of a scenario against one target at one level, and return the row.

    Raises
    ------
    InputError
        The scenario has no such unit, or the audit refuses the question.
    """
    from ringtrue.catalogue.load import load_catalogue
    from ringtrue.coverage.audit import audit
    from ringtrue.coverage.records import AuditQuestion
    from ringtrue.geo.elevation import open_model
    from ringtrue.scenario.load import load_scenario

    scenario = load_scenario(scenario_name)
    units = {u.uid: u for laydown in scenario.laydowns for u in laydown.units}
    if unit not in units:
        msg = f"scenario {scenario.name!r} has no unit {unit!r}{did_you_mean(unit, units)}"
        raise InputError(msg)
    if (height_m is None) == (altitude_m is None):
        msg = "wanted exactly one of height_m and altitude_m"
        raise InputError(msg)
    asked = units[unit]
    question = AuditQuestion(
        asked.system if asked.fit is None else f"{asked.system}:{asked.fit}",
        asked.latitude_deg,
        asked.longitude_deg,
        (target,),
        () if height_m is None else (float(height_m),),
        () if altitude_m is None else (float(altitude_m),),
        heading=heading,  # type: ignore[arg-type]
        mast_m=asked.mast_height_m,
        k_factor=k_factor,
        n_draws=draws,
        seed=seed,
    )
    return audit(question, load_catalogue(), open_model(dem)).rows[0]
