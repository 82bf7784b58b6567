"""One draw of a raid as the kernel reads it: few arrays, one row a field, so that the kernel compiles quickly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ringtrue.engagement.spec import OF_A_DRAW, ROWS, WINDOWS, DrawTables, layout, lengths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.engagement.case import RaidCase
    from ringtrue.engagement.spec import CaseArrays, FlagArray

USUAL_WINDOWS = 7


class CaseTables(NamedTuple):
    """The tables of all draws of a case.

    ``tables`` (draw|1, [row,] ...) by name, but for the windows; ``sizes`` of the axes of those. ``sight`` (draw|1,
    row, target, sample) of the rows whose windows are looked for; ``carries`` (draw, unit, interceptor) has rounds.
    """

    arrays: CaseArrays
    tables: dict[str, NDArray[Any]]
    sizes: dict[str, int]
    sight: FlagArray
    carries: NDArray[np.bool_]


def case_tables(case: RaidCase) -> CaseTables:
    """Stack the rows of every table once for all draws."""
    a = case.arrays
    rows = _worked_out(a)
    n_units, n_targets, n_samples = a.slant_range_m.shape
    sight = np.concatenate(_of_one_length(a.guide_sight, a.guide_sight_turned), 1) if rows["turns"] else a.guide_sight
    n_copied = n_units if rows["turns"] or rows["fires_remote"] else 0
    sizes = {
        "row": sight.shape[1] + n_copied, "target": n_targets, "interceptor": len(case.interceptors),
        "sample": n_samples, "end": 2,
    }  # fmt: skip
    carries = np.zeros((case.n_draws, n_units, len(case.interceptors)), dtype=np.bool_)
    draw, launcher = np.nonzero(a.launcher_rounds > 0)
    carries[draw, a.launcher_unit[launcher], a.launcher_round[launcher]] = True
    tables = {name: _table(name, a, rows) for name in OF_A_DRAW if name not in WINDOWS}
    return CaseTables(a, tables, sizes, sight, carries)


def _of_one_length(*arrays: FlagArray) -> list[FlagArray]:
    """The same arrays with draw axes of one length."""
    longest = max(array.shape[0] for array in arrays)
    return [np.broadcast_to(array, (longest, *array.shape[1:])) for array in arrays]


def _worked_out(a: CaseArrays) -> dict[str, NDArray[np.generic]]:
    """Rows that follow from the fields of a case."""
    has_aim = (a.aim_asset >= 0) | (a.aim_unit >= 0)
    ends_s = a.time_s[:, :, -1]
    return {
        "has_aim": has_aim,
        "impact_order": np.lexsort((ends_s, np.broadcast_to(~has_aim, ends_s.shape))),
        "arrival_order": np.argsort(ends_s, kind="stable", axis=-1),
        "turns": np.asarray(np.isfinite(a.slew_s).any()),
        "fires_remote": np.asarray((a.fires_on_shared_track & a.shares_track).any()),
    }


def _table(name: str, a: CaseArrays, worked_out: dict[str, NDArray[np.generic]]) -> NDArray[Any]:
    """Stack the rows of one table with a draw axis before them, of length 1 where no draw changes any."""
    element, axes = layout(name)
    fields = ROWS.get(name, (name,))
    n_axes = len(axes) - (name in ROWS)
    rows = [np.asarray(worked_out[row] if row in worked_out else getattr(a, row)) for row in fields]
    rows = [row if row.ndim > n_axes else row[None] for row in rows]
    if name not in ROWS:
        return rows[0]
    n_draws = max(row.shape[0] for row in rows)
    stacked = np.stack([np.broadcast_to(row, (n_draws, *row.shape[1:])) for row in rows], axis=1)
    return np.ascontiguousarray(stacked, dtype=element)


def prepared(case: CaseTables, draw: int) -> Any:
    """Tables of one draw, with room for as many launch windows as its paths open."""
    from ringtrue.engagement._kernels import find_windows

    a, sizes = case.arrays, case.sizes

    def of_draw(array: NDArray[Any]) -> Any:
        return array[draw % array.shape[0]]

    tables = {name: of_draw(table) for name, table in case.tables.items()}
    sight = of_draw(case.sight)
    found = slice(sizes["row"] - sight.shape[0], None)
    room = USUAL_WINDOWS + 1
    while True:
        windows = {name: np.empty(lengths(sizes | {"window": room}, name), layout(name).element) for name in WINDOWS}
        if not find_windows(
            tables["time_s"], a.slant_range_m, a.altitude_m, a.height_m, sight, a.needs_sight, a.envelope[draw],
            a.target_class, a.flight_range_m, a.flight_s[draw], case.carries[draw],
            *(windows[name][found] for name in ("launch_s", "pace_hz", "window")),
            *(row[found] for row in windows["span_s"]),
        ):  # fmt: skip
            return DrawTables(**tables, **windows)
        room *= 4
