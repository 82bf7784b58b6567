"""Every error of the loader is one sentence with file, key, value and remedy."""

from pathlib import Path

import pytest

from ringtrue.catalogue import load
from ringtrue.catalogue.load import load_catalogue
from ringtrue.catalogue.schema import RECORDS, fields_of
from ringtrue.errors import InputError, lines_below

GOOD = '{ value = 250, unit = "km", source = "C02", origin = "read", confidence = "B" }'


def _override(tmp_path: Path, text: str, name: str = "mine.toml") -> Path:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def _refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(InputError) as caught:
        load_catalogue(_override(tmp_path, text))
    message = str(caught.value)
    assert "\n" not in message
    return message


def _entry(**changes: str) -> str:
    entry = {"value": "250", "unit": '"km"', "source": '"C02"', "origin": '"read"', "confidence": '"B"'}
    entry |= changes
    inside = ", ".join(f"{key} = {value}" for key, value in entry.items() if value)
    return f"[radar.91n6e]\ninstrumented_range = {{ {inside} }}\n"


def test_misspelt_record_key_names_the_line_and_the_near_match(tmp_path):
    text = f"# a comment\n\n[radar.91n6e]\n\ninstrumented_rnage = {GOOD}\n"
    assert _refused(tmp_path, text) == (
        "mine.toml: radar.91n6e: unknown key 'instrumented_rnage' (line 5); did you mean 'instrumented_range'?"
    )


def test_misspelt_entry_key(tmp_path):
    text = "[radar.91n6e]\ninstrumented_range = { value = 250, units = 'km' }\n"
    assert _refused(tmp_path, text) == (
        "mine.toml: radar.91n6e.instrumented_range: unknown key 'units'; did you mean 'unit'?"
    )


def test_misspelt_section(tmp_path):
    assert _refused(tmp_path, "\n[radr.91n6e]\nname = 'x'\n") == (
        "mine.toml: unknown section 'radr' (line 2); did you mean 'radar'?"
    )


def test_section_without_ids(tmp_path):
    assert _refused(tmp_path, "[radar]\nname = 'x'\n") == (
        "mine.toml: radar: wants tables by ID; write [radar.some-id] above the keys"
    )


def test_wrong_kind_of_unit(tmp_path):
    assert _refused(tmp_path, _entry(unit='"m2"')) == (
        "mine.toml: radar.91n6e.instrumented_range: 250 m2: unit 'm2' does not fit: a length such as 'm' is wanted here"
    )


def test_unknown_unit(tmp_path):
    assert _refused(tmp_path, _entry(unit='"kilometre-ish"')) == (
        "mine.toml: radar.91n6e.instrumented_range: 250 kilometre-ish: unit 'kilometre-ish' is not known: "
        "a length such as 'm' is wanted here"
    )


def test_missing_unit(tmp_path):
    assert _refused(tmp_path, _entry(unit="")) == (
        "mine.toml: radar.91n6e.instrumented_range: 'unit' is missing; write unit = 'm' or another unit of its kind"
    )


def test_unknown_unit_of_an_assumption(tmp_path):
    text = "[assumption.keep-out-altitude]\nvalue = 5\nunit = 'kmm'\norigin = 'assumed'\nnote = 'x'\n"
    assert _refused(tmp_path, text) == (
        "mine.toml: assumption.keep-out-altitude: unit 'kmm' is not known here; did you mean 'km'?"
    )


def test_low_above_nominal(tmp_path):
    text = (
        "[radar.91n6e]\ninstrumented_range = { low = 900, nominal = 400, high = 600, unit = 'km', source = 'B10', "
        "origin = 'read', confidence = 'C' }\n"
    )
    assert _refused(tmp_path, text) == (
        "mine.toml: radar.91n6e.instrumented_range: low <= nominal <= high does not hold: 900, 400, 600 km; "
        "put the three in rising order"
    )


def test_a_range_below_zero(tmp_path):
    text = (
        "[interceptor.48n6e3.envelope.aircraft]\nmax_range = { low = -25, nominal = 35, high = 40, unit = 'km', "
        "source = 'B10', origin = 'read', confidence = 'C' }\n"
    )
    assert _refused(tmp_path, text) == (
        "mine.toml: interceptor.48n6e3.envelope.aircraft.max_range: '-25 km' is too small for a distance: "
        "0 m or more is wanted here"
    )


def test_a_probability_above_one(tmp_path):
    text = (
        "[assumption.kill-probability-drone]\nlow = 50\nnominal = 100\nhigh = 150\nunit = '%'\norigin = 'assumed'\n"
        "note = 'x'\n"
    )
    assert _refused(tmp_path, text) == (
        "mine.toml: assumption.kill-probability-drone: '150 %' is too large for a probability: 1 or less is wanted here"
    )


def test_half_a_range(tmp_path):
    half = "low = 900, high = 1000, unit = 'km'"
    whole = f"[radar.91n6e]\ninstrumented_range = {{ {half}, origin = 'assumed', note = 'why' }}\n"
    assert _refused(tmp_path, whole) == (
        "mine.toml: radar.91n6e.instrumented_range: 'nominal' is missing; give low, nominal and high, or 'value' alone"
    )
    assert _refused(tmp_path, f"[radar.91n6e]\ninstrumented_range = {{ {half} }}\n") == (
        'mine.toml: radar.91n6e.instrumented_range: 3 keys are missing: nominal = 950, origin = "assumed", '
        'note = "why"; for a figure that was read, write origin = "read", its source and its confidence'
    )


def test_value_and_range(tmp_path):
    assert _refused(tmp_path, _entry(low="1")) == (
        "mine.toml: radar.91n6e.instrumented_range: 'value' and 'low' exclude each other; "
        "give 'value' alone, or low, nominal and high"
    )


def test_number_in_quotes(tmp_path):
    assert _refused(tmp_path, _entry(value='"250 km"')) == (
        "mine.toml: radar.91n6e.instrumented_range: value = '250 km' is not a finite number; "
        "write it without quotes where the unit stands apart, or leave unit = 'km' out"
    )


def test_a_number_in_quotes_carries_its_own_unit(tmp_path):
    (tmp_path / "mine.toml").write_text(
        "[radar.91n6e]\ninstrumented_range = { low = '100 NM', nominal = '600 km', high = '700 km', source = 'B10', "
        "origin = 'read', confidence = 'C' }\n"
    )
    found = load_catalogue(tmp_path).radars["91n6e"].instrumented_range_m
    assert (found.low, found.nominal, found.high) == (185_200.0, 600_000.0, 700_000.0)
    assert found.printed == "100 NM / 600 km / 700 km"


@pytest.mark.parametrize("number", ["nan", "inf", "true"])
def test_number_that_is_none(tmp_path, number):
    assert "is not a finite number" in _refused(tmp_path, _entry(value=number))


def test_missing_source(tmp_path):
    assert _refused(tmp_path, _entry(source="")) == (
        "mine.toml: radar.91n6e.instrumented_range: origin 'read' needs a source; "
        "name a key of sources/*.toml, or call the value assumed"
    )


def test_unknown_source(tmp_path):
    assert _refused(tmp_path, _entry(source='"C022"')) == (
        "mine.toml: radar.91n6e.instrumented_range: source 'C022' is not in sources/*.toml; did you mean 'C02'?"
    )


def test_unknown_source_without_a_near_one(tmp_path):
    assert _refused(tmp_path, _entry(source='"my-brochure"')) == (
        "mine.toml: radar.91n6e.instrumented_range: source 'my-brochure' is not in sources/*.toml; "
        "add [source.my-brochure] or name another"
    )


def test_missing_origin(tmp_path):
    assert _refused(tmp_path, _entry(origin="")) == (
        "mine.toml: radar.91n6e.instrumented_range: 'origin' is missing; say read, via, derived or assumed"
    )


def test_unknown_origin(tmp_path):
    assert _refused(tmp_path, _entry(origin='"asumed"')) == (
        "mine.toml: radar.91n6e.instrumented_range: origin 'asumed' is not one of read, via, derived, assumed; "
        "did you mean 'assumed'?"
    )


def test_assumed_with_confidence(tmp_path):
    assert _refused(tmp_path, _entry(origin='"assumed"', note='"x"')) == (
        "mine.toml: radar.91n6e.instrumented_range: an assumed value has confidence 'none', not 'B'; "
        "leave confidence out, or name the source that it was read in"
    )


def test_assumed_without_a_reason(tmp_path):
    assert _refused(tmp_path, _entry(origin='"assumed"', confidence="")) == (
        'mine.toml: radar.91n6e.instrumented_range: an assumed value needs its reason; write it as note = "..."'
    )


def test_read_with_confidence_none(tmp_path):
    assert _refused(tmp_path, _entry(confidence='"none"')) == (
        "mine.toml: radar.91n6e.instrumented_range: confidence 'none' belongs to assumed values only; "
        'say A, B or C, or origin = "assumed"'
    )


def test_read_without_confidence(tmp_path):
    assert _refused(tmp_path, _entry(confidence="")) == (
        "mine.toml: radar.91n6e.instrumented_range: 'confidence' is missing; say A, B or C"
    )


def test_unknown_confidence(tmp_path):
    assert _refused(tmp_path, _entry(confidence='"D"')) == (
        "mine.toml: radar.91n6e.instrumented_range: confidence 'D' is not one of A, B, C, none"
    )


def test_derived_without_arithmetic(tmp_path):
    assert _refused(tmp_path, _entry(origin='"derived"')) == (
        'mine.toml: radar.91n6e.instrumented_range: a derived value needs its arithmetic; write it as note = "..."'
    )


def test_estimate_above_confidence_c(tmp_path):
    assert _refused(tmp_path, _entry(estimated="true")) == (
        "mine.toml: radar.91n6e.instrumented_range: an estimate has confidence C at most, not 'B'"
    )


@pytest.mark.parametrize(
    ("by_hand", "words"),
    [
        ("['lwo']", "by_hand 'lwo' is not one of low, nominal, high; did you mean 'low'?"),
        ("'low'", "by_hand = 'low' does not fit; a list of texts is wanted here"),
        ("['low']", "by_hand names 'low', which is not given; it belongs to low, nominal and high"),
    ],
)
def test_by_hand_names_a_number_of_the_entry(tmp_path, by_hand, words):
    assert _refused(tmp_path, _entry(by_hand=by_hand)) == f"mine.toml: radar.91n6e.instrumented_range: {words}"


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("origin = 'assumed'\nnote = 'x'", "by_hand belongs to figures that were read; an assumed value is by hand"),
        ("origin = 'read'\nsource = 'B03'\nconfidence = 'C'", "a number added by hand needs its reason; write it as"),
    ],
)
def test_by_hand_wants_a_source_and_a_reason(tmp_path, rest, words):
    text = f"[statement.mine]\nlow = 1\nnominal = 2\nhigh = 3\nunit = 'km'\nby_hand = ['low']\n{rest}\n"
    assert _refused(tmp_path, text).startswith(f"mine.toml: statement.mine: {words}")


def test_logarithms_from_zero(tmp_path):
    text = (
        "[target.f-16.rcs.X]\nnose = { low = 0, nominal = 1, high = 3, unit = 'm2', spread = 'split-log', "
        "origin = 'assumed', note = 'x' }\n"
    )
    assert _refused(tmp_path, text) == (
        "mine.toml: target.f-16.rcs.X.nose: '0 m2' is too small for a radar cross-section: "
        "1e-09 m2 or more is wanted here"
    )


def test_logarithms_of_a_spread_from_zero(tmp_path):
    numbers = "low = 0\nnominal = 1\nhigh = 3\nunit = 's'\nspread = 'split-log'\n"
    text = f"[statement.mine]\n{numbers}origin = 'assumed'\nnote = 'x'\n"
    assert _refused(tmp_path, text) == (
        "mine.toml: statement.mine: spread 'split-log' needs low > 0; raise low or use 'split'"
    )


def test_unknown_spread(tmp_path):
    assert _refused(tmp_path, _entry(spread='"log-uniform"')) == (
        "mine.toml: radar.91n6e.instrumented_range: spread 'log-uniform' is not one of split, split-log, uniform, "
        "integer, discrete, fixed; did you mean 'uniform'?"
    )


AT_AN_END = (
    "the nominal {} is the {} end of its own spread, not its middle; give it as value alone with the other figure as a "
    "variant beside it, or give an inner nominal with its reason"
)


@pytest.mark.parametrize(
    ("numbers", "spread", "words"),
    [
        ((400, 600, 600), "", AT_AN_END.format("600 km", "high")),
        ((3, 3, 20), "spread = 'integer'\n", AT_AN_END.format("3 km", "low")),
        ((1, 1, 4), "spread = 'discrete'\n", AT_AN_END.format("1 km", "low")),
        (
            (2, 5, 15),
            "spread = 'uniform'\n",
            "spread 'uniform' has its middle at 1.7 times the nominal 5 km; give the middle as nominal, or use 'split'",
        ),
    ],
)
def test_a_nominal_value_that_cannot_be_the_middle(tmp_path, numbers, spread, words):
    low, nominal, high = numbers
    text = f"low = {low}\nnominal = {nominal}\nhigh = {high}\nunit = 'km'\norigin = 'assumed'\nnote = 'x'\n{spread}"
    assert _refused(tmp_path, f"[statement.mine]\n{text}") == f"mine.toml: statement.mine: {words}"


def test_a_count_in_halves(tmp_path):
    numbers = "low = 2\nnominal = 2.5\nhigh = 4\nunit = '1'\nspread = 'integer'\n"
    assert _refused(tmp_path, f"[statement.mine]\n{numbers}origin = 'assumed'\nnote = 'x'\n") == (
        "mine.toml: statement.mine: spread 'integer' wants whole numbers; round the three, or use 'split'"
    )


def test_bare_number_for_a_quantity(tmp_path):
    assert _refused(tmp_path, "[radar.91n6e]\nsector = 360\n") == (
        "mine.toml: radar.91n6e.sector: 360 has no unit and no source; write "
        '{ value = ..., unit = "rad", source = ..., origin = ..., confidence = ... }'
    )


def test_quantity_where_a_table_of_quantities_is_wanted(tmp_path):
    assert _refused(tmp_path, f"[launcher.5p85]\nrounds = {GOOD}\n") == (
        "mine.toml: launcher.5p85.rounds: wants a table of quantities by name; "
        "write [launcher.5p85.rounds] and one quantity a line"
    )


def test_wrong_type_of_a_plain_field(tmp_path):
    assert _refused(tmp_path, "[radar.91n6e]\nswerling_case = 'one'\n") == (
        "mine.toml: radar.91n6e.swerling_case: 'one' does not fit; a whole number is wanted here"
    )


def test_choice_that_is_none(tmp_path):
    assert _refused(tmp_path, "[radar.91n6e]\nrole = 'acquisitoin'\n") == (
        "mine.toml: radar.91n6e.role: 'acquisitoin' is not one of acquisition, engagement, multifunction; "
        "did you mean 'acquisition'?"
    )


def test_new_record_that_is_incomplete(tmp_path):
    same = "same_as = 'radar.91n6e'\n"
    text = (
        "[launcher.mine]\nname = 'Mine'\nrounds = { amraam = { same_as = 'launcher.nasams-launcher.rounds.amraam' } }"
    )
    assert _refused(tmp_path, f"[radar.mine]\n{same}{text}\n") == (
        "mine.toml: launcher.mine: 'reload' is missing; add reload = "
        '{ value = 10, unit = "s", origin = "assumed", note = "why" }, or point at a record that has it with same_as'
    )


def _below(tmp_path: Path, text: str) -> tuple[str, list[str]]:
    with pytest.raises(InputError) as caught:
        load_catalogue(_override(tmp_path, text))
    return str(caught.value), lines_below(caught.value)


@pytest.mark.parametrize("section", RECORDS)
def test_every_missing_key_is_named_at_once_with_a_line_that_can_be_written(tmp_path, section):
    """What stands below the sentence, written into the file, makes it load: one round for a record of one's own."""
    required = [spec.key for spec in fields_of(RECORDS[section]) if spec.required]
    message, lines = _below(tmp_path, f"[{section}.mine]\n")
    names = ", ".join(required)
    assert message.startswith(f"mine.toml: {section}.mine: {len(required)} keys are missing: {names}; add lines such")
    assert [line.partition(" = ")[0] for line in lines] == [f"[{section}.mine]", *required]
    loaded = load_catalogue(_override(tmp_path, "\n".join(lines)))
    shelves = {"fire-unit": loaded.fire_units}
    assert "mine" in shelves.get(section, getattr(loaded, f"{section}s", {}))


def test_a_system_of_ones_own_takes_one_round_of_errors(tmp_path):
    """From nothing but headers: what the first refusal lists, written down, loads."""
    sections = ("radar", "interceptor", "launcher", "fire-unit", "system")
    headers = "\n".join(f"[{section}.mine]" for section in sections)
    envelope = "[interceptor.mine.envelope.drone]"
    message, lines = _below(tmp_path, f"{headers}\n{envelope}\n")
    told = [line for line in (message, *lines) if "keys are missing" in line]
    assert [line.split(": ")[1] for line in told] == [
        "radar.mine", "interceptor.mine.envelope.drone", "interceptor.mine", "launcher.mine", "fire-unit.mine",
        "system.mine",
    ]  # fmt: skip
    written = [line for line in lines if line not in told and not line.startswith("envelope = ")]
    own = {"engagement_radar": "mine", "launcher": "mine", "fire_unit": "mine", "default_fit": "mine", "fit": "mine"}
    changed = []
    for line in written:
        key = line.partition(" = ")[0]
        line = (
            f'{key} = "mine"' if key in own else line.replace("amraam = ", "mine = ").replace('["amraam"]', '["mine"]')
        )
        changed.append(line)
    parts, tables = [], {}
    for line in changed:
        parts = tables.setdefault(line, []) if line.startswith("[") else parts
        if not line.startswith("["):
            parts.append(line)
    order = sorted(tables, key=len)
    loaded = load_catalogue(_override(tmp_path, "\n".join("\n".join([head, *tables[head]]) for head in order)))
    assert loaded.systems["mine"].fire_unit == "mine"
    assert set(loaded.interceptors["mine"].envelopes) == {"drone"}


def test_everything_that_is_wrong_with_a_file_is_said_at_once(tmp_path):
    message, lines = _below(
        tmp_path,
        "[radar.mine]\nsame_as = 'radar.sentinel'\nnmae = 'x'\nrole = 'finder'\nslew = { value = 3, unit = 'km' }\n"
        "[launcher.mine]\nname = 'L'\nreload = { value = 3 }\n"
        "[interceptor.mine]\nsame_as = 'interceptor.amraam'\n[interceptor.mine.envelope.plane]\n"
        "[interceptor.mine.envelope.drone]\nmax_range = { value = 3 }\n",
    )
    told = "\n".join([message, *lines])
    for part in (
        "radar.mine: unknown key 'nmae'",
        "radar.mine.role: 'finder' is not one of",
        "radar.mine.slew: ",
        'launcher.mine.reload: 3 keys are missing: unit = "s", origin = "assumed", note = "why"',
        "launcher.mine: 'rounds' is missing; add rounds = { amraam = {",
        "interceptor.mine.envelope: 'plane' is not one of",
        "interceptor.mine.envelope.drone.max_range: 3 keys are missing",
    ):
        assert part in told, part
    assert all(line.isprintable() for line in (message, *lines))


def test_links_that_lead_nowhere_are_all_said_at_once(tmp_path):
    message, lines = _below(
        tmp_path,
        "[system.mine]\nsame_as = 'system.nasams'\nfire_unit = 'gun-battery'\n"
        "[fire-unit.mine]\nsame_as = 'fire-unit.nasams-battery'\nengagement_radar = 'gun-radar'\nlauncher = 'gun'\n"
        "[system.other]\nsame_as = 'system.nasams'\nfit = 'ahead'\nfits = ['ahead']\n",
    )
    told = [message, *lines]
    assert [text.partition(": ")[2].partition(": '")[2].partition("'")[0] for text in told] == [
        "gun-radar", "gun", "gun-battery", "ahead",
    ]  # fmt: skip
    assert told[-1] == "mine.toml: system.other.fits: 'ahead' is not a fit of its fire unit here; there is: amraam"


def test_unknown_target_kind_of_an_envelope(tmp_path):
    assert _refused(tmp_path, f"[interceptor.48n6e3.envelope.plane]\nmax_range = {GOOD}\n") == (
        "mine.toml: interceptor.48n6e3.envelope: 'plane' is not one of aircraft, cruise-missile, drone, ballistic"
    )


def test_same_as_to_nowhere(tmp_path):
    assert _refused(tmp_path, "[radar.mine]\nsame_as = 'radar.91n6'\n") == (
        "mine.toml: radar.mine: same_as points at 'radar.91n6', which is not there; did you mean 'radar.91n6e'?"
    )


def test_same_as_in_a_circle(tmp_path):
    text = "[radar.one]\nsame_as = 'radar.two'\n[radar.two]\nsame_as = 'radar.one'\n"
    assert _refused(tmp_path, text) == (
        "mine.toml: radar.one: same_as runs in a circle: radar.one -> radar.two -> radar.one"
    )


def test_id_given_twice_in_one_folder(tmp_path):
    _override(tmp_path, "[radar.mine]\nsame_as = 'radar.91n6e'\n", "a.toml")
    with pytest.raises(InputError, match=r"^b\.toml: radar\.mine: given in a\.toml too; keep one of the two$"):
        load_catalogue(_override(tmp_path, "[radar.mine]\nsame_as = 'radar.92n6e'\n", "b.toml"))


def test_shares_of_a_fit_that_do_not_add_up(tmp_path):
    assert _refused(
        tmp_path, "[fire-unit.s-400-division.fits]\nmixed = { 40n6e = 0.5, 9m96e2 = 0.2, 48n6e3 = 0.1 }\n"
    ) == ("mine.toml: fire-unit.s-400-division.fits.mixed: shares of launchers add up to 0.8; let them add up to 1")


def test_link_to_an_unknown_radar(tmp_path):
    assert _refused(tmp_path, "[fire-unit.s-400-division]\nengagement_radar = '92n6'\n") == (
        "mine.toml: fire-unit.s-400-division.engagement_radar: '92n6' is not a radar here; did you mean '92n6e'?"
    )


def test_share_of_a_fit_that_is_no_number(tmp_path):
    assert _refused(tmp_path, "[fire-unit.s-400-division.fits]\nmixed = { 40n6e = 'half' }\n") == (
        "mine.toml: fire-unit.s-400-division.fits.mixed: {'40n6e': 'half', '48n6e3': 0.5, '9m96e2': 0.25} "
        "does not fit; "
        "a share of launchers for each interceptor is wanted here"
    )


def test_further_sources_that_are_no_list(tmp_path):
    assert _refused(tmp_path, _entry(also='"B12"')) == (
        "mine.toml: radar.91n6e.instrumented_range: also = 'B12' does not fit; a list of texts is wanted here"
    )


def test_envelope_that_is_no_table(tmp_path):
    assert _refused(tmp_path, "[interceptor.48n6e3]\nenvelope = 3\n") == (
        "mine.toml: interceptor.48n6e3.envelope: wants tables by target kind; "
        "write [interceptor.48n6e3.envelope.aircraft] above the keys"
    )


WRONG = [
    "3",
    "-1.5",
    "true",
    '"x"',
    "[1]",
    '["x"]',
    "{}",
    "{ a = 1 }",
    '{ same_as = "x" }',
    "{ same_as = 3 }",
    "{ value = 1 }",
]
PLACES = [
    f"[{section}.{record}]\n{key}"
    for section, record in (
        ("radar", "91n6e"), ("interceptor", "48n6e3"), ("launcher", "5p85"), ("fire-unit", "s-400-division"),
        ("system", "s-400"), ("target", "f-16"), ("source", "B12"), ("fact", "contract"),
        ("clause", "f-35-without-s-400"),
    )
    for key in (spec.key for spec in fields_of(RECORDS[section]))
]  # fmt: skip


@pytest.fixture(scope="module")
def shipped_once():
    """Read the shipped files once: the loader below reads only the file under test."""
    return load._read_files(load.SHIPPED)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.replace("\n", " "))
def test_nonsense_is_refused_in_one_sentence_or_taken(tmp_path, place, monkeypatch, shipped_once):
    read = load._read_files
    monkeypatch.setattr(load, "_read_files", lambda p: shipped_once if p == load.SHIPPED else read(p))
    messages = [_message(_override(tmp_path, f"{place} = {wrong}\n")) for wrong in WRONG]
    refused = [message for message in messages if message]
    assert len(refused) >= len(WRONG) - 4
    assert all(message.startswith("mine.toml: ") and "\n" not in message for message in refused)


def _message(folder):
    """Text of the refusal, or None: an optional table may be empty, a text may be any text."""
    try:
        load_catalogue(folder)
    except InputError as error:
        return str(error)
    return None


def test_bad_toml(tmp_path):
    message = _refused(tmp_path, "[radar.91n6e\n")
    assert message.startswith("mine.toml: not valid TOML: ")
    assert "line 1" in message
    assert message.endswith("; mend that place")


def test_a_byte_order_mark_is_no_part_of_the_file(tmp_path):
    text = "[assumption.extra]\nvalue = 5\nunit = 'km'\norigin = 'assumed'\nnote = 'x'\n"
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8-sig")
    assert load_catalogue(tmp_path).assumptions["extra"].nominal == 5000.0


def test_text_that_is_not_utf8(tmp_path):
    (tmp_path / "latin.toml").write_bytes(b'[radar.91n6e]\nname = "caf\xe9"\n')
    with pytest.raises(InputError, match=r"^latin\.toml:2: byte 25 is not UTF-8 text; save the file as UTF-8$"):
        load_catalogue(tmp_path)


def test_missing_folder(tmp_path):
    wanted = (
        r"not-there: cannot be read: No such file or directory; give the path of a folder that holds catalogue files"
    )
    with pytest.raises(InputError, match=wanted):
        load_catalogue(tmp_path / "not-there")


def test_unreadable_folder(tmp_path, monkeypatch):
    def refuse(folder, onerror):
        onerror(PermissionError(13, "Permission denied", str(folder)))

    monkeypatch.setattr("os.walk", refuse)
    with pytest.raises(
        InputError, match=r": cannot be read \(Permission denied\); check the path and its permissions$"
    ):
        load_catalogue(tmp_path)


def test_one_file_instead_of_a_folder(tmp_path):
    mine = load_catalogue(_override(tmp_path, _entry(value="333")) / "mine.toml")
    assert mine.radars["91n6e"].instrumented_range_m.nominal == 333e3


def test_empty_folder(tmp_path):
    with pytest.raises(InputError, match=r"holds no \.toml file; put catalogue files there, or leave --catalogue out$"):
        load_catalogue(tmp_path)


def test_file_that_cannot_be_read(tmp_path):
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(InputError, match=r"folder\.toml: cannot be read: it is a folder; give the path of"):
        load_catalogue(tmp_path)


def test_a_file_extends_and_overrides(tmp_path):
    shipped = load_catalogue()
    text = _entry(value="333") + "\n[radar.mine]\nsame_as = 'radar.91n6e'\nname = 'Mine'\n"
    mine = load_catalogue(_override(tmp_path, text))
    assert mine.radars["91n6e"].instrumented_range_m.nominal == 333e3
    assert mine.radars["91n6e"].reference_range_m == shipped.radars["91n6e"].reference_range_m
    assert mine.radars["mine"].name == "Mine"
    assert mine.radars["mine"].instrumented_range_m.nominal == 333e3
    assert mine.content_hash != shipped.content_hash
    assert load_catalogue().content_hash == shipped.content_hash


READING = "low = 1\nnominal = 2\nhigh = 3\nunit = 'km'\norigin = 'read'\nsource = 'B03'\nconfidence = 'C'\n"


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("locator = 'page 3'", "locator 'page 3' stands alone; add paraphrase: the place and what is said there"),
        ("paraphrase = '2 km'", "paraphrase '2 km' stands alone; add locator: the place and what is said there"),
        (
            "locator = 'page 3'\nparaphrase = '2 km'\nunread = 'lost'",
            "unread 'lost' beside a locator; a figure was read again or it was not, keep one",
        ),
        (
            f"locator = 'page 3'\nparaphrase = '{'word ' * 31}'",
            "paraphrase has 31 words, more than 30; say it shorter, in your own words",
        ),
        ("unread = ' '", "unread = ' ' belongs to a figure with a source, and says something; leave it out"),
        ("locator = 3\nparaphrase = 'x'", "locator = 3 does not fit; a text in quotes is wanted here"),
    ],
)
def test_what_was_read_again_says_where_and_what(tmp_path, keys, words):
    assert _refused(tmp_path, f"[statement.mine]\n{READING}{keys}\n") == f"mine.toml: statement.mine: {words}"


def test_only_a_figure_with_a_source_was_read_again(tmp_path):
    text = "[statement.mine]\nvalue = 1\nunit = 'km'\norigin = 'assumed'\nnote = 'x'\nunread = 'lost'\n"
    assert _refused(tmp_path, text) == (
        "mine.toml: statement.mine: unread = 'lost' belongs to a figure with a source, and says something; leave it out"
    )


CLAUSE = {
    "text": '"Void beside the other."', "place": '"last page"', "date": '"2019"', "effect": '"offer-void"',
    "held_with": '["s-400-tr"]', "sources": '["R1"]',
}  # fmt: skip
NO_CLAUSE = {
    "no source": ({"sources": "[]"}, ".sources: is empty; a clause is somebody's claim, so name who makes it"),
    "a source that is not there": (
        {"sources": '["R11"]'}, ".sources: source 'R11' is not in sources/*.toml; did you mean 'R1'?"
    ),
    "void beside nothing": ({"held_with": "[]"}, ": effect 'offer-void' wants 'held_with'; add it"),
    "resale beside something": (
        {"effect": '"no-resale"'}, ": effect 'no-resale' says nothing about 'held_with'; leave it out"
    ),
    "aircraft without a count": ({"effect": '"aircraft-lost"'}, ": effect 'aircraft-lost' wants 'aircraft'; add it"),
    "a void offer with a price": (
        {"price": '"statement.f-35-hundred"'}, ": effect 'offer-void' says nothing about 'price'; leave it out"
    ),
    "a system that is not there": (
        {"held_with": '["s-400-t"]'}, ".held_with: 's-400-t' is not a system here; did you mean 's-400-tr'?"
    ),
    "a statement that is not there": (
        {
            "effect": '"aircraft-lost"', "aircraft": '["statement.f-35-plannd"]', "price": '"statement.f-35-hundred"',
        },
        ": 'statement.f-35-plannd' is not a statement here; did you mean 'statement.f-35-planned'?",
    ),
    "an effect of its own": (
        {"effect": '"offer-voids"'},
        ".effect: 'offer-voids' is not one of offer-void, aircraft-lost, no-resale; did you mean 'offer-void'?",
    ),
    "no effect": (
        {"effect": ""},
        ': \'effect\' is missing; add effect = "no-resale", or point at a record that has it with same_as',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_CLAUSE)
def test_clauses_that_cannot_be(tmp_path, name):
    changes, message = NO_CLAUSE[name]
    lines = [f"{key} = {value}" for key, value in (CLAUSE | changes).items() if value]
    assert _refused(tmp_path, "[clause.mine]\n" + "\n".join(lines) + "\n") == f"mine.toml: clause.mine{message}"


def test_a_clause_of_ones_own_is_read(tmp_path):
    lines = [f"{key} = {value}" for key, value in CLAUSE.items()]
    clause = load_catalogue(_override(tmp_path, "[clause.mine]\n" + "\n".join(lines) + "\n")).clauses["mine"]
    assert (clause.effect, clause.held_with, clause.statements) == ("offer-void", ("s-400-tr",), ())
