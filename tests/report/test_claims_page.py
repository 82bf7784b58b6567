"""The page of the claims: every statement with its verdict, and the rule that made it."""

import json
import re
from dataclasses import replace

import jsonschema
import pytest

from ringtrue.answer import Header, answer_schema
from ringtrue.catalogue.records import Source
from ringtrue.finding import Finding
from ringtrue.report.claims_page import BADGES, _variants_words, claims_page, shares_words, write_claims_report
from ringtrue.report.render import render_page
from ringtrue.studies.claim_records import Claim, ClaimsFile, Criterion
from ringtrue.studies.claim_rows import ClaimRow, ClaimsResult, DecidingUnknown, VariantShare, claim_row
from ringtrue.studies.claims import claims_result

SOURCES = {"B1": Source("B1", "A notice", "Agency of the example", "2018", "https://example.org", "official")}


def row(key: str, verdict: str, shares: tuple[float, ...], reason: str = "") -> ClaimRow:
    claim = Claim(
        key, "R1", f"Statement <i>{key}</i>.", "coverage", "Read as an area at 50 m above ground",
        f"ringtrue audit {key}", measure="m", criterion=Criterion(1.0, 2.0, False, ">= 1 km2"), reason=reason,
        sources=("B1",), needs=("a figure",),
    )  # fmt: skip
    variants = tuple(
        VariantShare({"mast": f"{i} m"}, share, Finding("a", "km2", 1, 2, 3), "m2", f"area {i}")
        for i, share in enumerate(shares)
    )
    deciding = DecidingUnknown(None, "range", "range", "m", (3.0,), f"range decides {key}") if shares else None
    return claim_row(claim, verdict, reason, variants, deciding, 0.5)


@pytest.fixture(scope="module")
def result() -> ClaimsResult:
    rows = (
        row("one", "supported", (1.0, 0.97)),
        row("two", "depends", (0.0, 0.25, 1.0, 0.4, 0.5, 0.6)),
        row("three", "not supported by published figures", (0.01,)),
        row("four", "not answerable with public figures", (), "no model of air combat"),
        row("five", "arithmetic/quotation", (1.0,)),
    )
    header = Header(command="claims", scenario_hash="a" * 64, catalogue_hash="b" * 64, seed=1, n_draws=200)
    return claims_result(header, ClaimsFile("c.toml", "Five reports", "x", ()), rows)


@pytest.fixture(scope="module")
def text(result):
    html = render_page(claims_page(result, sources=SOURCES))
    return re.sub(r'src="data:[^"]*"', "", re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL))


def test_every_statement_stands_there_with_verdict_and_what_decides(text, result):
    for one in result.rows:
        assert f"Statement &lt;i&gt;{one.claim.id}&lt;/i&gt;." in text
        assert f'<span class="badge {BADGES[one.verdict]}">{one.verdict}</span>' in text
        assert one.claim.command in text
    assert "Range decides two." in text
    assert "Agency of the example" in text
    assert "50 m above ground" in text


def test_what_hangs_on_nothing_tells_what_was_found_and_not_its_reading_again(result) -> None:
    """The reading stands below the statement; a sum or quotation says nothing of assumptions where nothing is drawn."""
    base = result.rows[0]
    quoted = replace(
        base, deciding=None, reason=base.claim.reading, assumed_share=None, n_draws=None,
        variants=base.variants[:1],
    )  # fmt: skip
    table = claims_page(replace(result, rows=(quoted,))).sections[1]
    (line,) = (r for r in table.rows if not r.is_band)
    told = [cell.text for cell in line.cells]
    assert quoted.claim.reading in line.note
    assert not any(quoted.claim.reading in text for text in told)
    assert "Area 0: 0 m: 2 m2 (1 m2 to 3 m2), holds in 100 %." in [text.replace("²", "2") for text in told]
    assert told[-1] == "–"


def test_the_answer_says_how_many_turn_on_what(text) -> None:
    assert "Of the 4 that depend, 4 turn first on the range, more than on anything else." in text


def test_the_json_fits_its_schema_and_its_tables_go_by_claim(result):
    found = result.as_json()
    jsonschema.validate(json.loads(json.dumps(found)), answer_schema(ClaimsResult))
    assert found["rows"][1]["share"] == {"low": 0.0, "high": 1.0}
    assert found["rows"][1]["deciding"]["break_even"] == [3.0]
    assert found["rows"][3]["share"] is None
    assert found["deciding"] == {"name": "range", "claims": 4}
    variants = {c.name: c.values for c in result.tables()["rows.variants"]}
    assert variants["rows_id"] == ["one"] * 2 + ["two"] * 6 + ["three", "five"]
    assert variants["value_median"] == [2] * 10


def test_no_verdict_is_coloured_alone():
    assert len(set(BADGES.values())) == len(BADGES)


def test_shares_of_variants_are_a_range(result):
    assert [shares_words(r) for r in result.rows] == ["97 to 100 %", "0 to 100 %", "1 %", "–", "100 %"]


def test_what_cannot_be_answered_says_what_it_would_take(text):
    assert "No model of air combat. It would take: a figure." in text


def test_many_variants_are_counted_not_all_listed(text):
    assert "and 2 variants more" in text


def test_a_measure_stands_once_for_the_variants_that_share_it(result):
    one = result.rows[0]
    same = replace(one, variants=tuple(replace(v, text="area engaged") for v in one.variants))
    words = _variants_words(same)
    assert words.startswith("area engaged: 0 m: ")
    assert words.count("area engaged") == 1
    assert "(area 0)" in _variants_words(one)
    assert "(area 1)" in _variants_words(one)


def test_squares_are_written_as_squares(text):
    assert "[&gt;= 1 km²]" in text
    assert "km2" not in text


def test_the_answer_counts_the_verdicts(text):
    assert "Of 5 statements: 1 supported" in text
    assert text.index("Of 5 statements") < text.index("<table")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_in_chromium_it_fits_and_asks_for_nothing(tmp_path, result, open_report, width):
    path = write_claims_report(result, tmp_path / "claims.html", sources=SOURCES)
    with open_report(path, width) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        table = seen.page.locator(".wide").first
        assert table.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
        assert seen.n_printed_pages() >= 1
        assert seen.quiet()


def test_the_nominal_case_stands_beside_every_interval(result, with_nominal_cases):
    measured = [v for row in with_nominal_cases(result).rows for v in row.variants if v.value is not None]
    assert measured
    told = [_variants_words(row) for row in with_nominal_cases(result).rows]
    assert sum(text.count("; nominal ") for text in told) == sum(text.count(" to ") for text in told) > 0


def test_every_block_stands_alone_and_twice_and_as_in_the_page(result, blocks_stand_alone):
    blocks_stand_alone(claims_page(result))
