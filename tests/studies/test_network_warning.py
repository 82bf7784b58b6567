"""Warning through the rooms: scenario, sight, kernel, trace, network study."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ringtrue.errors import InputError
from ringtrue.studies.case_files import load_cases, shipped_files
from ringtrue.studies.measures import exposure_row, network_warning, offer_figures
from ringtrue.studies.network_late import FirstTimes, early_warning, warning_s
from ringtrue.studies.verify import run_case


def _folder() -> Path:
    return next(path for path in shipped_files() if path.name == "end_to_end.toml").parent / "rooms"


@pytest.mark.parametrize("case_id", ["V-X04.4", "V-X04.5", "V-X04.6", "V-X07.3", "V-F02.3", "V-F04.4", "V-F06.2"])
def test_closed_form_is_met_through_the_rooms(case_id: str) -> None:
    case = next(c for c in load_cases(shipped_files()) if c.id == case_id)
    assert case.scenario is not None
    assert run_case(case).agrees


def _changed(tmp_path: Path, old: str, new: str) -> float:
    text = (_folder() / "warning.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "warning.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return network_warning(
        str(path), unit="battery", raid="flyer", catalogue=str(_folder() / "catalogue"), dem="none"
    ).gain_s


def test_latency_takes_its_share_of_the_gain(tmp_path: Path) -> None:
    whole = _changed(tmp_path, "latency = { value", "latency = { value")
    late = _changed(tmp_path, 'latency = { value = "0 s"', 'latency = { value = "30 s"')
    # the far stretch ends 1,837.1 s before arrival: a track told later than that is told after the path has ended
    assert whole == pytest.approx(1630.7089, abs=0.1)
    assert late < whole - 1000.0


def test_small_latency_is_subtracted_to_the_second(tmp_path: Path) -> None:
    whole = _changed(tmp_path, "latency = { value", "latency = { value")
    late = _changed(tmp_path, 'latency = { value = "0 s"', 'latency = { value = "0.5 s"')
    assert whole - late == pytest.approx(0.5, abs=0.01)


def test_lower_sensor_gains_less(tmp_path: Path) -> None:
    assert _changed(tmp_path, 'sensor_height = "10000 m"', 'sensor_height = "2000 m"') < 100.0


def test_an_offer_without_a_price_is_refused() -> None:
    with pytest.raises(InputError, match="has no price"):
        offer_figures("turkey-2019", offer="s-400-second")
    with pytest.raises(InputError, match="has no offer 's-400-fore'; did you mean"):
        offer_figures("turkey-2019", offer="s-400-fore")


def test_a_line_the_ledger_does_not_have_is_refused() -> None:
    scenario, catalogue = str(_folder() / "exposure.toml"), str(_folder() / "catalogue")
    with pytest.raises(InputError, match="no line 'battery leg f-16 radio"):
        exposure_row(
            scenario, unit="battery", pattern="leg", target="f-16", role="radio", catalogue=catalogue, dem="none",
            ground_altitude_m=0.0,
        )  # fmt: skip


def test_wrong_choices_are_refused_with_a_sentence() -> None:
    scenario, catalogue = str(_folder() / "warning.toml"), str(_folder() / "catalogue")
    with pytest.raises(InputError, match="no unit 'batery'"):
        network_warning(scenario, unit="batery", raid="flyer", catalogue=catalogue, dem="none")
    with pytest.raises(InputError, match="no raid 'flier'"):
        network_warning(scenario, unit="battery", raid="flier", catalogue=catalogue, dem="none")


def test_warning_is_counted_over_known_targets_only() -> None:
    """Two draws, and the nominal case behind them."""
    end = np.full((3, 3), 100.0)
    known = np.array([[[10.0, np.nan, 40.0]], [[np.nan, np.nan, np.nan]], [[20.0, np.nan, np.nan]]])
    times = FirstTimes(("u",), ("a", "b", "c"), known, end, end, np.zeros(len(end), dtype=np.int64))
    found = warning_s(times)["u"]
    assert found[0] == 75.0
    assert np.isnan(found[1])
    assert found[2] == 80.0
    same = early_warning("r", "x", "y", times, times)
    assert (same.sooner_s.high, same.p_sooner, same.p_later, same.known_before) == (0.0, 0.0, 0.0, 2 / 6)
