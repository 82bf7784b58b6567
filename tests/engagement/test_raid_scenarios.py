"""Scenario to findings: the shipped raids on bare earth and on terrain."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
import rasterio

from ringtrue.catalogue.load import load_catalogue
from ringtrue.engagement.answers import (
    answer,
    cost_exchange,
    count_answer,
    curve,
    first_fire_range,
    leak_share,
    p_no_leaker,
    paired_difference,
)
from ringtrue.engagement.compile import SharedGeometry, compile_case, stage_raid
from ringtrue.engagement.raid import kill_curve, run_raid
from ringtrue.engagement.simulate import trace
from ringtrue.engagement.trace import trace_table
from ringtrue.errors import InputError
from ringtrue.geo.elevation import open_model
from ringtrue.geo.geodesy import inverse
from ringtrue.geo.refraction import horizon_range_m
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run
from ringtrue.studies.engage import engage, engage_lines

CATALOGUE = load_catalogue()
BARE = open_model("none")


def run(name, laydown, raid, *, settings=(), model=BARE, n_draws=30, n_replications=20, seed=1, threads=None, **more):
    scenario = load_scenario(name, settings)
    of_it = Run(CATALOGUE, model, n_draws=n_draws, seed=seed, threads=threads)
    return run_raid(scenario, laydown, raid, of_it, n_replications=n_replications, **more)


def same_bits(first, second):
    names = [f.name for f in fields(first) if isinstance(getattr(first, f.name), np.ndarray)]
    return all(getattr(first, name).tobytes() == getattr(second, name).tobytes() for name in names)


def test_threads_chunks_and_repetition_change_no_bit():
    first = run("minimal", "one-s-400", "cruise-4", threads=1, chunks=1)
    assert same_bits(first, run("minimal", "one-s-400", "cruise-4", threads=2, chunks=1))
    assert same_bits(first, run("minimal", "one-s-400", "cruise-4", threads=1, chunks=7))


def test_a_low_flyer_is_not_fired_at_beyond_the_horizon():
    """Antenna 25 m, target 50 m, bare earth: nobody fires from beyond the tangent ray."""
    result = run("minimal", "one-s-400", "cruise-4", nominal=True, settings=("environment.k=1.3333333",))
    horizon_m = float(horizon_range_m(25.0, 50.0, k_factor=1.3333333))
    found = first_fire_range(result)
    assert found is not None
    assert 20e3 < found.median < horizon_m


def test_every_answer_has_an_interval_and_the_books_balance():
    result = run("saturation", "one-s-400", "swarm")
    answers = [leak_share(result), p_no_leaker(result), *(count_answer(result, name) for name in result.names)]
    assert (result.of("kills") + result.of("leakers") == pytest.approx(24.0)) is True
    assert all(a.finding.low <= a.finding.median <= a.finding.high for a in answers)
    assert 0.0 < leak_share(result).finding.median < 1.0
    assert p_no_leaker(result).finding.high <= 1.0
    assert cost_exchange(result).median > 0.0


def test_a_larger_raid_leaks_more():
    leaks = [
        run("saturation", "one-s-400", "swarm", settings=(f"raid.swarm.count={n}",)).of("leakers").mean()
        for n in (8, 24, 96)
    ]
    assert leaks[0] < leaks[1] < leaks[2]
    assert leaks[2] / 96 > leaks[0] / 8


def test_no_unit_no_defence():
    result = run("turkey-2019", "neither", "mixed-40")
    assert (result.of("leakers") == 40).all()
    assert first_fire_range(result) is None


def test_kill_curve_falls():
    scenario = load_scenario("minimal")
    stage = stage_raid(scenario, "one-s-400", "cruise-4", Run(CATALOGUE, BARE, n_draws=20))
    p_kills = (0.0, 0.5, 1.0)
    points = curve(kill_curve(stage, p_kills, n_replications=20), p_kills)
    medians = [point.finding.median for _, point in points]
    assert medians[0] == 1.0
    assert medians[0] > medians[1] > medians[2]


def test_networked_minus_alone_is_paired():
    alone = run("turkey-2019", "both", "cruise-16", n_draws=10, n_replications=5)
    joined = run("turkey-2019", "both-networked", "cruise-16", n_draws=10, n_replications=5)
    difference = paired_difference(alone, joined)
    assert np.median(joined.of("leakers") - alone.of("leakers")) == pytest.approx(difference.median)
    assert same_bits(joined, run("turkey-2019", "both-networked", "cruise-16", n_draws=10, n_replications=5))


def test_ballistic_targets_are_met_inside_their_own_envelope():
    stage = stage_raid(load_scenario("turkey-2019"), "patriot", "srbm-8", Run(CATALOGUE, BARE, n_draws=1), nominal=True)
    case = compile_case(stage, p_kill=1.0)
    table = trace_table(case, trace(case, seed=3))
    hits = [event for event in table if event.event in ("kill", "miss")]
    assert hits
    for event in hits:
        u, j = case.units.index(event.unit), case.targets.index(event.target)
        i, c = case.interceptors.index(event.by), case.arrays.target_class[j]
        if stage.targets[case.classes[c]].kind != "ballistic":
            continue
        slant_m = np.interp(event.time_s, case.arrays.time_s[0, j], case.arrays.slant_range_m[u, j])
        altitude_m = np.interp(event.time_s, case.arrays.time_s[0, j], case.arrays.altitude_m[j])
        least_m, most_m, floor_m, ceiling_m = case.arrays.envelope[0, i, c]
        assert least_m - 1.0 <= slant_m <= most_m + 1.0
        assert floor_m - 1.0 <= altitude_m <= ceiling_m + 1.0


def test_paths_end_at_their_aim():
    stage = stage_raid(load_scenario("turkey-2019"), "patriot", "mixed-40", Run(CATALOGUE, BARE, n_draws=2))
    cities = {a.uid: a for a in stage.scenario.assets}
    for j, flight in enumerate(stage.flights):
        if flight.is_friendly:
            continue
        city = cities[flight.aim]
        left_m, _, _ = inverse(
            stage.paths.latitude_deg[j, -1], stage.paths.longitude_deg[j, -1], city.latitude_deg, city.longitude_deg
        )
        assert float(left_m) == pytest.approx(flight.release_range_m, abs=50.0)
        assert (np.diff(stage.paths.time_s[:, j]) > 0).all()


def test_precision_raises_replications():
    rough = run("minimal", "one-s-400", "cruise-4", n_replications=2)
    fine = run("minimal", "one-s-400", "cruise-4", n_replications=2, precision=0.05)
    assert fine.n_replications > rough.n_replications
    luck = fine.variance_of("leakers").mean() / (fine.n_replications * fine.n_draws)
    assert 1.96 * luck**0.5 <= 0.051


def test_luck_is_taken_out_of_the_interval_and_said():
    generator = np.random.Generator(np.random.PCG64(1))
    truth = generator.normal(10.0, 1.0, 4000)
    noisy = truth + generator.normal(0.0, 1.0, 4000)
    made = answer("x", "1", noisy, np.full(4000, 100.0), 100)
    assert made.is_reduced
    assert made.noise_share == pytest.approx(0.5, abs=0.03)
    assert made.finding.high - made.finding.low == pytest.approx(2 * 1.645, rel=0.05)


@pytest.mark.parametrize(
    ("laydown", "raid", "words"),
    [
        ("one-s400", "cruise-4", "there is no laydown 'one-s400'; the file has: one-s-400"),
        ("one-s-400", "cruise", "there is no raid 'cruise'; the file has: cruise-4"),
    ],
)
def test_unknown_names_are_refused_in_one_sentence(laydown, raid, words):
    with pytest.raises(InputError) as error:
        run("minimal", laydown, raid)
    assert words in str(error.value)


@pytest.mark.slow
def test_terrain_hides_what_bare_earth_shows():
    """A 50-m flyer over the plateau is met later than over a smooth earth."""
    bare = run("minimal", "one-s-400", "cruise-4", nominal=True, n_replications=50)
    hills = run("minimal", "one-s-400", "cruise-4", nominal=True, n_replications=50, model=open_model(None))
    assert hills.of("leakers")[0] >= bare.of("leakers")[0]


def test_magazines_without_end_leave_the_channels_to_bind():
    """With rounds for ever nobody is out of rounds, and no fewer targets are met than with the magazine as it is."""
    from ringtrue.studies.engage import engage
    from ringtrue.studies.raid_size import LEAK_CAUSES

    result = engage(
        "saturation", Run(load_catalogue(), open_model("none"), n_draws=6), laydowns=("one-s-400",), n_replications=6
    )
    held, endless = result.sweeps
    assert (held.is_endless, endless.is_endless) == (False, True)
    largest = held.points[-1].row, endless.points[-1].row
    assert largest[0].leakers_without_a_round_left.low > 0.0
    assert largest[1].leakers_without_a_round_left.high == 0.0
    assert largest[1].leakers.median < largest[0].leakers.median
    assert "found no round left" in held.knee_words
    assert "no free channel" in endless.knee_words
    for sweep, row in zip((held, endless), result.as_json()["sweeps"], strict=True):
        assert set(row["points"][-1]["leak_causes"]) == set(LEAK_CAUSES)
        for point in sweep.points:
            told = sum(getattr(point.row, cause).nominal for cause in LEAK_CAUSES)
            assert told == pytest.approx(point.leakers.nominal)


def test_shared_geometry_changes_no_bit():
    """A laydown staged after another one against the same raid plays as it does alone, and finds no track again."""
    shared = SharedGeometry()
    n_radars = []
    scenario, catalogue, model = load_scenario("turkey-2019"), load_catalogue(), open_model("none")
    for laydown in ("s-400-regiment", "both"):
        stages = [
            stage_raid(scenario, laydown, "mixed-40", Run(catalogue, model, n_draws=4, seed=2), shared=kept)
            for kept in (shared, None)
        ]
        first, second = (compile_case(stage).arrays for stage in stages)
        for name, kept, alone in zip(first._fields, first, second, strict=True):
            np.testing.assert_array_equal(kept, alone, err_msg=name)
        assert stages[0].uses == stages[1].uses
        n_radars.append(sum(len(radars) for radars in stages[0].radars))
    assert len(shared.paths) == 1
    assert len(shared.tracks) == n_radars[1], "radars of the regiment stand in both laydowns, and are tracked with once"


def said_by(model, tmp_path):
    scenario = tmp_path / "raid.toml"
    scenario.write_text(
        'title = "t"\n[[place]]\nid = "p"\nname = "P"\nat = [40.0, 32.5]\nazimuth = "90 deg"\n'
        '[[asset]]\nuid = "a"\nname = "A"\nat = [40.01, 32.51]\n'
        '[[laydown]]\nid = "l"\ntitle = "l"\n[[laydown.unit]]\nuid = "u"\nsystem = "patriot-battery"\nplace = "p"\n'
        '[[raid]]\nid = "r"\ntitle = "r"\n[[raid.wave]]\nuid = "w"\ntarget = "bomber"\ncount = 2\naim = ["a"]\n'
        'bearing = "90 deg"\nstart_distance = "380 km"\naltitude = "10000 m"\n'
        '[study]\nquestion = "?"\ntargets = ["f-16"]\nheights = ["500 m"]\n'
    )
    result = engage(str(scenario), Run(CATALOGUE, model, n_draws=4), n_replications=2)
    return " ".join(" ".join(engage_lines(result)).split()), list(result.notes)


def test_the_text_names_its_ground_and_what_lies_off_the_model(tmp_path):
    path = tmp_path / "flat.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=150, width=150, count=1, dtype="float32", crs="EPSG:4326",
        transform=rasterio.transform.from_origin(31.0, 41.5, 0.02, 0.02),
    ) as raster:  # fmt: skip
        raster.write(np.full((150, 150), 800.0, np.float32), 1)
    text, notes = said_by(open_model(str(path)), tmp_path)
    assert "2 of 2 paths, w/0 among them, run off the terrain model" in text
    assert any("no radar sees a target over it" in note for note in notes)
    assert "The ground is that of the terrain model" in text
    text, notes = said_by(BARE, tmp_path)
    assert "Bare earth" in text
    assert "terrain model" not in text
    assert notes == []
