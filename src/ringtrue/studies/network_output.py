"""The cut-the-wire study as text of 80 columns and as JSON."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from ringtrue import __version__
from ringtrue.finding import LEVEL, plain, whole_percent
from ringtrue.sensing.assumed import assumed_json, assumed_sentence
from ringtrue.studies.compare_answer import span
from ringtrue.studies.compare_differences import number
from ringtrue.studies.compare_output import interval_or_null
from ringtrue.studies.network_records import MEASURES

if TYPE_CHECKING:
    from ringtrue.studies.network_records import NetworkResult

LINK_COLUMNS = (("share tracks", 14), ("coordinate fire", 17), ("identify", 10), ("fire on", 9))
TEXT_MEASURES = ("leakers", "rounds_fired", "double engagements", "first_fire_s", "friendly engagements")


def network_lines(result: NetworkResult, width: int = 80) -> list[str]:
    """Return the study as text; the answer comes last."""
    lines = [
        f"{result.title}: cut the wire",
        f"{result.terrain}; {result.n_draws} draws, {result.n_replications} replications; 5 to 95 % of draws",
        "",
        "pairs of the same fire units" + "".join(word.rjust(w) for word, w in LINK_COLUMNS),
    ]
    lines += [
        f"{v.id[:27]:<28}" + "".join(str(n).rjust(w) for n, (_, w) in zip(v.n_links, LINK_COLUMNS, strict=True))
        for v in result.variants
    ]
    for raid, title in result.raids.items():
        lines += ["", *textwrap.wrap(f"{raid}: {title} (an assumption); middle draw", width)]
        heads = ("leakers", "rounds", "doubles", "first fire", "friends shot")
        lines.append(" " * 22 + "".join(head.rjust(11 if i < 4 else 14) for i, head in enumerate(heads)))
        for row in (r for r in result.rows if r.raid == raid):
            first = "never" if row.first_fire_s is None else f"{row.first_fire_s.median:,.0f} s"
            numbers = (row.leakers, row.rounds_fired, row.double_engagements)
            lines.append(
                f"{row.variant[:21]:<22}{''.join(plain(f.median).rjust(11) for f in numbers)}{first:>11}"
                f"{plain(row.friendly_engagements.median):>14}"
            )
        ends = [(r.variant, r.leakers.one_raid) for r in result.rows if r.raid == raid and r.leakers.one_raid]
        if ends:
            told = "; ".join(f"{name} {plain(low)} to {plain(high)}" for name, (low, high) in ends)
            words = f"leakers in one raid, 5 to 95 % of draws and luck: {told}"
            lines += textwrap.wrap(words, width, subsequent_indent="  ")
        before, after = result.variants[0].id, result.variants[-1].id
        lines.append(f"{after} less {before}, same luck:")
        for change in result.changes:
            if (change.raid, change.before, change.after) == (raid, before, after) and change.measure in TEXT_MEASURES:
                unit = " s" if change.unit == "s" else ""
                shares = f"less {whole_percent(change.p_less)}, equal {whole_percent(change.p_equal)} of draws"
                told = f"  {change.label:<21}{span(change.difference)}{unit}; {shares}"
                lines += textwrap.wrap(told, width, subsequent_indent=" " * 23)
        late = next(x for x in result.late_starts if (x.raid, x.before, x.after) == (raid, before, after))
        shares = f"later {whole_percent(late.p_later)}, sooner {whole_percent(late.p_sooner)} of targets"
        told = f"  {'first shot at target':<21}{span(late.later_s)} s; {shares}"
        lines += textwrap.wrap(told, width, subsequent_indent=" " * 23)
        heard = next(x for x in result.warnings if (x.raid, x.before, x.after) == (raid, before, after))
        words = (
            f"{span(heard.sooner_s)} s sooner; known {whole_percent(heard.known_before)}, then "
            f"{whole_percent(heard.known_after)} of targets"
        )
        lines += textwrap.wrap(f"  {'known to a fire unit':<21}{words}", width, subsequent_indent=" " * 23)
        lines.append(f"  {'radars that turn':<21}{plain(heard.turned_before)}, then {plain(heard.turned_after)} a raid")
    lines += ["", f"Identification swept, raid {result.sweep_raid}: leakers; friendly engagements"]
    for setting in dict.fromkeys((s.setting, s.label) for s in result.sweeps):
        lines += textwrap.wrap(f"{setting[1]}:", width)
        for sweep in (s for s in result.sweeps if s.setting == setting[0]):
            value = f"{number(sweep.value)}{' s' if sweep.unit == 's' else ''}"
            leak, friend = sweep.values["leakers"], sweep.values["friendly engagements"]
            lines.append(f"  {value:<7}{sweep.variant[:21]:<22}{span(leak):>24}{span(friend):>24}")
    lines += [
        "",
        *(line for note in result.notes for line in textwrap.wrap(f"- {note}", width, subsequent_indent="  ")),
    ]
    words = assumed_sentence(result.assumed_share, result.n_draws, "the spread")
    hangs_on = f"Of the {result.deciding_row}: {result.deciding.sentence}. {words}"
    return [*lines, "", *textwrap.wrap(hangs_on, width), "", *textwrap.wrap(result.answer, width)]


def network_json(result: NetworkResult) -> dict[str, Any]:
    """Return the JSON object; ``rows`` hold one variant in one raid each."""
    return {
        "command": "network",
        "version": __version__,
        "scenario": result.name,
        "scenario_hash": result.scenario_hash,
        "catalogue_hash": result.catalogue_hash,
        "seed": result.seed,
        "n_draws": result.n_draws,
        "n_replications": result.n_replications,
        "level": LEVEL,
        "terrain": result.terrain,
        "answer": result.answer,
        "variants": [
            {
                "id": v.id,
                "title": v.title,
                "units": v.n_units,
                "shares_track": v.n_shares_track,
                "coordinates_fire": v.n_coordinates_fire,
                "identifies_for": v.n_identifies_for,
                "fires_on_shared_track": v.n_fires_on_shared_track,
            }
            for v in result.variants
        ],
        "rows": [
            {
                "variant": row.variant,
                "raid": row.raid,
                "n_targets": row.n_targets,
                "leakers": row.leakers.interval(),
                "rounds_fired": row.rounds_fired.interval(),
                "double_engagements": row.double_engagements.interval(),
                "wasted_rounds": row.wasted_rounds.interval(),
                "first_fire_s": None if row.first_fire_s is None else row.first_fire_s.interval(),
                "friendly_engagements": row.friendly_engagements.interval(),
                "friendly_kills": row.friendly_kills.interval(),
                "friendly_losses_per_pass": interval_or_null(row.friendly_losses_per_pass),
                "friendly_losses_per_pass_2003": interval_or_null(row.friendly_losses_per_pass_2003),
                "cost_defender_usd": row.cost_defender_usd.interval(),
                "noise_share": float(f"{row.noise_share:.6g}"),
                "warning_s": {uid: None if found is None else found.interval() for uid, found in row.warning_s.items()},
            }
            for row in result.rows
        ],
        "changes": [
            {
                "raid": c.raid,
                "before": c.before,
                "after": c.after,
                "measure": c.label,
                "unit": c.unit,
                "difference": c.difference.interval(),
                "p_less": float(f"{c.p_less:.6g}"),
                "p_equal": float(f"{c.p_equal:.6g}"),
            }
            for c in result.changes
        ],
        "late_starts": [
            {
                "raid": x.raid,
                "before": x.before,
                "after": x.after,
                "later_s": x.later_s.interval(),
                "p_later": float(f"{x.p_later:.6g}"),
                "p_sooner": float(f"{x.p_sooner:.6g}"),
                "share_in_both": float(f"{x.share_in_both:.6g}"),
            }
            for x in result.late_starts
        ],
        "warnings": [
            {
                "raid": x.raid,
                "before": x.before,
                "after": x.after,
                "sooner_s": x.sooner_s.interval(),
                "p_sooner": float(f"{x.p_sooner:.6g}"),
                "p_later": float(f"{x.p_later:.6g}"),
                "known_before": float(f"{x.known_before:.6g}"),
                "known_after": float(f"{x.known_after:.6g}"),
                "radars_turned_before": float(f"{x.turned_before:.6g}"),
                "radars_turned_after": float(f"{x.turned_after:.6g}"),
            }
            for x in result.warnings
        ],
        "sweeps": [
            {
                "setting": s.setting,
                "label": s.label,
                "unit": s.unit,
                "value": float(f"{s.value:.6g}"),
                "variant": s.variant,
                "raid": s.raid,
                "values": {MEASURES[name][0]: found.interval() for name, found in s.values.items()},
                "less_first_variant": {MEASURES[name][0]: found.interval() for name, found in s.from_first.items()},
            }
            for s in result.sweeps
        ],
        "assumed_share": assumed_json(result.assumed_share),
        "deciding": {"row": result.deciding_row, **result.deciding.as_json()},
        "declared": list(result.declared),
        "notes": list(result.notes),
    }
