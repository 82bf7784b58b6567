"""What ends the engageable area: each end in turn made the nearest one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.edges import reach_of
from ringtrue.coverage.limits import what_binds
from ringtrue.coverage.ring import Level, Weather, level_sight
from ringtrue.geo.elevation import open_model
from ringtrue.sensing.post import post_at
from ringtrue.sensing.run import Run

GROUND_M, N = 1000.0, 5


@pytest.fixture(scope="module")
def stand():
    run = Run(load_catalogue(), open_model("none", ground_altitude_m=GROUND_M), n_draws=N - 1)
    post = post_at(run, "s-400", 40.0, 32.5, n_reliefs=1)
    return post, run.ledger.record(run.catalogue.targets["f-16"])


def binds(stand, level: Level, *, engagement=None, envelope=None, **of_target: float) -> str:
    post, target = stand
    chain = post.chain
    target = replace(target, **{name: np.full(N, value) for name, value in of_target.items()})
    if engagement:
        chain = replace(
            chain, engagement=replace(chain.engagement, **{k: np.full(N, v) for k, v in engagement.items()})
        )
    if envelope is not None:
        rounds = tuple(
            replace(
                one, envelopes={k: replace(e, **{n: np.full(N, v) for n, v in envelope.items()})
                                for k, e in one.envelopes.items()},
            )
            for one in chain.interceptors
        )  # fmt: skip
        chain = replace(chain, interceptors=rounds)
    sights = level_sight(chain, level, search=post.search, fire=post.fire, relief=post.relief)
    inbound = reach_of(chain, target, "inbound", Weather())
    return what_binds(chain, target, level, post.fire, sights.fire, inbound)


HIGH = Level(None, 9000.0)
FAR = {"instrumented_range_m": 600e3, "reference_range_m": 600e3}


@pytest.mark.parametrize(
    ("wanted", "level", "changed"),
    [
        ("horizon", Level(100.0, None), {}),
        ("horizon", Level(None, GROUND_M + 100.0), {}),
        ("floor", Level(100.0, None), {"envelope": {"min_altitude_m": 500.0}}),
        ("floor", Level(None, GROUND_M + 100.0), {"envelope": {"min_altitude_m": 500.0}}),
        ("ceiling", HIGH, {"envelope": {"max_altitude_m": 8000.0}}),
        ("target speed", HIGH, {"envelope": {"max_target_speed_mps": 100.0}}),
        ("target speed", HIGH, {"speed_mps": 9e3}),
        ("interceptor range", HIGH, {"envelope": {"max_range_m": 30e3}, "engagement": FAR}),
        ("instrumented range", HIGH, {"engagement": {"instrumented_range_m": 90e3, "reference_range_m": 600e3}}),
        ("radar range", HIGH, {"engagement": {"instrumented_range_m": 600e3, "reference_range_m": 60e3}}),
    ],
)
def test_what_binds_is_what_ends_first(stand, wanted: str, level: Level, changed: dict) -> None:
    assert binds(stand, level, **changed) == wanted


def test_a_hill_on_every_side_is_terrain(stand) -> None:
    """Sight of the same site that ends after 5 km, where the smooth earth would let it go on to the horizon."""
    post, target = stand
    chain, level = post.chain, Level(100.0, None)
    sights = level_sight(chain, level, search=post.search, fire=post.fire, relief=post.relief)
    near = sights.fire.table.copy()
    near[:, 1] = np.minimum(near[:, 1], 5e3)
    inbound = reach_of(chain, target, "inbound", Weather())
    assert what_binds(chain, target, level, post.fire, sights.fire._replace(table=near), inbound) == "terrain"
