"""Places by name: accents, case, countries; what is not there or not clear is said, not guessed."""

from __future__ import annotations

import pytest

from ringtrue.errors import InputError
from ringtrue.geo.gazetteer import country_of, find_place, nearest_town


@pytest.mark.parametrize("text", ["Samsun", "samsun", "SAMSUN", " samsun ", "Samsun, Turkey"])
def test_a_town_is_found_however_it_is_written(text) -> None:
    assert find_place(text).name == "Samsun"


@pytest.mark.parametrize(("text", "name"), [("Izmir", "İzmir"), ("Kirsehir", "Kırşehir"), ("istanbul", "Istanbul")])
def test_accents_need_not_be_typed(text, name) -> None:
    assert find_place(text).name == name


def test_one_name_in_two_countries_is_listed_with_both() -> None:
    with pytest.raises(InputError, match=r"is \d+ places: .*Syria.*; add the country"):
        find_place(_shared_name())


def _shared_name() -> str:
    """A name of the shipped list that two countries share and neither clearly owns, Syria among them."""
    from collections import defaultdict

    from ringtrue.geo import layers

    known = layers.places()
    by_name = defaultdict(list)
    for i, name in enumerate(known.name):
        by_name[str(name)].append(i)
    for name, at in by_name.items():
        codes = {str(known.country_code[i]) for i in at}
        if len(at) == 2 and "SY" in codes and len(codes) == 2:
            large, small = sorted((int(known.population[i]) for i in at), reverse=True)
            if large < 10 * max(small, 1):
                return name
    raise AssertionError


def test_what_is_not_there_is_refused_with_the_remedy() -> None:
    with pytest.raises(InputError, match=r"did you mean 'samsun'.*give latitude and longitude"):
        find_place("Samsum")
    with pytest.raises(InputError, match="not among the shipped places"):
        find_place("Washington")


def test_a_position_is_called_by_the_town_beside_it() -> None:
    """A site 1 km from Samsun was once called 293 km from Kayseri."""
    town, away_m = nearest_town(41.29, 36.33)
    assert (town.name, town.country) == ("Samsun", "Turkey")
    assert away_m < 2_000.0
    assert nearest_town(0.0, -30.0) is None


def test_countries_follow_the_view_that_is_said() -> None:
    assert country_of(39.93, 32.86) == "Turkey"
    assert country_of(44.43, 26.10) == "Romania"
    assert country_of(43.0, 34.0) == ""
