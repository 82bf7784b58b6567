"""The page of the raids: leakage, knee, lanes, and what every table must carry."""

import re
from dataclasses import replace

import numpy as np
import pytest

from ringtrue.answer import Header
from ringtrue.catalogue.load import load_catalogue
from ringtrue.engagement.answers import count_answer, leak_share
from ringtrue.engagement.case import LEAK_CAUSES
from ringtrue.engagement.raid import RaidResult
from ringtrue.engagement.trace import Event, lanes, timeline
from ringtrue.finding import finding
from ringtrue.report.chart import spread_out
from ringtrue.report.page import parameter_texts
from ringtrue.report.raid_figures import lanes_chart, sweep_chart
from ringtrue.report.raid_page import raid_page, write_raid_report
from ringtrue.report.render import render_page
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.chain import parameters_in
from ringtrue.sensing.deciding import Deciding, Share
from ringtrue.sensing.ledger import Ledger
from ringtrue.studies.engage import EngageResult, Trace, TraceEvent
from ringtrue.studies.published_kill import PublishedFigure, PublishedKill
from ringtrue.studies.raid_rows import KillCurve, KillPoint, RaidChange, count_finding, raid_row
from ringtrue.studies.raid_size import Sweep, size_point

CATALOGUE = load_catalogue()
N_DRAWS = 30
NAMES = (
    "leakers", "kills", "friendly_engagements", "friendly_kills", "double_engagements", "wasted_rounds", "turned_away",
    "units_lost", "leakers_by_class/cruise-missile", "hits_by_asset/depot", "rounds_by_type/gem-t",
    "hits_by_unit/battery", "rounds_by_unit/battery", *LEAK_CAUSES,
)  # fmt: skip


def played(laydown: str, n: int, share: float, seed: int = 3) -> RaidResult:
    rng = np.random.default_rng(seed)
    mean = rng.uniform(0.0, 0.2, (N_DRAWS, len(NAMES)))
    mean[:, 0] = mean[:, 8] = mean[:, 9] = np.clip(share * n + rng.normal(0, 0.1 * n, N_DRAWS), 0, n)
    mean[:, 10] = mean[:, 12] = rng.uniform(4, 9, N_DRAWS)
    raids = {name: np.rint(mean[:, [i]]).astype(np.int32) for i, name in enumerate(NAMES)}  # one raid of each draw
    return RaidResult(
        scenario="saturation", laydown=laydown, raid="swarm", seed=1, n_replications=20, units=("battery",),
        interceptors=("gem-t",), classes=("cruise-missile",), assets=("depot",), n_hostile=n, n_friendly=4,
        hostile_by_class=(n,),
        names=NAMES, mean=mean, variance=np.full(mean.shape, 0.01), no_leaker=np.full(N_DRAWS, 0.05),
        first_fire_range_m=np.full(N_DRAWS, 31_000.0), first_fire_s=np.full(N_DRAWS, 500.0),
        busy_share=rng.uniform(0.4, 0.9, (N_DRAWS, 1)), cost_defence_usd=np.full(N_DRAWS, 9e6),
        cost_attack_usd=np.full(N_DRAWS, 3e6), leakers_at=np.zeros((0, 0, 0), dtype=np.int32),
        closing_rounds=np.full((N_DRAWS, 1, 1, 1), 8, dtype=np.int32),
        ledger=Ledger(CATALOGUE, N_DRAWS, 1),
        uses=frozenset(), beside_uses=frozenset(), notes=("A note of the kernel.",),
        by_replication={
            "leakers": raids["leakers"], "rounds_fired": raids["rounds_by_type/gem-t"].astype(np.float64),
            "first_fire_s": np.full((N_DRAWS, 1), 500.0), "first_fire_range_m": np.full((N_DRAWS, 1), 31_000.0),
            "cost_defence_usd": np.full((N_DRAWS, 1), 9e6),
        },
        histograms={name: np.bincount(counts.ravel()) for name, counts in raids.items()},
    )  # fmt: skip


EVENTS = (
    Event(10.0, "launch", "battery", "swarm/0", "gem-t", 0, 2.0),
    Event(40.0, "miss", "battery", "swarm/0", "gem-t", 0, 2.0),
    Event(50.0, "assessed", "battery", "swarm/0", "gem-t", 0, 0.0),
    Event(55.0, "launch", "battery", "swarm/1", "gem-t", 1, 1.0),
    Event(70.0, "kill", "battery", "swarm/1", "gem-t", 1, 1.0),
    Event(75.0, "assessed", "battery", "swarm/1", "gem-t", 1, 0.0),
    Event(90.0, "leak", "", "swarm/0", "depot", -1, 0.0),
)


@pytest.fixture(scope="module")
def result() -> EngageResult:
    scenario = load_scenario("saturation")
    ids = [y.id for y in scenario.laydowns][:2]
    results = tuple(played(y, 24, share) for y, share in zip(ids, (0.4, 0.7), strict=True))
    rows = tuple(raid_row(one) for one in results)
    sizes = (4.0, 8.0, 16.0, 32.0)
    grown = tuple(
        size_point(n, played(ids[0], int(n), share)) for n, share in zip(sizes, (0.0, 0.05, 0.1, 0.55), strict=True)
    )
    share = Share("kill probability, cruise missiles", 0.3, 0.5, 0.6)
    points = tuple(
        KillPoint(p, count_finding(one, "leakers"), leak_share(one).finding)
        for p, one in ((p, played("x", 24, leak)) for p, leak in ((0.3, 0.9), (0.6, 0.5), (0.9, 0.2)))
    )
    change = finding("d", "1", np.linspace(-2, -1, 9))
    return EngageResult(
        Header(command="engage", scenario_hash="s" * 64, catalogue_hash="c" * 64, seed=1, n_draws=N_DRAWS,
               n_replications=20),
        n_reliefs=0, rows=rows, published_figures=(),
        changes=(RaidChange("swarm", ids[0], ids[1], "leakers", "Leakers", "1", change, 1.0, 0.0),),
        sweeps=(Sweep(ids[0], "swarm", "raid.swarm.wave.0.count", False, grown, 16.0),),
        kill_curves=(KillCurve(ids[0], "swarm", points),),
        assumed_share=1.0,
        deciding=Deciding(share.name, (share,), f"{share.name} moves the answer most").of("one against swarm"),
        answer="", declared=scenario.declared, caveats=("A unit fires no round.",),
        notes=("A note of the kernel.",),
        trace=Trace(
            laydown=ids[0], raid="swarm", draw="nominal", replication=0,
            events=tuple(TraceEvent(*event) for event in EVENTS), told=EVENTS, lanes=tuple(lanes(list(EVENTS))),
            text=timeline(list(EVENTS)), flights=(), paths=(), path_draw=0,
        ),
        scenario=scenario, headline=rows[0], results=results,
    )  # fmt: skip


@pytest.fixture(scope="module")
def whole(result) -> EngageResult:
    return result


@pytest.fixture(scope="module")
def html(whole):
    return render_page(raid_page(whole))


def text_of(html: str) -> str:
    bare = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    return re.sub(r'src="data:[^"]*"', "", bare)


def test_the_page_answers_then_shows_then_tells(html):
    text = text_of(html)
    words = (
        "Before you quote it", "A unit fires no round.",
        "What gets through", "As the raid grows", "If interceptors were better or worse", "In numbers:",
        "Who gets through, and to what", "What the network changes", "One raid, channel by channel",
        "Which unknown decides", "What this does not know",
    )  # fmt: skip
    places = [text.index(word) for word in words]
    assert places == sorted(places)
    assert "A note of the kernel." in text


def test_the_knee_is_said_and_marked(html, whole):
    assert "magazines as they are: from 16 targets on, more than half of every further one leaks" in text_of(html)
    assert "Leakers without a round left" in text_of(html)
    assert "knee, targets" in sweep_chart(whole.sweeps, {y.id: y.title for y in whole.scenario.laydowns}).svg
    none = replace(whole, sweeps=(replace(whole.sweeps[0], knee=None),))
    assert "no knee between 4 and 32 targets" in text_of(render_page(raid_page(none)))


def test_a_number_of_a_raid_lists_the_figures_of_its_units_and_targets(whole, figures_behind):
    catalogue = load_catalogue()
    laydowns = [r.laydown for r in whole.results]
    units = {y: [catalogue.systems[u.system].fire_unit for u in whole.scenario.laydown(y).units] for y in laydowns}
    behind = {
        (y, "swarm"): tuple(dict.fromkeys(p for u in units[y] for p in parameters_in(catalogue.fire_units[u])))
        for y in laydowns
    }
    sources = catalogue.sources_of(p for found in behind.values() for p in found)
    html = render_page(raid_page(replace(whole, parameters=behind, sources=sources)))
    text = text_of(html)
    texts = parameter_texts(tuple({p.id: p for found in behind.values() for p in found}.values()), sources)
    sets = figures_behind(html)
    assert {i for found in sets.values() for i in found} == {t.id for t in texts}
    assert set(re.findall(r'<tr data-figure="([^"]*)"', text)) == {t.name for t in texts}
    named = dict(re.findall(r'data-inputs="([^"]*)" data-what="([^"]*)"', text))
    for name, what in named.items():
        inputs = set(sets[name])
        own = [y for y in laydowns if whole.scenario.laydown(y).title in what]
        assert own
        assert inputs == {p.id for y in own for p in behind[y, "swarm"]}
    numbers = re.findall(r'<td class="num"[^>]*>(.*?)</td>', text, re.DOTALL)
    bare = [cell for cell in numbers if re.match(r"-?\d", cell)]
    assert bare == []
    assert len(numbers) > 30
    facts = re.search(r'<ul class="facts">(.*?)</ul>', text, re.DOTALL)[1]
    assert facts.count("<b><a role") == facts.count("<li>") == 2


def test_published_kill_probabilities_stand_beside_the_prior_with_their_printer(whole):
    less = finding("less", "1", np.linspace(-3.0, -1.0, N_DRAWS))
    figure = PublishedFigure(
        "gem-t", "aircraft", 0.8, 0.85, 0.9, "B99", "A brochure <i>x</i>", "the maker's claim", "one round"
    )
    value = count_answer(whole.results[0], "leakers").finding
    row = PublishedKill(
        n_replications=20, leakers=value, leak_share=value, p_no_leaker=value, leakers_less_common_prior=less,
        p_fewer_leakers=0.97, p_equal=0.01, p_kill=(("gem-t", "aircraft"),), not_published=(("gem-t", "drone"),),
        figures=(figure,),
    )  # fmt: skip
    shown = (replace(whole.rows[0], published_kill=row), *whole.rows[1:])
    text = text_of(render_page(raid_page(replace(whole, rows=shown))))
    for words in (
        "With the kill probabilities that somebody printed", "never pooled with the common prior", "-2", "-2.9 to -1.1",
        "97 %", "equal in 1 %", "0.8 to 0.9", "A brochure &lt;i&gt;x&lt;/i&gt; [B99]", "gem-t against drone",
        "one round",
    ):  # fmt: skip
        assert words in text
    assert "somebody printed" not in text_of(render_page(raid_page(whole)))


def test_cost_carries_its_warning_and_leakage_its_bound(html):
    text = text_of(html)
    assert "not like for like" in text
    assert "leakage is a lower bound" in text


def test_names_of_drawn_quantities_are_words(html):
    assert "p_kill" not in text_of(html)


def test_luck_taken_out_is_said(whole):
    noisy = replace(whole.results[0], variance=np.full(whole.results[0].variance.shape, 400.0))
    text = text_of(render_page(raid_page(replace(whole, rows=(raid_row(noisy), whole.rows[1])))))
    assert "luck of few raids taken out" in text


def test_lanes_tell_the_trace(html, whole):
    assert whole.trace is not None
    drawing = lanes_chart(whole.trace)
    assert "channel 1" in drawing.svg
    assert "channel 2" in drawing.svg
    assert "get through" in drawing.svg
    text = text_of(html)
    assert "Battery, channel 1: fires 2 gem-t at swarm/0." in text
    assert "Swarm/0 gets through to depot." in text


def test_without_sweep_curves_and_trace_it_is_still_a_page(whole):
    text = text_of(render_page(raid_page(replace(whole, sweeps=(), kill_curves=(), trace=None, changes=()))))
    assert "As the raid grows" not in text
    assert "What gets through" in text


def test_labels_are_moved_apart_in_order():
    placed = spread_out([3.0, 3.1, 2.9, 9.0], 1.0)
    order = np.argsort(placed)
    assert order.tolist() == [2, 0, 1, 3]
    assert np.diff(np.sort(placed)).min() >= 1.0 - 1e-9
    assert placed[3] == 9.0


def test_the_same_bytes_again(tmp_path, whole):
    assert (
        write_raid_report(whole, tmp_path / "a.html").read_bytes()
        == write_raid_report(whole, tmp_path / "b.html").read_bytes()
    )


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_in_chromium_it_fits_and_asks_for_nothing(tmp_path, whole, open_report, width):
    path = write_raid_report(whole, tmp_path / "raid.html")
    with open_report(path, width) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.page.locator("img.plate:visible").count() >= 4
        assert seen.n_printed_pages() >= 3
        assert not seen.tables_off_the_printed_page()
        assert seen.quiet()


def test_the_nominal_case_stands_beside_every_interval(whole, with_nominal_cases, intervals_of):
    found, bare = intervals_of(raid_page(with_nominal_cases(whole)))
    assert len(found) > 20
    assert not bare


def test_every_block_stands_alone_and_twice_and_as_in_the_page(whole, blocks_stand_alone):
    blocks_stand_alone(raid_page(whole))
