"""Every complaint about a scenario file, word by word: file, line, key, what is wrong, what would be right."""

from __future__ import annotations

import re

import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.errors import InputError, lines_below
from ringtrue.scenario.checks import KnownIds, known_ids
from ringtrue.scenario.load import load_scenario, parse_scenario

GOOD = """\
title = "Test"

[[place]]
id = "ankara"
name = "Ankara"
at = [40.0, 32.5]

[[network]]
id = "pair"
title = "two units"
shares_track = [["u-1", "u-2"]]

[[laydown]]
id = "two"
title = "Two units"
network = "pair"
offers = ["deal"]

[[laydown.unit]]
uid = "u-1"
system = "s-400"
place = "ankara"

[[laydown.unit]]
uid = "u-2"
system = "s-400"
place = "ankara"
launchers = 4

[[laydown.unit.loading]]
interceptor = "48n6e3"
rounds = 16
per_launcher = 4

[[asset]]
uid = "city"
name = "City"
at = [39.9, 32.8]

[[raid]]
id = "r1"
title = "A raid"

[[raid.wave]]
uid = "w1"
target = "f-16"
count = 4
spacing = "10 s"
aim = ["city"]
bearing = "90 deg"
start_distance = "200 km"
height = "50 m"

[[friendly]]
uid = "friend"
target = "f-16"
count = 1
path = [[38.0, 32.0], [39.0, 33.0]]

[[pattern]]
uid = "transit"
title = "Transit"
targets = ["f-35"]
path = [[38.0, 32.0], [39.0, 33.0]]
flights_per_week = { low = 1, nominal = 2, high = 4, reason = "a guess" }

[doctrine]
salvo = 1

[[offer]]
id = "deal"
title = "A deal"
system = "s-400"
fire_units = 2
launchers = 16
price = "2.5 bnUSD"
price_year = 2017
contract_date = 2017-04-11
source = ["B07"]

[[offer.payment]]
kind = "advance"
share = "45 %"

[[delivery]]
uid = "first"
offer = "deal"
schedule = "happened"
fire_units = 2
launchers = 16
delivered = 2019-07-25

[study]
laydowns = ["two"]
raids = ["r1"]

[study.sweep]
setting = "raid.r1.count"
values = [4, 8]
"""
KNOWN = KnownIds(
    systems={"s-400": ("40n6e",)},
    targets=frozenset({"f-16", "f-35"}),
    interceptors=frozenset({"48n6e3"}),
    sources=frozenset({"B07"}),
)
CASES = {
    # what is written instead → the whole sentence
    "unknown key": (
        'spacing = "10 s"', 'spcing = "10 s"',
        "t.toml: raid.r1.wave.w1.spcing: unknown key 'spcing'; did you mean 'spacing'?",
    ),
    "terrain, which is an option": (
        "[study]", '[study]\nterrain = "none"',
        ("t.toml: study.terrain: unknown key 'terrain': ground is no part of a scenario; give it as --dem FILE, or "
         "--dem none for bare earth"),
    ),
    "unknown key, nothing near": (
        "salvo = 1", "zzz = 1",
        ("t.toml: doctrine.zzz: unknown key 'zzz'; known here: firing, salvo, max_shots, assignment, weapons_control, "
         "assessment_delay, identification_delay, identification_error_hostile, identification_error_friendly, "
         "identification_error_shared, friendly_reply, common_mode, available, reserve, kill_probability"),
    ),
    "unknown section": (
        "[doctrine]", "[doctrin]", "t.toml: doctrin: unknown key 'doctrin'; did you mean 'doctrine'?",
    ),
    "missing key": (
        'target = "f-16"\ncount = 4\n', "count = 4\n",
        "t.toml: raid.r1.wave.w1: key 'target' is missing: catalogue id of the class; add target = \"one-way-uav\"",
    ),
    "negative spacing": (
        'spacing = "10 s"', 'spacing = "-3 s"',
        (
            "t.toml: raid.r1.wave.w1.spacing: '-3 s' is too small for a time of a raid: "
            "0 s or more is wanted here"
        ),
    ),
    "wrong unit": (
        'start_distance = "200 km"', 'start_distance = "200 s"',
        ("t.toml: raid.r1.wave.w1.start_distance: '200 s': unit 's' does not fit: a length such as 'm' is wanted "
         "here"),
    ),
    "further away than the earth allows": (
        'start_distance = "200 km"', 'start_distance = "40000 km"',
        (
            "t.toml: raid.r1.wave.w1.start_distance: '40000 km' is too large for a distance: "
            "20,000 km or less is wanted here"
        ),
    ),
    "higher than any flight": (
        'height = "50 m"', 'height = "1e9 m"',
        (
            "t.toml: raid.r1.wave.w1.height: '1e9 m' is too large for a height above ground: "
            "1,000 km or less is wanted here"
        ),
    ),
    "faster than anything": (
        'height = "50 m"', 'speed = "1e6 km/s"',
        "t.toml: raid.r1.wave.w1.speed: '1e6 km/s' is too large for a speed: 7,910 m/s or less is wanted here",
    ),
    "a year between two targets": (
        'spacing = "10 s"', 'spacing = "12 months"',
        (
            "t.toml: raid.r1.wave.w1.spacing: '12 months' is too large for a time of a raid: "
            "30 days or less is wanted here"
        ),
    ),
    "month 13": (
        'laydowns = ["two"]', 'first_month = "2017-13"',
        "t.toml: study.first_month: '2017-13' is no month; write one such as '2019-07'",
    ),
    "an asset with the uid of a fire unit": (
        'uid = "city"', 'uid = "u-1"',
        ("t.toml: asset.u-1.uid: a fire unit is called 'u-1' too; an aim must mean one thing, so give each its own "
         "uid"),
    ),
    "a wave with the uid of a fire unit": (
        'uid = "w1"', 'uid = "u-2"',
        ("t.toml: raid.r1.wave.u-2.uid: a fire unit is called 'u-2' too; an aim must mean one thing, so give each its "
         "own uid"),
    ),
    "no unit": (
        'start_distance = "200 km"', "start_distance = 200",
        "t.toml: raid.r1.wave.w1.start_distance: wants a number and a unit in quotes, such as '250 km'; got 200",
    ),
    "count in words": (
        "count = 4", 'count = "four"', "t.toml: raid.r1.wave.w1.count: wants a whole number, such as 8; got 'four'",
    ),
    "salvo too large": (
        "salvo = 1", "salvo = 99", "t.toml: doctrine.salvo: 99 is too large: 16 or less is wanted here",
    ),
    "salvo above max_shots": (
        "salvo = 1", "salvo = 5",
        "t.toml: doctrine.max_shots: 4 shots at most, but 5 in one salvo; raise max_shots",
    ),
    "unknown choice": (
        "salvo = 1", 'firing = "salvoo"',
        ("t.toml: doctrine.firing: 'salvoo' is not known; one of salvo, shoot-look-shoot, shoot-shoot-look is wanted "
         "here; did you mean 'salvo'?"),
    ),
    "latitude 95": (
        "at = [40.0, 32.5]", "at = [95.0, 32.5]",
        "t.toml: place.ankara.at: [95.0, 32.5]: latitude 95 lies outside -90 to 90 degrees",
    ),
    "longitude 200": (
        "at = [40.0, 32.5]", "at = [40.0, 200]",
        "t.toml: place.ankara.at: [40.0, 200]: longitude 200 lies outside -180 to 180 degrees",
    ),
    "position as text": (
        "at = [40.0, 32.5]", 'at = "40 N"',
        (
            "t.toml: place.ankara.at: '40 N': each of the two wants its letter: N or S for the latitude, "
            "E or W for the longitude"
        ),
    ),
    "uid with a dot": (
        'uid = "city"', 'uid = "my.city"',
        "t.toml: asset.my.city.uid: wants small letters, digits, '-', '_' and '@', such as 'ankara-1'; got 'my.city'",
    ),
    "no date": (
        "delivered = 2019-07-25", 'delivered = "2019-13-45"',
        "t.toml: delivery.first.delivered: '2019-13-45' is no date; write a day such as 2019-07-25",
    ),
    "no month": (
        'raids = ["r1"]\n', 'raids = ["r1"]\nfirst_month = "July"\n',
        "t.toml: study.first_month: 'July' is no month; write one such as '2019-07'",
    ),
    "months the wrong way round": (
        'raids = ["r1"]\n', 'raids = ["r1"]\nfirst_month = "2020-01"\nlast_month = "2019-01"\n',
        "t.toml: study: first_month and last_month go together, the first one first",
    ),
    "spread upside down": (
        "low = 1, nominal = 2, high = 4", "low = 5, nominal = 2, high = 4",
        "t.toml: pattern.transit.flights_per_week: low <= nominal <= high does not hold: 5, 2, 4",
    ),
    "spread whose middle is its end": (
        "low = 1, nominal = 2, high = 4", "low = 2, nominal = 2, high = 4",
        ("t.toml: pattern.transit.flights_per_week: the nominal 2 is the low end of its own spread, not its "
         "middle; give it as value alone with the other figure as a variant beside it, or "
         "give an inner nominal with its reason"),
    ),
    "even spread around another middle": (
        "low = 1, nominal = 2, high = 4", 'spread = "uniform", low = 1, nominal = 2, high = 4',
        ("t.toml: pattern.transit.flights_per_week: spread 'uniform' has its middle at 1.25 times the nominal 2; give "
         "the middle as nominal, or use 'split'"),
    ),
    "spread without reason": (
        ', reason = "a guess"', "",
        't.toml: pattern.transit.flights_per_week: an assumption wants a reason: add reason = "…", or a source',
    ),
    "spread half given": (
        "low = 1, nominal = 2, high = 4", "low = 1, nominal = 2",
        "t.toml: pattern.transit.flights_per_week: wants low, nominal and high, or value alone",
    ),
    "spread with a strange key": (
        "low = 1, nominal = 2", "lowe = 1, nominal = 2",
        "t.toml: pattern.transit.flights_per_week.lowe: unknown key 'lowe'; did you mean 'low'?",
    ),
    "source without confidence": (
        'reason = "a guess"', 'source = "B07"',
        "t.toml: pattern.transit.flights_per_week: source and confidence (A, B or C) go together: give both or neither",
    ),
    "aims at no asset": (
        'aim = ["city"]', "aim = []",
        "t.toml: raid.r1.wave.w1.aim: the raid aims at nothing; name one asset or unit at least",
    ),
    "aims at an unknown asset": (
        'aim = ["city"]', 'aim = ["ctiy"]',
        "t.toml: raid.r1.wave.w1.aim: no asset or unit is called 'ctiy'; did you mean 'city'?",
    ),
    "height and altitude": (
        'height = "50 m"', 'height = "50 m"\naltitude = "3000 m"',
        "t.toml: raid.r1.wave.w1: give height (above ground) or altitude (above mean sea level), not both",
    ),
    "comes from nowhere": (
        'bearing = "90 deg"\n', "",
        "t.toml: raid.r1.wave.w1: say where it comes from: path, or bearing and start_distance, one of the two",
    ),
    "starts on its aim": (
        'start_distance = "200 km"', 'start_distance = "0 km"',
        "t.toml: raid.r1.wave.w1.start_distance: a target cannot start on its aim; give a distance",
    ),
    "no speed": (
        'height = "50 m"', 'height = "50 m"\nspeed = "0 m/s"',
        "t.toml: raid.r1.wave.w1.speed: a flight with no speed never arrives; leave it out or raise it",
    ),
    "a path of one point": (
        "count = 1\npath = [[38.0, 32.0], [39.0, 33.0]]", "count = 1\npath = [[38.0, 32.0]]",
        "t.toml: friendly.friend.path: wants two positions or more; one is no flight",
    ),
    "two units with one uid": (
        'uid = "u-2"', 'uid = "u-1"',
        ("t.toml: laydown.two.unit: two entries have the unit 'u-1'; random numbers are keyed by it, so give "
         "each its own"),
    ),
    "asset and wave with one uid": (
        'uid = "w1"', 'uid = "city"',
        ("t.toml: raid.r1.wave.city.uid: two entries have the uid 'city'; random numbers are keyed by it, so give each "
         "its own"),
    ),
    "unit at an unknown place": (
        'place = "ankara"\nlaunchers', 'place = "ankra"\nlaunchers',
        "t.toml: laydown.two.unit.u-2.place: no place is called 'ankra'; did you mean 'ankara'?",
    ),
    "unit without launchers": (
        "launchers = 4", "launchers = 0",
        ("t.toml: laydown.two.unit.u-2.launchers: launchers: 0, fire units: 1; a fire unit without launchers fires "
         "nothing"),
    ),
    "rounds without launchers": (
        "launchers = 4\n", "",
        "t.toml: laydown.two.unit.u-2.loading: rounds are loaded on launchers: say how many launchers there are",
    ),
    "service ends before it starts": (
        "launchers = 4", "launchers = 4\nin_service_from = 2020-01-01\nin_service_to = 2019-01-01",
        ("t.toml: laydown.two.unit.u-2.in_service_to: 2019-01-01 is not after in_service_from, 2020-01-01; correct one "
         "of the two dates"),
    ),
    "more fire units than places": (
        'offers = ["deal"]', 'offers = ["deal"]\n[[laydown.package]]\nsystem = "s-400"\nfire_units = 3',
        "t.toml: laydown.two.package.s-400.fire_units: fire units: 3, places of the laydown rule: 1; add a [[place]]",
    ),
    "network link to nowhere": (
        '["u-1", "u-2"]', '["u-1", "u-9"]',
        ("t.toml: network.pair.shares_track: the link u-1 → u-9 leads nowhere: no laydown has a unit 'u-9'; "
         "did you mean 'u-2'?"),
    ),
    "network link to itself": (
        '["u-1", "u-2"]', '["u-1", "u-1"]',
        "t.toml: network.pair.shares_track: 'u-1' is linked to itself; it serves itself anyway",
    ),
    "strange links": (
        '[["u-1", "u-2"]]', '"everybody"',
        ("t.toml: network.pair.shares_track: wants 'none', 'same-system', 'all' or a list of [from, to] pairs of unit "
         "uids; got 'everybody'"),
    ),
    "unknown network": (
        'network = "pair"', 'network = "pairs"',
        "t.toml: laydown.two.network: no network is called 'pairs'; did you mean 'pair'?",
    ),
    "laydown without its offer": (
        'offers = ["deal"]', 'offers = ["dael"]',
        "t.toml: laydown.two.offers: no offer is called 'dael'; did you mean 'deal'?",
    ),
    "negative price": (
        'price = "2.5 bnUSD"', 'price = "-2.5 bnUSD"',
        "t.toml: offer.deal.price: '-2.5 bnUSD' is too small for a price: 0 USD or more is wanted here",
    ),
    "price without year": (
        "price_year = 2017\n", "",
        "t.toml: offer.deal: a price wants its price_year: money of two years is not the same money",
    ),
    "payments above the price": (
        'share = "45 %"', 'amount = "3 bnUSD"',
        ("t.toml: offer.deal.payment: payments add up to 3 bnUSD, more than the price of 2.5 bnUSD; lower a "
         "payment, or correct the price"),
    ),
    "payment without amount": (
        'share = "45 %"\n', "", "t.toml: offer.deal.payment.0: give amount or share, one of the two",
    ),
    "share of no price": (
        'price = "2.5 bnUSD"\n', "",
        "t.toml: offer.deal.payment.0.share: a share of what? The offer has no price; give an amount",
    ),
    "interest on an advance": (
        'share = "45 %"', 'share = "45 %"\nyears = 10',
        "t.toml: offer.deal.payment.0: rate and years belong to a credit, not to 'advance'",
    ),
    "offer of units without launchers": (
        "fire_units = 2\nlaunchers = 16\nprice", "fire_units = 2\nlaunchers = 1\nprice",
        "t.toml: offer.deal.launchers: launchers: 1, fire units: 2; a fire unit without launchers fires nothing",
    ),
    "delivery of no offer": (
        'offer = "deal"', 'offer = "dael"',
        "t.toml: delivery.first.offer: no offer is called 'dael'; did you mean 'deal'?",
    ),
    "delivery before the contract": (
        "delivered = 2019-07-25", "delivered = 2016-07-25",
        ("t.toml: delivery.first.delivered: 2016-07-25 is before the contract of 2017-04-11; correct one of the two "
         "dates"),
    ),
    "on alert before the delivery": (
        "delivered = 2019-07-25", "delivered = 2019-07-25\non_alert = 2019-01-01",
        ("t.toml: delivery.first.on_alert: 2019-01-01 is before the delivery of 2019-07-25; correct one of the two "
         "dates"),
    ),
    "more launchers delivered than bought": (
        "launchers = 16\ndelivered", "launchers = 17\ndelivered",
        ("t.toml: delivery.first.launchers: launchers delivered: 17, but bought: 16 in offer 'deal'; "
         "correct one of them"),
    ),
    "rounds delivered, none bought": (
        "launchers = 16\ndelivered", "launchers = 16\nrounds = { 48n6e3 = 8 }\ndelivered",
        "t.toml: delivery.first.rounds: 48n6e3 delivered: 8, but bought: 0 in offer 'deal'; correct one of them",
    ),
    "items delivered, none bought": (
        "launchers = 16\ndelivered", 'launchers = 16\nitems = { "rounds, type not said" = 8 }\ndelivered',
        ("t.toml: delivery.first.items: rounds, type not said delivered: 8, but bought: 0 in offer 'deal'; "
         "correct one of them"),
    ),
    "lead time of a real delivery": (
        "delivered = 2019-07-25", 'lead_time = "24 months"',
        "t.toml: delivery.first: ordered and lead_time belong to a notional delivery, and to no other",
    ),
    "notional delivery with a date": (
        'schedule = "happened"', 'schedule = "notional"\nordered = 2019-01-02',
        "t.toml: delivery.first.delivered: a notional delivery has a lead time and no dates",
    ),
    "study of an unknown laydown": (
        'laydowns = ["two"]', 'laydowns = ["tow"]',
        "t.toml: study.laydowns: no laydown is called 'tow'; did you mean 'two'?",
    ),
    "sweep of an unknown key": (
        'setting = "raid.r1.count"', 'setting = "raid.r1.cuont"',
        "t.toml: study.sweep.setting: raid.r1.cuont=4: unknown key 'cuont'; known here: id, title, reason, wave",
    ),
    "not TOML": (
        "[doctrine]", "[doctrine",
        (
            "t.toml: not valid TOML: Expected ']' at the end of a table declaration (at line 67, column 10); "
            "mend that place"
        ),
    ),
    # against the catalogue
    "unknown system": (
        'uid = "u-2"\nsystem = "s-400"', 'uid = "u-2"\nsystem = "s-4000"',
        "t.toml: laydown.two.unit.u-2.system: no system is called 's-4000'; did you mean 's-400'?",
    ),
    "unknown fit": (
        'uid = "u-2"\nsystem = "s-400"', 'uid = "u-2"\nsystem = "s-400:40n6"',
        "t.toml: laydown.two.unit.u-2.system: no fit of s-400 is called '40n6'; did you mean '40n6e'?",
    ),
    "unknown interceptor": (
        'interceptor = "48n6e3"', 'interceptor = "48n6e4"',
        ("t.toml: laydown.two.unit.u-2.loading.48n6e4.interceptor: no interceptor is called '48n6e4'; did you mean "
         "'48n6e3'?"),
    ),
    "offer of an unknown system": (
        'title = "A deal"\nsystem = "s-400"', 'title = "A deal"\nsystem = "s-500"',
        "t.toml: offer.deal.system: no system is called 's-500'; did you mean 's-400'?",
    ),
    "unknown source": (
        'source = ["B07"]', 'source = ["Z99"]', "t.toml: offer.deal.source: no source is called 'Z99'; there are: B07",
    ),
    "unknown source of a payment": (
        'share = "45 %"', 'share = "45 %"\nsource = ["B70"]',
        "t.toml: offer.deal.payment.0.source: no source is called 'B70'; did you mean 'B07'?",
    ),
    "unknown source of a spread": (
        'reason = "a guess"', 'source = "B70", confidence = "C"',
        "t.toml: pattern.transit.flights_per_week.source: no source is called 'B70'; did you mean 'B07'?",
    ),
    "unknown class": (
        'target = "f-16"\ncount = 4', 'target = "f-61"\ncount = 4',
        "t.toml: raid.r1.wave.w1.target: no target class is called 'f-61'; did you mean 'f-16'?",
    ),
    "unknown class of a pattern": (
        'targets = ["f-35"]', 'targets = ["f-350"]',
        "t.toml: pattern.transit.targets: no target class is called 'f-350'; did you mean 'f-35'?",
    ),
}  # fmt: skip


def test_the_file_that_the_cases_spoil_is_good() -> None:
    scenario = parse_scenario(GOOD, "t.toml", known=KNOWN)
    assert (scenario.name, len(scenario.laydowns[0].units)) == ("t", 2)


@pytest.mark.parametrize("name", CASES)
def test_complaint(name: str) -> None:
    old, new, sentence = CASES[name]
    assert GOOD.count(old) == 1, "the case must spoil one place"
    spoiled = GOOD.replace(old, new)
    with pytest.raises(InputError) as error:
        parse_scenario(spoiled, "t.toml", known=KNOWN)
    found = re.fullmatch(r"t\.toml(?::(\d+))?: (.*)", str(error.value))
    assert found is not None
    assert f"t.toml: {found[2]}" == sentence
    if name != "not TOML":
        line = spoiled.splitlines()[int(found[1]) - 1]
        key = found[2].split(": ")[0].rpartition(".")[2]
        assert line.startswith("[") or key in line, f"line {found[1]} does not hold {key!r}: {line!r}"


SETTINGS = {
    "doctrine.salvo": "--set doctrine.salvo: write key=value, such as doctrine.salvo=2",
    "doctrin.salvo=2": "--set doctrin.salvo=2: unknown key 'doctrin'; did you mean 'doctrine'?",
    "doctrine.salvoo=2": "--set doctrine.salvoo=2: unknown key 'salvoo'; did you mean 'salvo'?",
    "raid.r9.count=2": "--set raid.r9.count=2: no raid is called 'r9'; there are: r1",
    "title.x=2": "--set title.x=2: 'title' has no keys of its own",
    "raid.r1.count=-2": "--set raid.r1.count=-2: raid.r1.wave.w1.count: -2 is too small: 0 or more is wanted here",
    "raid.r1.count=eight": (
        "--set raid.r1.count=eight: raid.r1.wave.w1.count: wants a whole number, such as 8; got 'eight'"
    ),
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_bad_setting_is_named_as_typed(setting: str) -> None:
    with pytest.raises(InputError) as error:
        parse_scenario(GOOD, "t.toml", [setting])
    assert str(error.value) == SETTINGS[setting]


def test_no_such_scenario() -> None:
    with pytest.raises(InputError) as error:
        load_scenario("turkey-2018")
    assert str(error.value) == (
        "no shipped scenario is called 'turkey-2018'; did you mean 'turkey-2019'?; a path contains '/' or ends in .toml"
    )


def test_no_such_file(tmp_path) -> None:
    path = tmp_path / "none.toml"
    with pytest.raises(InputError) as error:
        load_scenario(str(path))
    assert (
        str(error.value) == f"{path}: cannot be read: No such file or directory; give the path of a TOML scenario file"
    )


def test_not_text(tmp_path) -> None:
    path = tmp_path / "bytes.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError) as error:
        load_scenario(str(path))
    assert str(error.value) == f"{path}: is saved as UTF-16; save it as UTF-8"


def test_a_byte_order_mark_is_no_part_of_the_file(tmp_path) -> None:
    path = tmp_path / "t.toml"
    path.write_text(GOOD, encoding="utf-8-sig")
    assert load_scenario(str(path)) == parse_scenario(GOOD, "t.toml")


def test_a_path_knows_where_the_file_gives_it() -> None:
    scenario = parse_scenario(GOOD, "t.toml", ["place.ankara.at=[40.0, 32.6]"])
    lines = GOOD.splitlines()
    assert scenario.written_at["flight w1"] == f"t.toml:{lines.index('[[raid.wave]]') + 1}: raid.r1.wave.w1.altitude"
    assert scenario.written_at["place ankara"] == "--set place.ankara.at=[40.0, 32.6]: place.ankara.at"


def test_everything_wrong_with_a_scenario_is_said_at_once():
    spoiled = (
        GOOD.replace('target = "f-16"\ncount = 4\n', "")
        .replace("salvo = 1", "salvo = 'one'\nzzz = 2")
        .replace('spacing = "10 s"', 'spacing = "10 km"')
    )
    with pytest.raises(InputError) as caught:
        parse_scenario(spoiled, "t.toml")
    told = [str(caught.value), *lines_below(caught.value)]
    for part in ("2 keys are missing: 'target' (catalogue id", "[[raid.wave]]", 'target = "one-way-uav"', "count = 1",
                 "spacing: '10 km'", "unknown key 'zzz'", "salvo: wants a whole number"):  # fmt: skip
        assert any(part in line for line in told), part


def test_a_scenario_from_nothing_takes_one_round_of_errors():
    """What stands below the refusal of an empty file, written into it, loads; likewise a section without its keys."""
    text = ""
    for header in ("", "[area]", "[[place]]", "[[asset]]", "[[raid]]", "[[network]]", "[[friendly]]", "[[offer]]"):
        text += f"\n{header}\n"
        with pytest.raises(InputError) as caught:
            parse_scenario(text, "t.toml")
        text = text.removesuffix(f"\n{header}\n") + "\n" + "\n".join(lines_below(caught.value)) + "\n"
        if header in ("[[raid]]",):
            text = text.replace('["my-asset"]', '["my-name"]').replace(
                '[[raid.wave]]\nuid = "my-name"', '[[raid.wave]]\nuid = "w"'
            )
        if header == "[[friendly]]":
            text = text.replace('[[friendly]]\nuid = "my-name"', '[[friendly]]\nuid = "f"')
    with pytest.raises(InputError, match="say where it comes from: path, or bearing and start_distance"):
        parse_scenario(text, "t.toml")
    text = text.replace("[[raid.wave]]", '[[raid.wave]]\nbearing = "90 deg"\nstart_distance = "200 km"')
    scenario = parse_scenario(text, "t.toml", known=known_ids(load_catalogue()))
    assert (scenario.raids[0].waves[0].target, scenario.offers[0].system) == ("one-way-uav", "nasams")


def test_ids_that_the_catalogue_does_not_have_are_all_named():
    text = GOOD.replace('"f-16"', '"f-61"').replace('system = "', 'system = "x')
    with pytest.raises(InputError) as caught:
        parse_scenario(text, "t.toml", known=known_ids(load_catalogue()))
    told = [str(caught.value), *lines_below(caught.value)]
    assert any("no system is called" in line for line in told)
    assert any("no target class is called 'f-61'; did you mean 'f-16'?" in line for line in told)
