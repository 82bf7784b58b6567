"""Figures changed by address: the new catalogue holds them, copies follow, the old one stays."""

from __future__ import annotations

import pytest

import ringtrue.api as rt
from ringtrue.catalogue.change import moves_nothing, with_figures
from ringtrue.catalogue.check import check, check_lines
from ringtrue.catalogue.load import load_catalogue, parameters_of
from ringtrue.catalogue.show import show_lines
from ringtrue.errors import InputError


@pytest.fixture(scope="module")
def shipped():
    return load_catalogue()


def test_a_text_a_number_and_three_values(shipped) -> None:
    changed = with_figures(
        shipped,
        {
            "radar.92n6e.reference_range": "150 km",
            "target.f-16.speed": 300.0,
            "fire-unit.s-400-division.reaction": ("5 s", "8 s", "30 s"),
        },
    )
    assert changed.radars["92n6e"].reference_range_m.nominal == 150e3
    assert changed.targets["f-16"].speed_mps.high == 300.0
    reaction = changed.fire_units["s-400-division"].reaction_s
    assert (reaction.low, reaction.nominal, reaction.high) == (5.0, 8.0, 30.0)
    assert reaction.origin == "assumed"
    assert reaction.rests_on_assumption


def test_what_repeats_a_figure_changes_with_it_and_nothing_else_does(shipped) -> None:
    address = "interceptor.48n6e3.envelope.aircraft.max_range"
    changed = with_figures(shipped, {address: "240 km"})
    before = {p.id: p for p in parameters_of(shipped)}
    moved = {p.id for p in parameters_of(changed) if p.nominal != before[p.id].nominal}
    assert address in moved
    assert "interceptor.48n6e3.envelope.drone.max_range" in moved
    assert all(before[m].copied_from or m == address for m in moved)
    assert not any(m.startswith("radar.") for m in moved)


def test_the_hash_tells_catalogues_apart(shipped) -> None:
    one = with_figures(shipped, {"radar.92n6e.reference_range": "150 km"})
    two = with_figures(shipped, {"radar.92n6e.reference_range": "151 km"})
    assert len({shipped.content_hash, one.content_hash, two.content_hash}) == 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"radar.92n6e.referense_range": "1 km"}, "is no figure of the catalogue; did you mean"),
        ({"radar.92n6e.reference_range": "150 s"}, "radar.92n6e.reference_range: '150 s'"),
        ({"radar.92n6e.reference_range": True}, "is no quantity; give a text such as"),
        ({"radar.92n6e.reference_range": ("3 km", "2 km", "4 km")}, "low <= nominal <= high does not hold"),
    ],
)
def test_a_wrong_change_is_refused_in_one_sentence(shipped, changes, words) -> None:
    with pytest.raises(InputError, match=words):
        with_figures(shipped, changes)


@pytest.mark.parametrize("key", ["tracks", "deploy", "crew", "system-loss", "subrefraction"])
def test_a_figure_that_no_answer_reads_is_not_changed_in_silence(shipped, key) -> None:
    found = next(p for p in parameters_of(shipped) if p.id.rsplit(".", 1)[-1] == key and not p.copied_from)
    with pytest.raises(InputError, match="on record only, no answer reads it"):
        with_figures(shipped, {found.id: found.nominal + 1.0})


def test_what_a_live_figure_repeats_is_live(shipped) -> None:
    by_id = {p.id: p for p in parameters_of(shipped)}
    repeated = [by_id[p.copied_from] for p in by_id.values() if p.copied_from in by_id and not p.on_record]
    assert len(repeated) > 20
    assert not any(p.on_record for p in repeated)
    assert all(p.on_record for p in shipped.statements.values())


def test_show_and_check_say_what_no_answer_reads(shipped) -> None:
    shown = " ".join(" ".join(show_lines(shipped, "91n6e")).split())
    assert "on record only, no answer reads it: fire channels and guided missiles bind before it" in shown
    report = check(shipped)
    assert report.problems == ()
    addresses = {a for ids in report.on_record.values() for a in ids}
    assert {"assumption.system-loss", "assumption.subrefraction", "radar.91n6e.tracks"} <= addresses
    assert not any(a.startswith("assumption.release-range") for a in addresses)
    assert f"{len(addresses):5d}  on record only: no answer reads them" in check_lines(report)


def test_an_override_that_no_answer_reads_is_told_and_one_that_counts_is_not(tmp_path):
    """Tracks of the 92N6E are on record only; its reference range moves the answer."""
    entry = 'value = 3, unit = "1", origin = "assumed", note = "a test"'
    (tmp_path / "own.toml").write_text(f"[radar.92n6e]\ntracks = {{ {entry} }}\n", encoding="utf-8")
    shipped, own = load_catalogue(), load_catalogue(tmp_path)
    (said,) = moves_nothing(shipped, own)
    assert said.startswith("--catalogue gives radar.92n6e.tracks another value, which moves nothing: it is on record")
    result = rt.audit("s-400", at="Samsun", targets="f-16", heights="500 m", dem="none", draws=5, catalogue=tmp_path)
    assert said in result.said
    (tmp_path / "own.toml").write_text(
        '[radar.92n6e]\nreference_range = { value = 150, unit = "km", origin = "assumed", note = "a test" }\n',
        encoding="utf-8",
    )
    assert moves_nothing(shipped, load_catalogue(tmp_path)) == ()
