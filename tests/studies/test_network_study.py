"""The wire cut: the same batteries with fewer links, on the same luck."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from ringtrue.answer import answer_schema
from ringtrue.catalogue.load import load_catalogue
from ringtrue.errors import InputError
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run
from ringtrue.studies.compare_raids import RaidSetting
from ringtrue.studies.network import network, swept_rules
from ringtrue.studies.network_late import late_start
from ringtrue.studies.network_output import network_lines
from ringtrue.studies.network_records import NetworkResult

VARIANTS = ["alone", "both", "both-picture", "both-picture-and-fire", "both-networked"]


def run(threads: int | None = None, **options: object) -> NetworkResult:
    return network(
        load_scenario("turkey-2019"), Run(load_catalogue(), open_model("none"), n_draws=20, threads=threads),
        raid_ids=("mixed-40",), n_replications=10, **options,
    )  # fmt: skip


@pytest.fixture(scope="module")
def wire() -> NetworkResult:
    return run()


def test_variants_run_from_no_link_to_all(wire: NetworkResult) -> None:
    assert [v.id for v in wire.variants] == VARIANTS
    first, *_, last = wire.variants
    assert (first.shares_track, first.coordinates_fire, first.identifies_for) == (0, 0, 0)
    assert last.shares_track == last.coordinates_fire == last.identifies_for == 30  # 6 units, all pairs
    assert {v.units for v in wire.variants} == {6}


def test_fire_coordination_saves_double_engagements(wire: NetworkResult) -> None:
    names = ("both-picture", "both-picture-and-fire", "double_engagements")
    step = next(c for c in wire.changes if (c.before, c.after, c.measure) == names)
    assert step.difference.high <= 0.0
    assert step.difference.median < 0.0
    # a draw in which the radars find too little for two units to fire at once has no doubles either way
    assert step.p_less + step.p_equal == pytest.approx(1.0)
    assert step.p_less > 0.8


def test_identification_for_each_other_saves_friends(wire: NetworkResult) -> None:
    rows = {row.laydown: row for row in wire.rows}
    assert rows["both-networked"].friendly_engagements.median < rows["alone"].friendly_engagements.median


def test_steps_add_up_to_the_whole(wire: NetworkResult) -> None:
    # paired differences: the mean of the whole is the sum of the means of the steps; medians need not be
    rows = {row.laydown: row for row in wire.rows}
    whole = next(c for c in wire.changes if (c.before, c.after, c.measure) == ("alone", "both-networked", "leakers"))
    assert whole.difference.low - 1.0 <= rows["both-networked"].leakers.median - rows["alone"].leakers.median
    assert len(wire.changes) == 5 * 7


def test_no_error_no_friend_shot_by_mistake(wire: NetworkResult) -> None:
    swept = [s for s in wire.sweeps if s.setting == "p_friendly_taken_for_hostile" and s.laydown == "alone"]
    assert swept[0].value == 0.0
    shot = [s.values["friendly_engagements"].median for s in swept]
    assert shot[0] == 0.0
    assert shot == sorted(shot)
    assert shot[-1] > 0.0


def test_late_identification_leaks_more(wire: NetworkResult) -> None:
    for variant in ("alone", "both-networked"):
        leak = [
            s.values["leakers"].median
            for s in wire.sweeps
            if (s.setting, s.laydown) == ("identification_delay_s", variant)
        ]
        assert len(leak) == 3
        assert leak[-1] > leak[0]


def test_sweep_of_the_first_variant_differs_from_itself_by_nothing(wire: NetworkResult) -> None:
    for sweep in wire.sweeps:
        if sweep.laydown == "alone":
            assert all(f.low == f.high == 0.0 for f in sweep.less_first_variant.values())


def test_sharing_tracks_never_makes_first_shots_later_in_the_middle(wire: NetworkResult) -> None:
    late = next(x for x in wire.late_starts if (x.before, x.after) == ("alone", "both-networked"))
    assert late.later_s.median <= 0.0
    assert late.p_sooner >= late.p_later


@pytest.mark.slow
def test_same_bytes_for_one_and_two_threads(wire: NetworkResult) -> None:
    assert json.dumps(run(threads=1).as_json(), allow_nan=False) == json.dumps(wire.as_json(), allow_nan=False)


def test_json_fits_its_schema_and_every_finding_has_its_nominal_case(wire: NetworkResult) -> None:
    found = json.loads(json.dumps(wire.as_json(), allow_nan=False))
    jsonschema.validate(found, answer_schema(NetworkResult))
    for row in found["rows"]:
        assert "one_raid" in row["leakers"]
        assert row["leakers"]["nominal"] is not None
    for change in found["changes"]:
        assert change["difference"]["nominal"] is not None


def test_every_rule_of_identification_is_swept_as_the_doctrine_and_the_classes_have_it(wire: NetworkResult) -> None:
    """No list of rules: those that the doctrine lays over a class, over the width of the classes that take part."""
    widths: dict[str, list[float]] = {}
    for sweep in wire.sweeps:
        if sweep.laydown == "alone":
            widths.setdefault(sweep.setting, []).append(sweep.value)
    assert widths == {
        "identification_delay_s": [5.0, 10.0, 60.0],
        "p_hostile_taken_for_friendly": [0.0, 0.02, 0.1],
        "p_friendly_taken_for_hostile": [0.0, 0.02, 0.1],
        "p_friendly_taken_for_hostile_shared": [0.0, 0.002, 0.02],
    }
    drones = replace(load_scenario("turkey-2019"), friendly=())
    setting = RaidSetting(drones, Run(load_catalogue(), open_model("none"), n_draws=1), 1)
    rules = {swept.rule: swept.over.high for swept in swept_rules(setting, drones.raid("drones-24"))}
    assert rules == {"identification_delay_s": 30.0, "p_hostile_taken_for_friendly": 0.05}


def test_what_a_sweep_holds_is_no_longer_left_out_of_what_decides(wire: NetworkResult) -> None:
    """The ledger of the run keeps what was drawn: delays and errors of the classes are candidates."""
    figures = {figure for share in wire.deciding.shares for figure in share.figures}
    assert any(figure.endswith(".identification_delay") for figure in figures)


def test_text_keeps_its_width_and_ends_with_the_answer(wire: NetworkResult) -> None:
    lines = network_lines(wire)
    assert max(map(len, lines)) <= 80
    assert " ".join(lines).endswith(wire.answer)


def test_late_start_without_any_shot() -> None:
    never = np.full((2, 3), np.nan)
    late = late_start("r", "a", "b", never, never)
    assert (late.later_s, late.share_in_both) == (None, 0.0)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (("both", "patriot"), "differ in units"),
        (("both", "bot"), "has no laydown 'bot'"),
    ],
)
def test_laydowns_that_cannot_be_compared(wanted: tuple[str, ...], words: str) -> None:
    with pytest.raises(InputError) as caught:
        run(laydown_ids=wanted)
    assert words in str(caught.value)


def test_scenario_without_a_wire() -> None:
    story = load_scenario("turkey-2019")
    lone = replace(story, laydowns=tuple(x for x in story.laydowns if x.id in ("neither", "one-patriot", "patriot")))
    with pytest.raises(InputError, match="differ by their network alone"):
        network(lone, Run(load_catalogue(), open_model("none"), n_draws=2), n_replications=1)
