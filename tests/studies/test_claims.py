"""The claims study: a strict file, verdicts by the rule and from the figures, never by hand."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.catalogue.records import Parameter
from ringtrue.catalogue.show import show_lines
from ringtrue.errors import InputError, lines_below
from ringtrue.finding import share_interval
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run
from ringtrue.studies.claim_measures import (
    MEASURES,
    Bench,
    Measure,
    Outcome,
    Unanswerable,
    days_between,
    delivery_lead,
    package_advantage,
)
from ringtrue.studies.claim_records import MeasureSpec, load_claims, parse_claims, parse_criterion
from ringtrue.studies.claims import FURTHER_DRAWS, Between, claims, claims_lines, is_open, verdict_of

SPECS = {name: measure.spec for name, measure in MEASURES.items()}
VERDICTS = {
    "supported", "not supported by published figures", "depends", "not answerable with public figures",
    "arithmetic/quotation",
}  # fmt: skip
BETWEEN = st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)).map(lambda ends: Between(*sorted(ends)))
COMMANDS = {"audit", "engage", "compare", "exposure", "relocation", "network", "claims", "verify", "catalogue", "worth"}

HEAD = """
[[claim]]
id = "x"
report = "R1"
statement = "something was said"
kind = "{kind}"
reading = "read so"
command = "ringtrue claims"
"""
QUOTED = (
    HEAD.format(kind="quotation")
    + """
measure = "printed-ratio"
criterion = "0.98 .. 1.02"
args = { printed = "8", from = "launcher.m903.rounds.pac-3-cri" }
"""
)


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@pytest.fixture(scope="module")
def bare():
    return open_model("none")


@pytest.fixture(scope="module")
def bench(catalogue, bare):
    return Bench(Run(catalogue, bare, n_draws=60, threads=1), load_scenario("turkey-2019"))


def write(folder, text, name="mine.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# --- the rule ---------------------------------------------------------------------------------------------------------


@settings(derandomize=True, max_examples=200)
@given(st.lists(BETWEEN, min_size=1, max_size=8), st.sampled_from(["coverage", "quotation", "money"]))
def test_the_rule_is_the_rule(shares, kind) -> None:
    verdict = verdict_of(kind, shares)
    if all(share.low >= 0.95 for share in shares):
        assert verdict == "supported"
    elif all(share.high <= 0.05 for share in shares):
        assert verdict == ("arithmetic/quotation" if kind == "quotation" else "not supported by published figures")
    else:
        assert verdict == "depends"


@settings(derandomize=True, max_examples=200)
@given(st.lists(BETWEEN, min_size=1, max_size=6), st.lists(st.floats(0.0, 1.0), min_size=6, max_size=6))
def test_more_draws_can_firm_a_verdict_only_where_the_rule_says_it_is_open(shares, places) -> None:
    """Every share inside its interval, known exactly: a verdict that was not open stays what it was."""
    exact = [Between(*[s.low + place * (s.high - s.low)] * 2) for s, place in zip(shares, places, strict=False)]
    if not is_open(shares):
        assert verdict_of("coverage", exact) == verdict_of("coverage", shares)


@pytest.mark.parametrize(("held", "n"), [(0, 200), (3, 200), (190, 200), (199, 200), (200, 200), (970, 1000), (1, 2)])
def test_the_interval_of_a_share_is_that_of_wilson(held, n) -> None:
    wanted = binomtest(held, n).proportion_ci(confidence_level=0.9, method="wilson")
    assert share_interval(held, n) == pytest.approx((wanted.low, wanted.high), abs=1e-12)


@settings(derandomize=True, max_examples=100)
@given(st.lists(BETWEEN, min_size=2, max_size=6))
def test_one_more_variant_never_makes_a_verdict_firmer(shares) -> None:
    """Variants stand side by side: adding one can only turn a firm verdict into 'depends'."""
    fewer, more = verdict_of("coverage", shares[:-1]), verdict_of("coverage", shares)
    assert more in (fewer, "depends")


def test_criteria() -> None:
    assert parse_criterion(">= 250 km", "m").holds([249e3, 250e3, 251e3]).tolist() == [False, True, True]
    assert parse_criterion("> 0 km2", "m2").holds([0.0, 1.0]).tolist() == [False, True]
    assert parse_criterion("0.98 .. 1.02", "1").holds([0.97, 1.0, 1.03]).tolist() == [False, True, False]
    october = parse_criterion("in 2019-10", "date")
    assert october.holds([737332 - 30, 737333.0]).tolist() == [False, True]  # 2019-10-01 is day 737,333
    assert parse_criterion("in 2018", "date").high - parse_criterion("in 2018", "date").low == 364


@pytest.mark.parametrize(
    ("text", "si", "words"),
    [
        ("about 3 km", "m", "no criterion"), (">= 3 km", "m2", "an area"), ("in 2019-13", "date", "no month"),
        (">= soon", "date", "no date"), ("5 .. 4", "1", "no criterion"),
    ],
)  # fmt: skip
def test_what_is_no_criterion_says_so(text, si, words) -> None:
    with pytest.raises(InputError, match=words):
        parse_criterion(text, si)


# --- the file ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("titel = 'x'\n" + QUOTED, "mine.toml:1: unknown key 'titel'; did you mean 'title'?"),
        (QUOTED + 'critrion = "> 1"\n', "claim x: unknown key 'critrion'; did you mean 'criterion'?"),
        (QUOTED.replace('"printed-ratio"', '"printed-ration"'), "did you mean 'printed-ratio'?"),
        (QUOTED.replace("{ printed", "{ prined"), "unknown argument 'prined'; did you mean 'printed'?"),
        (QUOTED.replace('printed = "8", ', ""), "wants an argument 'printed'"),
        (QUOTED.replace('kind = "quotation"', 'kind = "quotaton"'), "did you mean 'quotation'?"),
        (QUOTED.replace("0.98 .. 1.02", "roughly"), "is no criterion"),
        (
            QUOTED.replace("ringtrue claims", "ringtrue audit --mast {mast}"),
            "command: {mast} is no argument of the claim",
        ),
        (
            QUOTED.replace("ringtrue claims", "ringtrue show {form}"),
            "{form} is no argument of the claim; did you mean 'from'?",
        ),
        (QUOTED.replace('report = "R1"\n', ""), "key 'report' is missing"),
        (QUOTED + QUOTED, "claim x: x: given twice".replace("claim x: x", "x")),
        (QUOTED + "sources = 3\n", "sources wants a list of texts"),
        (QUOTED + "[claim.variants]\nfrom = 3\n", "variants.from wants a list"),
        (HEAD.format(kind="not-answerable"), "wants a reason"),
        (HEAD.format(kind="coverage"), "2 keys are missing: 'measure' (what is measured"),
        ("title = 'empty'\n", "holds no claim"),
        ("title = \n", "not valid TOML"),
    ],
)
def test_a_file_that_does_not_fit_says_where(text, words) -> None:
    with pytest.raises(InputError) as error:
        parse_claims(text, "mine.toml", SPECS)
    assert words in str(error.value)
    assert str(error.value).startswith("mine.toml")
    assert "\n" not in str(error.value)


def test_a_claim_from_nothing_takes_one_round_of_errors() -> None:
    with pytest.raises(InputError) as error:
        parse_claims("[[claim]]\n", "mine.toml", SPECS)
    assert str(error.value).startswith("mine.toml:1: claim 1: 8 keys are missing: 'id' (name of the row")
    written = "\n".join([*lines_below(error.value), "args = { system = 'nasams', target = 'one-way-uav' }"])
    assert parse_claims(written, "mine.toml", SPECS).claims[0].measure == "engageable-share"
    unanswered = "\n".join(["[[claim]]", "kind = 'not-answerable'"])
    with pytest.raises(InputError, match=r"4 keys are missing: 'id' .*, 'report' .*, 'statement' .*, 'reading'"):
        parse_claims(unanswered, "mine.toml", SPECS)


def test_what_is_wrong_with_several_claims_is_said_at_once() -> None:
    text = QUOTED.replace('report = "R1"\n', "") + QUOTED.replace("0.98 .. 1.02", "roughly") + "zzz = 1\n"
    with pytest.raises(InputError) as error:
        parse_claims("titel = 'x'\n" + text, "mine.toml", SPECS)
    told = [str(error.value), *lines_below(error.value)]
    assert len(told) == 3
    assert "unknown key 'titel'" in told[0]
    assert "key 'report' is missing; add report = \"press\"" in told[1]
    assert "unknown key 'zzz'" in told[2]


def test_a_sum_is_printed_in_the_unit_of_the_print(bench) -> None:
    parts = ["system.s-400-tr.price", "statement.s-400-down-payment"]
    outcome = MEASURES["printed-ratio"].function(
        bench, {"printed": "1.125 bnUSD", "unit": "USD", "from": parts, "by": "product"}
    )
    assert outcome.text.endswith(" = 1.125 bnUSD")


def test_verdicts_as_arrays(tmp_path, catalogue, bare) -> None:
    result = claims(write(tmp_path, QUOTED), Run(catalogue, bare, n_draws=200))
    variants = result.to_xarray("rows.variants")
    assert variants.share.dims == ("row",)
    assert variants.value.shape == (len(result.rows[0].variants), 3)
    assert variants.rows_id.values.tolist() == [result.rows[0].id] * len(result.rows[0].variants)
    assert result.to_xarray().verdict.values.tolist() == [row.verdict for row in result.rows]


def test_an_unreadable_file(tmp_path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_claims(tmp_path / "none.toml", SPECS)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("rounds.pac-3-cri", "rounds.pac-3-cry"), "claim x: figure .* is not in the catalogue; did you mean"),
        (('"8"', '"8 km"'), "mine.toml: claim x: "),
        (('command = "ringtrue claims"', 'command = "ringtrue claims"\nsources = ["P99"]'), "source 'P99' is not"),
    ],
)
def test_what_only_the_run_can_see_names_file_and_claim(tmp_path, catalogue, bare, change, words) -> None:
    with pytest.raises(InputError, match=words):
        claims(write(tmp_path, QUOTED.replace(*change)), Run(catalogue, bare, n_draws=200))


def test_the_shipped_file_has_the_story_and_the_misprints_and_no_verdict() -> None:
    text = (resources.files("ringtrue.studies") / "data" / "claims.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    file = load_claims(None, SPECS)
    assert len(file.claims) >= 20
    assert not any("verdict" in table for table in content["claim"])
    misprints = {"altitude-10-000", "missile-speed", "one-range-400", "ceiling-60-km", "thirty-six-targets",
                 "eighty-targets", "patriot-20-km", "patriot-45-km", "floor-10-m", "pac-3-eight"}  # fmt: skip
    assert misprints <= {claim.id for claim in file.claims}
    for claim in file.claims:
        assert claim.command or claim.kind == "not-answerable", claim.id
        for command in filter(None, claim.command.split(" && ")):
            words = command.split()
            assert words[0] == "ringtrue"
            assert words[1] in COMMANDS
            assert words[1] != "claims", f"{claim.id}: a claim does not prove itself"


def _figures_and_facts(args) -> list[str]:
    """Names of the catalogue in the arguments of a claim; days and plain numbers are none."""
    found = []
    for key in ("fact", "from", "first", "second"):
        value = args.get(key, ())
        found += value if isinstance(value, list) else [value]
    return [name for name in found if isinstance(name, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", name)]


def test_what_a_command_is_said_to_show_it_shows(catalogue) -> None:
    """Every fact and statement that a claim is tested by stands in what its commands show; all: test_claim_commands."""
    for claim in load_claims(None, SPECS).claims:
        for _, args in claim.cases():
            commands = [c.split() for c in claim.command_of(args).split(" && ") if " catalogue " in c]
            shown = "\n".join(line for words in commands for line in show_lines(catalogue, words[3]))
            for name in _figures_and_facts(args) if commands else ():
                record = name.split(".")[1] if "." in name else name
                assert re.search(rf"^(statement\.)?{re.escape(record)}\b", shown, re.M), f"{claim.id}: {name}"


REPORTS = ("R1", "R2", "R3", "R4", "R5")
NOT_IN_A_REPORT = r"\b(\d* ?km|\d+ ?m|\d+ (minutes|hours)|rings?|ranges?|areas?|divisions?|residents|draws|shares?)\b"


def test_a_row_of_a_report_says_what_the_report_says_and_where() -> None:
    """No report prints a range or a height; what we test in a sentence's place stands apart from it."""
    rows = load_claims(None, SPECS).claims
    assert {c.report for c in rows} == {*REPORTS, "press", "ours"}
    for claim in rows:
        if claim.report in REPORTS:
            assert claim.place, claim.id
            assert claim.report in claim.sources, claim.id
            words = claim.statement.replace("four divisions", "")  # R4 does count divisions
            assert not re.search(NOT_IN_A_REPORT, words, re.I), f"{claim.id}: {claim.statement}"
        elif claim.report == "ours":
            assert re.match("(asked of|derived from) R", claim.place), claim.id
        else:
            assert set(claim.sources) - set(REPORTS), claim.id


SENTENCES = {  # of each sentence of a report that can be tested, some words of ours
    "R1": ["80 Patriot", "60 PAC-3", "last month", "last year, that is in 2018", "deployed in October", "blocked",
           "100 F-35", "endangers"],
    "R2": ["almost two years", "in 2017", "in vain", "not compatible", "devastating", "not as good"],
    "R3": ["Ukraine", "of 2017", "$2.5bn", "direct purchase", "technology transfer", "delivered in 2019",
           "August 2022", "March 2023", "More than 100", "expelled", "demands $1.4bn"],
    "R4": ["credit agreement", "four divisions", "$2.5bn", "$3.5bn", "four sets", "20 launchers", "80 interceptors"],
    "R5": ["sovereignty", "in 2017", "later sanctioned", "spy on"],
}  # fmt: skip


@pytest.mark.parametrize("report", SENTENCES)
def test_every_sentence_that_can_be_tested_has_a_row(report) -> None:
    said = [c.statement for c in load_claims(None, SPECS).claims if c.report == report]
    for words in SENTENCES[report]:
        assert any(words in statement for statement in said), (report, words)


def test_what_cannot_be_answered_says_what_it_would_take() -> None:
    for claim in load_claims(None, SPECS).claims:
        if claim.kind == "not-answerable":
            assert claim.reason
            assert claim.needs


def test_the_same_regiment_elsewhere(catalogue, bare) -> None:
    file = load_claims(None, SPECS)
    wanted = [c for c in file.claims if c.id.startswith("sent-elsewhere")]
    assert [c.report for c in wanted] == ["ours", "ours"]
    bench = Bench(Run(catalogue, bare, n_draws=24), load_scenario(file.scenario))
    args = dict(wanted[0].args)
    there = package_advantage(bench, {**args, "laydown": "at-odesa"}).values
    back = package_advantage(bench, {**args, "laydown": "at-ankara", "against": "at-odesa"}).values
    same = package_advantage(bench, {**args, "laydown": "at-ankara"}).values
    assert there.shape == (25,)
    assert (np.abs(there) <= 1.0).all()
    assert np.ptp(there) > 0.0
    np.testing.assert_allclose(there, -back)
    assert (same == 0.0).all()


def test_days_between_facts_and_days(catalogue, bare) -> None:
    bench = Bench(Run(catalogue, bare, n_draws=24), load_scenario("turkey-2019"))
    assert days_between(bench, {"first": "2019-07-17", "second": "2020-12-14"}).values.tolist() == [516 * 86400.0]
    assert days_between(bench, {"first": "f-35-impossible", "second": "caatsa"}).values.tolist() == [516 * 86400.0]
    with pytest.raises(InputError, match="fact 'caatas' is not in the catalogue; did you mean 'caatsa'"):
        days_between(bench, {"first": "caatas", "second": "2020-12-14"})


def test_a_delivery_leads_by_notice_and_lead_time(catalogue, bare) -> None:
    """2 January 2019, after the 15 days of Congress, plus 24 to 84 months, less the first flight of 12 July 2019."""
    bench = Bench(Run(catalogue, bare, n_draws=200), load_scenario("turkey-2019"))
    days = delivery_lead(bench, {"offer": "s-400-regiment", "against": "patriot-2018"}).values / 86400.0
    came = date(2019, 7, 12)
    assert days[-1] == (date(2023, 1, 2) - came).days
    assert (date(2021, 1, 1) - came).days <= days.min() < days.max() <= (date(2026, 1, 3) - came).days


# --- verdicts come from figures ---------------------------------------------------------------------------------------


def test_another_catalogue_gives_another_verdict(tmp_path, catalogue, bare) -> None:
    path = write(tmp_path, QUOTED)
    assert claims(path, Run(catalogue, bare, n_draws=200)).rows[0].verdict == "arithmetic/quotation"
    extra = tmp_path / "extra"
    extra.mkdir()
    write(
        extra,
        "[launcher.m903.rounds]\n"
        'pac-3-cri = { value = 8, unit = "1", source = "P05", origin = "read", confidence = "C" }\n',
    )
    assert claims(path, Run(load_catalogue(extra), bare, n_draws=200)).rows[0].verdict == "supported"


RING = (
    HEAD.format(kind="coverage")
    + """
measure = "engageable-share"
criterion = ">= 0.5"
args = { system = "s-400", target = "bomber", altitude = "10000 m", terrain = "bare earth", mast = "39 m" }
"""
)


def test_a_weaker_radar_in_the_catalogue_changes_a_verdict_on_coverage(tmp_path, catalogue, bare) -> None:
    path = write(tmp_path, RING.replace(">= 0.5", ">= 0.05"))
    before = claims(path, Run(catalogue, bare, n_draws=40)).rows[0]
    extra = tmp_path / "extra"
    extra.mkdir()
    write(
        extra,
        '[radar.92n6e]\nreference_range = { value = 10, unit = "km", origin = "assumed", note = "test" }\n',
    )
    after = claims(path, Run(load_catalogue(extra), bare, n_draws=40)).rows[0]
    assert [before.verdict, after.verdict] == ["supported", "not supported by published figures"]


def test_another_criterion_gives_another_verdict(tmp_path, catalogue, bare) -> None:
    low = claims(write(tmp_path, RING.replace(">= 0.5", ">= 0.01")), Run(catalogue, bare, n_draws=40))
    high = claims(write(tmp_path, RING.replace(">= 0.5", ">= 0.99")), Run(catalogue, bare, n_draws=40))
    assert [low.rows[0].verdict, high.rows[0].verdict] == ["supported", "not supported by published figures"]


def test_a_state_nobody_reported_cannot_be_answered(tmp_path, catalogue, bare) -> None:
    text = (
        HEAD.format(kind="schedule")
        + """
measure = "delivery-day"
criterion = "<= 2020-04-30"
args = { offer = "s-400-regiment", schedule = "happened", state = "on_alert" }
"""
    )
    row = claims(write(tmp_path, text), Run(catalogue, bare, n_draws=200)).rows[0]
    assert row.verdict == "not answerable with public figures"
    assert "on alert" in row.reason


def test_readings_of_a_contract_decide(tmp_path, catalogue, bare) -> None:
    """$1,250M or $625M against $875M: the reading decides, and the price is even at 2.5 / 0.875 units."""
    text = (
        HEAD.format(kind="money")
        + """
measure = "price-difference"
criterion = "< 0 USD"
args = { against = "patriot-2018" }
variants = { offer = ["s-400-regiment", "s-400-four"] }
"""
    )
    row = claims(write(tmp_path, text), Run(catalogue, bare, n_draws=200)).rows[0]
    assert row.verdict == "depends"
    assert row.deciding is not None
    assert row.deciding.name == "reading of the contract"
    assert [v.value.median for v in row.variants] == [375e6, -250e6]
    assert "2.9 fire units" in row.variants[0].text
    assert "not like for like" in row.variants[0].text


def test_v_x04_through_a_measure(bench) -> None:
    """207.3107 s alone, 1,838.0196 s with the airborne sensor: V-X04, at the nominal 240 m/s."""
    outcome = MEASURES["warning-gain"].function(
        bench, {"target": "cruise-missile", "height": "50 m", "sensor": "10000 m", "mast": "25 m"}
    )
    assert outcome.values[-1] == pytest.approx(1630.7089, abs=1e-3)


@pytest.mark.parametrize(
    ("args", "ratio"),
    [
        ({"printed": "80", "from": ["system.patriot-2018.interceptors.gem-t", 60], "by": "sum"}, 80 / 140),
        ({"printed": "7", "from": "fire-unit.patriot-battery.fire_channels"}, 1.0),  # inside 5 to 9
        ({"printed": "36", "from": "fire-unit.s-400-division.fire_channels"}, 3.6),
        ({"printed": "2.5", "from": "fire-unit.patriot-battery.fire_channels"}, 0.5),
        ({"printed": "875 MUSD", "unit": "USD", "from": ["system.patriot-2018.price", 4], "by": "quotient"}, 1.0),
        ({"printed": "10000 m", "unit": "m", "from": "interceptor.48n6e3.envelope.aircraft.min_altitude"}, 1000.0),
    ],
)
def test_printed_over_recomputed(bench, args, ratio) -> None:
    assert MEASURES["printed-ratio"].function(bench, args).values[0] == pytest.approx(ratio, rel=1e-12)


def test_a_print_that_is_another_figure_is_named(bench) -> None:
    outcome = MEASURES["printed-ratio"].function(
        bench,
        {"printed": "4.8 km/s", "unit": "m/s", "from": "statement.48n6e3-peak-speed",
         "mistaken_for": "statement.s-400-max-target-speed"},
    )  # fmt: skip
    assert outcome.values[0] == pytest.approx(2.4)
    assert "the print is the figure of statement.s-400-max-target-speed" in outcome.text


# --- what decides -----------------------------------------------------------------------------------------------------


def _synthetic(bench, args):
    """Answer = x, uniform on 0 to 1 km, plus a little of y; the mast adds to it."""
    the_range, the_rest = (_figure(name, si, high) for name, si, high in (("range", "m", 1000.0), ("rest", "1", 1.0)))
    x, y = (bench.run.ledger.figure(figure) for figure in (the_range, the_rest))
    mast = float(str(args["mast"]).split()[0])
    uses = frozenset({the_range.id, the_rest.id})
    return Outcome(x + 10.0 * y + 1000.0 * (mast > 20.0) * args.get("step", 0.0), uses, "synthetic")


def _figure(name, si, high):
    assumed = {"origin": "assumed", "confidence": "none"} if si == "m" else {"origin": "read", "confidence": "A"}
    return Parameter(
        f"x.{name}", 0.0, high / 2.0, high, si, "", "uniform", None, label=f"The {name}", **assumed,
    )  # fmt: skip


SYNTHETIC = {"synthetic": Measure(_synthetic, MeasureSpec("m", ("mast",), ("step",)))}
TWO_MASTS = (
    HEAD.format(kind="coverage")
    + """
measure = "synthetic"
criterion = ">= 400 m"
args = { step = 0.0 }
variants = { mast = ["10 m", "30 m"] }
"""
)


def test_the_deciding_draw_and_its_break_even(tmp_path, catalogue, bare) -> None:
    """x + 5 on average passes 400 at x = 395; bins of 25 draws of 400 place it within a bin, 62 m."""
    row = claims(write(tmp_path, TWO_MASTS), Run(catalogue, bare, n_draws=400), measures=SYNTHETIC).rows[0]
    assert row.verdict == "depends"
    assert row.deciding.name == "the range"
    assert row.deciding.break_even[0] == pytest.approx(395.0, abs=15.0)
    assert row.assumed_share == pytest.approx(1.0, abs=0.01)


def test_the_deciding_variant_and_its_break_even(tmp_path, catalogue, bare) -> None:
    text = TWO_MASTS.replace(">= 400 m", ">= 1050 m").replace("step = 0.0", "step = 10.0")
    row = claims(write(tmp_path, text), Run(catalogue, bare, n_draws=100), measures=SYNTHETIC).rows[0]
    assert [v.share for v in row.variants] == [0.0, 1.0]
    assert row.deciding.name == "mast"
    assert row.deciding.break_even == (pytest.approx(20.0),)
    assert row.deciding.unit == "m"


def test_a_measure_that_has_no_figure(tmp_path, catalogue, bare) -> None:
    def nothing(_bench, _args):
        msg = "nobody published it"
        raise Unanswerable(msg)

    rows = claims(
        write(tmp_path, TWO_MASTS),
        Run(catalogue, bare, n_draws=200),
        measures={"synthetic": Measure(nothing, SYNTHETIC["synthetic"].spec)},
    ).rows
    assert rows[0].verdict == "not answerable with public figures"
    assert rows[0].reason == "nobody published it."


def test_a_raid_against_itself_makes_no_difference(bench) -> None:
    """Same draws, same luck: a laydown less itself is nought in every draw, not only on average."""
    args = {"laydown": "both", "against": "both", "raid": "srbm-8", "count": "leakers"}
    assert (MEASURES["raid-difference"].function(bench, args).values[:-1] == 0.0).all()


def test_fire_coordination_saves_double_engagements(bench) -> None:
    args = {"laydown": "both", "against": "both-networked", "raid": "srbm-8", "count": "double_engagements"}
    outcome = MEASURES["raid-difference"].function(bench, args)
    assert outcome.values.size == bench.run.n_draws + 1
    assert outcome.values[:-1].mean() > 0.0


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [("raid", "srbm-9", "did you mean 'srbm-8'"), ("count", "leakrs", "did you mean 'leakers'"),
     ("laydown", "bothh", "did you mean 'both'")],
)  # fmt: skip
def test_a_raid_that_is_not_there(bench, key, value, words) -> None:
    args = {"laydown": "both", "against": "both-networked", "raid": "srbm-8", "count": "leakers", key: value}
    with pytest.raises(InputError, match=words):
        MEASURES["raid-difference"].function(bench, args)


# --- the whole shipped file -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped(catalogue, bare):
    return claims(None, Run(catalogue, bare, n_draws=60, threads=1))


def test_every_shipped_claim_gets_a_verdict_that_follows_from_its_shares(shipped) -> None:
    for row in shipped.rows:
        assert row.verdict in VERDICTS
        if row.variants:
            shares = [Between(v.share_low, v.share_high) for v in row.variants]
            assert row.verdict == verdict_of(row.claim.kind, shares)
            assert row.n_draws in (None, 48, 60, *FURTHER_DRAWS)
            assert not is_open(shares) or row.n_draws in (48, FURTHER_DRAWS[-1])
        else:
            assert row.verdict == "not answerable with public figures"
        assert (row.verdict == "depends") == (row.deciding is not None)
        assert row.reason
    assert {row.verdict for row in shipped.rows} == VERDICTS


def test_bare_earth_off_the_shipped_model_says_what_it_took(shipped) -> None:
    rows = [row for row in shipped.rows if ("scenario", "relocation") in row.claim.args]
    seen = set()
    for row in rows:
        for variant in row.variants:
            wants_note = variant.variant["laydown"] == "at-kyiv" and "altitude" in dict(row.claim.args)
            seen.add(wants_note)
            words = "(ground altitude at 50.4547, 30.5238 not in the shipped model: 0 m taken)"
            assert (words in variant.text) == wants_note
    assert seen == {True, False}


@pytest.mark.slow
def test_the_json_has_what_the_design_promises_and_the_same_bytes(shipped, catalogue, bare) -> None:
    record = shipped.as_json()
    assert list(record)[:8] == [
        "command", "version", "scenario_hash", "catalogue_hash", "seed", "n_draws", "n_replications", "level",
    ]  # fmt: skip
    assert len(record["rows"]) >= 15
    for row in record["rows"]:
        assert {"id", "statement", "verdict", "share", "deciding", "command"} <= set(row)
    again = claims(None, Run(catalogue, bare, n_draws=60, threads=2)).as_json()
    assert json.dumps(record, allow_nan=False) == json.dumps(again, allow_nan=False)


def test_lines_fit_the_page_and_never_say_false(shipped) -> None:
    for width in (60, 80):
        assert max(len(line) for line in claims_lines(shipped, width)) <= width
    text = "\n".join(claims_lines(shipped)).lower()
    assert "false" not in text
    assert "upper" in text
