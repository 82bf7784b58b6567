"""The doors and what is thrown at each: name, maker of inputs, reader; how many of a thousand inputs go there."""

from __future__ import annotations

import math
import re
import sqlite3
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import shapely

from ringtrue import options, units
from ringtrue.catalogue.load import load_catalogue
from ringtrue.formats.places_in import import_places
from ringtrue.geo.positions import parse_position
from ringtrue.scenario.checks import known_ids
from ringtrue.scenario.load import parse_scenario
from ringtrue.scenario.settings import apply_settings
from ringtrue.studies.case_files import load_cases
from ringtrue.studies.claim_measures import MEASURES
from ringtrue.studies.claim_records import load_claims
from ringtrue.toml_files import parse_toml
from tests.fuzz import inputs

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from ringtrue.catalogue.records import Catalogue
    from ringtrue.scenario.checks import KnownIds

SENSES = tuple(value for value in vars(units).values() if isinstance(value, units.Sense))
CLAIM_HEAD, *CLAIM_PARTS = inputs.CLAIMS.split("[[claim]]")
MINIMAL = next(text for text in inputs.SCENARIOS if "cruise-4" in text)


class Door(NamedTuple):
    """One reader: ``make`` gives an input, ``read`` reads it in a workspace of its own."""

    name: str
    per_thousand: int
    make: Callable[[Random], Any]
    read: Callable[[Any, Path], Any]


@cache
def shipped() -> Catalogue:
    """Return the shipped catalogue, read once."""
    return load_catalogue()


@cache
def known() -> KnownIds:
    """Return the ids of the shipped catalogue."""
    return known_ids(shipped())


def _one_reading(text: str) -> None:
    """What was taken as a quantity must have had one reading: plain digits, one point, a word of the closed table."""
    assert re.match(r"\s*(?:[-+]?[0-9.]|[Ff][Ll])", text), f"{text!r} was taken"
    assert not re.search(r"[0-9],|,[0-9]|_|\*|\(|\x00", text), f"{text!r} was taken"


def _asked_quantity(rng: Random) -> tuple[str, units.Sense]:
    sense = rng.choice(SENSES)
    if rng.random() < 0.6:
        return inputs.quantity(rng), sense
    word = rng.choice([word for word in units.UNITS if units.si_of(word) == sense.si])
    return inputs.bent(rng, f"{rng.uniform(0, 10 ** rng.randrange(5)):.{rng.randrange(3)}f} {word}"), sense


def _quantity(given: tuple[str, units.Sense], _folder: Path) -> None:
    text, sense = given
    value = units.read_quantity(text, sense)
    _one_reading(text)
    assert math.isfinite(value)
    assert sense.low * (1 - 1e-9) - 1e-9 <= value <= sense.high * (1 + 1e-9), f"{text!r} gave {value}"


def _lengths(text: str, _folder: Path) -> None:
    values = options.lengths("--height", [text], units.HEIGHT)
    assert values
    assert all(0.0 <= value <= units.HEIGHT.high for value in values)
    assert len(values) <= text.count(",") + 1


def _position(text: str, _folder: Path) -> None:
    latitude_deg, longitude_deg = parse_position(text)
    assert -90.0 <= latitude_deg <= 90.0
    assert -180.0 <= longitude_deg <= 180.0


def _asked_number(rng: Random) -> tuple[str, str]:
    return rng.choice(("--k", "--azimuth", *options.COUNTS)), inputs.number(rng)


def _numbers(given: tuple[str, str], _folder: Path) -> None:
    option, text = given
    if option == "--k":
        value = options.number(option, text, 0.3, 20.0)
        assert 0.3 <= value <= 20.0
    elif option == "--azimuth":
        assert abs(options.degrees(option, text)) <= 360.0
    else:
        assert options.COUNTS[option][0] <= options.count(option, text) <= options.COUNTS[option][1]
    assert not re.search(r"[,_\x00]", text), f"{text!r} was taken"


def _words(text: str, _folder: Path) -> None:
    found = options.words("--target", [text])
    assert len(set(found)) == len(found) > 0


def _setting(text: str, _folder: Path) -> None:
    apply_settings(parse_toml(MINIMAL, "minimal.toml"), [text])


def _changed(texts: list[str], _folder: Path) -> None:
    parse_scenario(MINIMAL, "minimal.toml", texts, known())


def _scenario(text: str, _folder: Path) -> None:
    parse_scenario(text, "mine.toml", (), known())


def _written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def _scenario_file(content: bytes, folder: Path) -> None:
    from ringtrue.scenario.load import load_scenario

    load_scenario(str(_written(folder, "mine.toml", content)), (), known())


def _claims_file(content: bytes, folder: Path) -> None:
    load_claims(_written(folder, "claims.toml", content), {name: one.spec for name, one in MEASURES.items()})


def _case_file(content: bytes, folder: Path) -> None:
    load_cases((_written(folder, "cases.toml", content),))


def _catalogue_file(content: bytes, folder: Path) -> None:
    place = folder / "figures"
    place.mkdir(exist_ok=True)
    _written(place, "own.toml", content)
    load_catalogue(place)


def _claims_text(rng: Random) -> str:
    return CLAIM_HEAD + "".join(f"[[claim]]{rng.choice(CLAIM_PARTS)}" for _ in range(rng.randrange(1, 4)))


def _places(name: str) -> Callable[[bytes, Path], None]:
    """A reader of sites and assets; what it gives back must be blocks that a scenario takes, positions on earth."""

    def read(content: bytes, folder: Path) -> None:
        for stale in folder.glob("places.*"):
            stale.unlink()
        path = _written(folder, name, content)
        taken = import_places(path, "assets")
        blocks = tomllib.loads(taken.toml)["asset"]
        assert len({block["uid"] for block in blocks}) == len(blocks) > 0
        for block in blocks:
            latitude, longitude = block["at"]
            assert -90.0 <= latitude <= 90.0
            assert -180.0 <= longitude <= 180.0
        parse_scenario(MINIMAL + taken.toml.replace('uid = "', 'uid = "mine-'), "mine.toml", (), known())

    return read


@cache
def _geopackage() -> bytes:
    """A small GeoPackage with one layer of points, made in memory."""
    base = sqlite3.connect(":memory:")
    base.executescript(
        "pragma application_id = 1196444487;"
        "create table gpkg_spatial_ref_sys (srs_name, srs_id integer primary key, organization, "
        "organization_coordsys_id integer, definition);"
        "create table gpkg_contents (table_name primary key, data_type, srs_id);"
        "create table gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m);"
        "create table cities (fid integer primary key, geom blob, name text);"
        "insert into gpkg_spatial_ref_sys values ('WGS 84', 4326, 'EPSG', 4326, 'undefined');"
        "insert into gpkg_contents values ('cities', 'features', 4326);"
        "insert into gpkg_geometry_columns values ('cities', 'geom', 'POINT', 4326, 0, 0);"
    )
    head = b"GP\x00\x01" + (4326).to_bytes(4, "little")
    for i in range(5):
        blob = head + shapely.to_wkb(shapely.Point(30.0 + i, 40.0))
        base.execute("insert into cities (geom, name) values (?, ?)", [blob, f"place {i}"])
    base.commit()
    return base.serialize()


def _damaged_geopackage(rng: Random) -> bytes:
    whole = bytearray(_geopackage())
    for _ in range(rng.choice((0, 1, 3, 30, 300))):
        whole[rng.randrange(len(whole))] = rng.randrange(256)
    return bytes(whole[: rng.randrange(len(whole))] if rng.random() < 0.1 else whole)


def _bent_places(text: str) -> Callable[[Random], bytes]:
    return lambda rng: inputs.file_bytes(rng, inputs.bent(rng, inputs.bent(rng, text)))


PLACES_CSV = 'name,latitude,longitude,population,note\nAnkara,39.92,32.85,5663000,"a, b"\nSamsun,41.29,36.33,,=1\n'
PLACES_GEOJSON = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "Ankara", "population": '
    '5663000}, "geometry": {"type": "Point", "coordinates": [32.85, 39.92]}}, {"type": "Feature", "id": 7, '
    '"properties": null, "geometry": {"type": "Point", "coordinates": [36.33, 41.29, 4.0]}}]}'
)
PLACES_KML = (
    '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>Ankara</name><Point>'
    "<coordinates>32.85,39.92,900</coordinates></Point></Placemark><Placemark><name>Samsun</name><ExtendedData><Data "
    'name="weight"><value>2</value></Data></ExtendedData><Point><coordinates>36.33,41.29</coordinates></Point>'
    "</Placemark></Document></kml>"
)
DOORS = (
    Door("quantity", 450, _asked_quantity, _quantity),
    Door("lengths of an option", 130, inputs.quantities, _lengths),
    Door("position", 160, inputs.position, _position),
    Door("numbers of options", 120, _asked_number, _numbers),
    Door("words of an option", 50, inputs.names, _words),
    Door("--set", 50, inputs.setting, _setting),
    Door("--set, then all checks", 10, lambda rng: [inputs.setting(rng) for _ in range(rng.randrange(1, 3))], _changed),
    Door("scenario text", 12, lambda rng: inputs.toml(rng, inputs.SCENARIOS), _scenario),
    Door("scenario file", 4, lambda rng: inputs.file_bytes(rng, inputs.toml(rng, inputs.SCENARIOS)), _scenario_file),
    Door("claims file", 6, lambda rng: inputs.file_bytes(rng, inputs.toml(rng, (_claims_text(rng),))), _claims_file),
    Door("case file", 6, lambda rng: inputs.file_bytes(rng, inputs.toml(rng, inputs.CASES)), _case_file),
    Door("places in CSV", 12, _bent_places(PLACES_CSV), _places("places.csv")),
    Door("places in GeoJSON", 12, _bent_places(PLACES_GEOJSON), _places("places.geojson")),
    Door("places in KML", 12, _bent_places(PLACES_KML), _places("places.kml")),
    Door("places in a GeoPackage", 6, _damaged_geopackage, _places("places.gpkg")),
    Door("catalogue file", 2, lambda rng: inputs.file_bytes(rng, inputs.toml(rng, inputs.CATALOGUE)), _catalogue_file),
)
