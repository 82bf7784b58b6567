"""The pages of the cut-the-wire study and of the relocation: everything the JSON answers stands in them."""

import re

import numpy as np
import pytest

from ringtrue.answer import Header
from ringtrue.catalogue.records import Parameter
from ringtrue.finding import Finding, finding
from ringtrue.report.cells import count_words
from ringtrue.report.network_page import network_page, write_network_report
from ringtrue.report.render import render_page
from ringtrue.sensing.deciding import Deciding, Share
from ringtrue.studies.network_records import (
    EarlyWarning,
    LateStart,
    NetworkPair,
    NetworkResult,
    NetworkRow,
    NetworkSweep,
    NetworkVariant,
)
from ringtrue.studies.raid_rows import RaidChange, changed_measures

VARIANTS = ("alone", "tracks", "joined")
RAIDS = {"swarm": "10 drones at one town", "salvo": "4 missiles, arriving together"}
PAIRS = (("tracks", "joined"), ("alone", "tracks"))
RNG = np.random.default_rng(11)
DELAYS, CHANCES = (5.0, 10.0, 30.0), (0.0, 0.1, 0.3)


def some(middle: float, unit: str = "1") -> Finding:
    return finding("x", unit, middle + RNG.uniform(-0.3, 0.3, 40))


def row(variant: str, raid: str, i: int, blank) -> NetworkRow:
    return NetworkRow(
        **blank | {
            "laydown": variant, "raid": raid, "n_targets": 10, "leakers": some(5.11 + i),
            "rounds_fired": some(22.2 + i), "double_engagements": some(7.33 - i), "wasted_rounds": some(3.44 - i),
            "first_fire_s": some(401.0 + i, "s"), "friendly_engagements": some(1.55 - 0.5 * i),
            "friendly_kills": some(0.66), "cost_defender_usd": some(1.5e6, "USD"), "noise_share": 0.03,
        },
        warning_s={"u1": some(300.0, "s"), "u2": None},
    )  # fmt: skip


def sweep(setting: str, label: str, unit: str, value: float, variant: str) -> NetworkSweep:
    values = {said.name: some(4.0 + 10 * value, said.unit) for said in changed_measures()}
    return NetworkSweep(setting, label, unit, value, variant, "swarm", values, values)


@pytest.fixture(scope="module")
def result(blank_raid_row) -> NetworkResult:
    figure = Parameter(
        "radar.r.reference_range", 1e5, 2e5, 3e5, "m", "200 km", "uniform", None, "assumed", "none", note="n"
    )
    shares = (Share("delay", 0.3, 0.5, 0.6),)
    return NetworkResult(
        Header(
            command="network", scenario_hash="s" * 64, catalogue_hash="c" * 64, seed=1, n_draws=40, n_replications=10
        ),
        scenario="deal", title="A deal", terrain="globe30s",
        variants=tuple(
            NetworkVariant(v, f"variant {v} <b>", 3, 2 * i, i, i, 0, i // 2, "") for i, v in enumerate(VARIANTS)
        ),
        pairs=tuple(
            NetworkPair(role, a, b, f"{b} less {a}", ("A note of the pair.",))
            for role, (a, b) in zip(("question", "inside"), PAIRS, strict=True)
        ),
        raids=RAIDS,
        rows=tuple(row(v, raid, i, blank_raid_row) for i, v in enumerate(VARIANTS) for raid in RAIDS),
        changes=tuple(
            RaidChange(raid, a, b, said.name, said.label, said.unit, some(-1.77, said.unit), 0.96, 0.02)
            for raid in RAIDS for a, b in PAIRS for said in changed_measures()
        ),
        late_starts=tuple(
            LateStart(raid, a, b, some(-12.0, "s"), 0.11, 0.47, 0.81) for raid in RAIDS for a, b in PAIRS
        ),
        warnings=tuple(
            EarlyWarning(raid, a, b, some(95.0, "s"), 0.62, 0.07, 0.23, 0.89, 0.0, 0.0)
            for raid in RAIDS for a, b in PAIRS
        ),
        sweeps=tuple(
            sweep(setting, label, unit, value, v)
            for setting, label, unit, values in (
                ("identification_delay_s", "identification delay", "s", DELAYS),
                ("p_hostile_taken_for_friendly", "chance that a foe is taken for a friend", "1", CHANCES),
            )
            for value in values for v in ("tracks", "joined")
        ),
        sweep_raid="swarm", answer="Joining changes leakers by -1.8.", declared=("Links are invented.",),
        caveats=("A unit fires no round.",), notes=("A note of the study.",), parameters=(figure,), sources={},
        assumed_share=0.8,
        deciding=Deciding("delay", shares, "delay moves the answer most").of("leakers, joined less alone"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def html(result) -> str:
    return render_page(network_page(result))


def text_of(html: str) -> str:
    bare = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    return re.sub(r'src="data:[^"]*"', "", bare)


def test_every_part_of_the_answer_stands_in_its_order(html):
    text = text_of(html)
    words = (
        "Joining changes leakers", ">Not joined, and joined</h2>", "What the links of tracks are worth", "The variants",
        "What gets through, variant by variant", "Every variant in numbers",
        "When the first shot at a target is fired", "When a fire unit knows of a target",
        "Warning of every fire unit", "If identification were slower", "Which unknown decides",
        'class="block figures"', "What this does not know",
    )  # fmt: skip
    places = [text.index(word) for word in words]
    assert places == sorted(places)
    assert "A note of the study." in text
    assert text.count("A note of the pair.") == 1
    assert "What each link changes" not in text  # no step lies between
    assert "<b>" not in re.sub(r"<b><a[^>]*>[^<]*</a></b>", "", text)


def test_every_finding_is_printed_with_its_interval(html, result):
    text = text_of(html)
    printed = [change.difference for change in result.changes if change.unit == "1"]
    for one in result.rows:
        printed += [one.leakers, one.rounds_fired, one.double_engagements, one.wasted_rounds, one.friendly_engagements]
    for found in printed:
        assert f">{count_words(found.median)}</a>" in text
        assert f"{count_words(found.low)} to {count_words(found.high)}" in text
    for words in ("equal in 2 %", ">96 %", "knows of none", ">11 %<", ">47 %<", ">81 %<", ">62 %<", ">23 %<", ">89 %<"):
        assert words in text
    for value in DELAYS:
        assert f"{value:g} s<br>" in text


def test_every_number_opens_its_figures(html, figures_behind):
    text = text_of(html)
    numbers = re.findall(r'<td class="num">(.*?)</td>', text, re.DOTALL)
    plain = [n for n in numbers if re.match(r"-?\d", n)]
    assert len(numbers) > 200
    assert len(plain) == 3 * 6  # the fire units and the links of each step
    assert ["radar.r.reference_range"] in figures_behind(html).values()


def test_the_same_bytes_again(tmp_path, result):
    first = write_network_report(result, tmp_path / "a.html").read_bytes()
    assert first == write_network_report(result, tmp_path / "b.html").read_bytes()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_in_chromium_it_fits_and_a_click_lists_figures(tmp_path, result, open_report, width):
    path = write_network_report(result, tmp_path / "report.html")
    with open_report(path, width) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        seen.page.click(".facts a[data-inputs] >> nth=0")
        assert "200 km" in seen.page.inner_text("dialog")
        seen.page.keyboard.press("Escape")
        assert not seen.tables_off_the_printed_page()
        assert seen.quiet()


def test_the_nominal_case_stands_beside_every_interval(result, with_nominal_cases, intervals_of):
    found, bare = intervals_of(network_page(with_nominal_cases(result)))
    assert len(found) > 60
    assert not bare


def test_every_block_stands_alone_and_twice_and_as_in_the_page(result, blocks_stand_alone):
    assert blocks_stand_alone(network_page(result)) > 0
