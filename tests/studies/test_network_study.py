"""What it costs not to be joined: the same batteries with fewer links, on the same luck."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from ringtrue.answer import answer_schema
from ringtrue.catalogue.load import load_catalogue
from ringtrue.errors import InputError
from ringtrue.finding import DRAWS
from ringtrue.geo.elevation import open_model
from ringtrue.report.network_page import network_page
from ringtrue.report.page import Table
from ringtrue.scenario.links import links_of
from ringtrue.scenario.load import load_scenario
from ringtrue.scenario.records import Scenario
from ringtrue.sensing.run import Run
from ringtrue.studies import claim_measures
from ringtrue.studies.compare import compare
from ringtrue.studies.compare_raids import RaidSetting
from ringtrue.studies.network import network, swept_rules
from ringtrue.studies.network_answer import pair_notes
from ringtrue.studies.network_late import late_start
from ringtrue.studies.network_output import network_lines
from ringtrue.studies.network_records import NetworkResult
from ringtrue.studies.network_variants import variants_of
from ringtrue.studies.raid_rows import changed_measures

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


def test_the_pair_of_the_question_comes_first_then_the_links_inside_then_the_steps(wire: NetworkResult) -> None:
    assert [(p.role, p.before, p.after) for p in wire.pairs] == [
        ("question", "both", "both-networked"),
        ("inside", "alone", "both"),
        ("step", "both", "both-picture"),
        ("step", "both-picture", "both-picture-and-fire"),
        ("step", "both-picture-and-fire", "both-networked"),
    ]
    assert "each system with its own kind only" in wire.question.text
    assert len(wire.changes) == 5 * 7
    assert (wire.changes[0].before, wire.changes[0].after) == ("both", "both-networked")
    assert {v.id: v.across_systems for v in wire.variants}["both"] == 0
    assert wire.deciding.row.startswith("leakers of both-networked less both")


def test_steps_add_up_to_the_pair_of_the_question(wire: NetworkResult) -> None:
    # luck is taken out of each difference by itself; the nominal case keeps it, so it adds up
    for said in changed_measures():
        nominal = {role: [] for role in ("question", "inside", "step")}
        for pair in wire.pairs:
            nominal[pair.role].append(wire.changes_of(pair, "mixed-40")[said.name].difference.nominal)
        assert sum(nominal["step"]) == pytest.approx(nominal["question"][0], abs=1e-9)


def test_no_error_no_friend_shot_by_mistake(wire: NetworkResult) -> None:
    swept = [s for s in wire.sweeps if s.setting == "p_friendly_taken_for_hostile" and s.laydown == "both"]
    assert swept[0].value == 0.0
    shot = [s.values["friendly_engagements"].median for s in swept]
    assert shot[0] == 0.0
    assert shot == sorted(shot)
    assert shot[-1] > 0.0


def test_late_identification_leaks_more(wire: NetworkResult) -> None:
    for variant in ("both", "both-networked"):
        leak = [
            s.values["leakers"].median
            for s in wire.sweeps
            if (s.setting, s.laydown) == ("identification_delay_s", variant)
        ]
        assert len(leak) == 3
        assert leak[-1] > leak[0]


def test_sweep_of_what_is_not_joined_differs_from_itself_by_nothing(wire: NetworkResult) -> None:
    assert {sweep.laydown for sweep in wire.sweeps} == {"both", "both-networked"}
    for sweep in wire.sweeps:
        if sweep.laydown == "both":
            assert all(f.low == f.high == 0.0 for f in sweep.less_apart.values())


def test_sharing_tracks_never_makes_first_shots_later_in_the_middle(wire: NetworkResult) -> None:
    late = next(x for x in wire.late_starts if (x.before, x.after) == ("both", "both-networked"))
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
        if sweep.laydown == "both":
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


def test_text_is_one_screen_and_begins_with_the_answer(wire: NetworkResult) -> None:
    lines = network_lines(wire)
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 45
    assert " ".join(lines[3:]).startswith(wire.answer)
    text = "\n".join(lines)
    for words in ("rounds fired", "double engagements", "first shot later by", "leakers", "friends fired at"):
        assert words in text
    assert text.index("not joined → joined") < text.rindex("both less alone: ")


def test_text_of_four_raids_is_one_screen() -> None:
    story, figures = load_scenario("turkey-2019"), load_catalogue()
    lines = network_lines(network(story, Run(figures, open_model("none"), n_draws=3), n_replications=1))
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 50


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


def with_laydowns(*names: str) -> Scenario:
    story = load_scenario("turkey-2019")
    return replace(
        story, laydowns=tuple(story.laydown(x) for x in names), study=replace(story.study, laydowns=names),
    )  # fmt: skip


def test_one_fire_unit_cannot_be_joined() -> None:
    with pytest.raises(InputError, match="no laydown of two fire units, so there is nothing to join; add a unit"):
        variants_of(with_laydowns("neither", "one-patriot"))
    for name in ("saturation", "minimal"):
        with pytest.raises(InputError, match="nothing to join"):
            variants_of(load_scenario(name))


def pairs_of(scenario: Scenario) -> list[tuple[str, str, str]]:
    return [(role, before.id, after.id) for role, before, after in variants_of(scenario).pairs]


def test_a_pair_is_found_by_what_it_differs_in_and_not_by_its_names() -> None:
    story = with_laydowns("both-networked", "neither", "both-picture", "both")
    names = {"both": "zebra", "both-networked": "aal", "both-picture": "m", "neither": "x"}
    renamed = replace(
        story, laydowns=tuple(replace(x, id=names[x.id]) for x in story.laydowns),
        study=replace(story.study, laydowns=()),
    )  # fmt: skip
    assert pairs_of(renamed)[:2] == [("question", "zebra", "aal"), ("inside", "alone", "zebra")]


def test_a_pair_that_is_missing_is_made_of_the_laydown_that_is_there() -> None:
    assert pairs_of(with_laydowns("both-networked")) == [
        ("question", "own-kind", "both-networked"), ("inside", "alone", "own-kind"),
    ]  # fmt: skip
    assert pairs_of(with_laydowns("both")) == [("question", "both", "joined"), ("inside", "alone", "both")]
    assert pairs_of(with_laydowns("patriot")) == [("question", "alone", "patriot")]
    made, given = variants_of(with_laydowns("both-networked")).question, load_scenario("turkey-2019").laydown("both")
    assert links_of(made.apart.network) == links_of(given.network)


def test_a_single_pair_is_told_once() -> None:
    assert pairs_of(load_scenario("two-bearings")) == [("question", "apart", "told")]
    story = load_scenario("two-bearings")
    result = network(story, Run(load_catalogue(), open_model("none"), n_draws=3), n_replications=2)
    assert len(result.changes) == 2 * 7
    assert len(result.late_starts) == len(result.warnings) == 2
    text = network_lines(result)
    assert len([line for line in text if line.startswith("rounds fired")]) == 1
    assert not [line for line in text if "friends" in line]  # none flies
    headings = [section.heading for section in network_page(result).sections if isinstance(section, Table)]
    assert headings[0] == "Not joined, and joined"
    assert "What each link changes" not in headings


def test_links_inside_that_differ_too_are_said() -> None:
    pair = variants_of(with_laydowns("both-networked")).question
    bare = replace(
        pair.apart,
        id="bare",
        network=replace(
            pair.apart.network, shares_track=frozenset(), coordinates_fire=frozenset(), identifies_for=frozenset()
        ),
    )
    story = with_laydowns("both-networked")
    story = replace(story, laydowns=(bare, *story.laydowns), study=replace(story.study, laydowns=()))
    found = variants_of(story).question
    assert (found.apart.id, found.joined.id) == ("bare", "both-networked")
    assert "42 links inside its systems that bare has not" in " ".join(pair_notes(story, found))


@pytest.mark.slow
def test_one_pair_is_one_number_in_network_compare_and_claims(monkeypatch) -> None:
    """The same draws, luck and replications: the same difference, whichever study is asked."""
    figures, ground = load_catalogue(), open_model("none")
    story = with_laydowns("neither", "s-400-regiment", "patriot", "both", "both-networked")
    story = replace(story, study=replace(story.study, raids=("srbm-8",), targets=("srbm",)), deliveries=())
    there = network(story, Run(figures, ground, n_draws=12), n_replications=3)
    told = {c.measure: c for c in there.changes_of(there.question, "srbm-8").values()}
    beside = compare(story, Run(figures, ground, n_draws=12), n_replications=3)
    assert [(c.before, c.after) for c in beside.links] == [("both", "both-networked")] * len(told)
    beside_told = {change.measure: change for change in beside.links}
    assert beside_told == told
    monkeypatch.setattr(claim_measures, "RAID_REPLICATIONS", 3)
    bench = claim_measures.Bench(Run(figures, ground, n_draws=12), story)
    for count in ("leakers", "wasted_rounds", "friendly_engagements"):
        args = {"laydown": "both", "against": "both-networked", "raid": "srbm-8", "count": count}
        values = claim_measures.raid_difference(bench, args).values[DRAWS]
        assert np.median(-values) == pytest.approx(told[count].difference.median, abs=1e-12)
        assert (-values).mean() == pytest.approx(told[count].difference.draws.mean(), abs=1e-12)
