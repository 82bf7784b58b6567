"""The deciding share and the break-even: known indices, inert unknowns, ties, seeds."""

from __future__ import annotations

import numpy as np
import pytest

from ringtrue.errors import DomainError
from ringtrue.rng import stream
from ringtrue.sensing.deciding import (
    NOTHING_DECIDES,
    TOO_FEW_DRAWS,
    Share,
    Weighed,
    break_even,
    decides,
    first_order_share,
    weigh,
)
from ringtrue.sensing.ledger import Candidate


def draws(n: int, k: int, seed: int = 1) -> np.ndarray:
    return stream(seed, "tests/deciding").random((k, n))


def test_shares_of_a_linear_answer() -> None:
    x = draws(4000, 3)
    shares = first_order_share({"a": x[0], "b": x[1], "c": x[2]}, x[0] + 2 * x[1] + 3 * x[2])
    assert [s.name for s in shares] == ["c", "b", "a"]
    for share, exact in zip(shares, (9 / 14, 4 / 14, 1 / 14), strict=True):
        # sampling noise of a share at 4000 draws is about 0.015
        assert share.share == pytest.approx(exact, abs=0.05)
        assert share.low <= share.share <= share.high


def test_interval_covers_the_truth_about_nine_times_in_ten() -> None:
    hits = 0
    for seed in range(60):
        x = draws(1000, 2, seed)
        top = {s.name: s for s in first_order_share({"a": x[0], "b": x[1]}, x[0] + 0.5 * x[1], n_bootstrap=100)}["a"]
        hits += top.low <= 0.8 <= top.high
    # binomial(60, 0.9): fewer than 44 has a probability below 1e-4
    assert hits >= 44


def test_an_inert_unknown_has_no_share() -> None:
    x = draws(1000, 2)
    inert = {s.name: s for s in first_order_share({"a": x[0], "inert": x[1]}, np.exp(x[0]))}["inert"]
    # without the correction for chance it would be 24/1000
    assert inert.share < 0.02


def test_few_values_and_constants() -> None:
    x = draws(500, 1)[0]
    coin = (x > 0.5).astype(float)
    shares = {s.name: s.share for s in first_order_share({"coin": coin, "fixed": np.ones(500)}, 3.0 * coin)}
    assert shares["coin"] == pytest.approx(1.0)
    assert shares["fixed"] == 0.0
    candidate = Candidate("coin", "coin", False, False, coin, ("coin",))
    assert decides(weigh([candidate], np.ones(500))).sentence == NOTHING_DECIDES


def test_order_of_inputs_and_seed_do_not_matter() -> None:
    x = draws(300, 2)
    one = first_order_share({"a": x[0], "b": x[1]}, x[0] * x[1], seed=5)
    assert one == first_order_share({"b": x[1], "a": x[0]}, x[0] * x[1], seed=5)
    assert one == first_order_share({"a": x[0], "b": x[1]}, x[0] * x[1], seed=5)


def test_the_verdict_needs_a_clear_lead() -> None:
    least, most = Share("b", 0.1, 0.2, 0.3), Share("a", 0.4, 0.5, 0.6)
    clear = decides(Weighed((most, least), None, 0.02, 1000))
    assert clear.name == "a"
    first = clear.as_json()["shares"][0]
    assert {key: first[key] for key in ("name", "low", "share", "high")} == {
        "name": "a", "low": 0.4, "share": 0.5, "high": 0.6,
    }  # fmt: skip
    touching = decides(Weighed((most, Share("b", 0.1, 0.2, 0.4)), None, 0.02, 1000))
    assert touching.name is None
    assert touching.sentence == NOTHING_DECIDES
    assert decides(Weighed((), None, float("nan"), 1000)).name is None


def test_nothing_decides_below_what_chance_reaches_or_with_few_draws() -> None:
    shares = (Share("a", 0.1, 0.12, 0.14), Share("b", 0.0, 0.01, 0.02))
    assert decides(Weighed(shares, None, 0.05, 1000)).name == "a"
    assert decides(Weighed(shares, None, 0.13, 1000)).sentence == NOTHING_DECIDES
    assert decides(Weighed(shares, None, 0.05, 199)).sentence == TOO_FEW_DRAWS


def test_noise_alone_names_no_unknown_oftener_than_one_time_in_twenty() -> None:
    named = 0
    for seed in range(40):
        x = draws(200, 31, seed)
        inert = [Candidate(str(i), str(i), False, False, x[i], (str(i),)) for i in range(30)]
        named += decides(weigh(inert, x[30], n_bootstrap=40)).name is not None
    # binomial(40, 0.05): more than 7 has a probability below 1e-3
    assert named <= 7


def test_too_few_draws_or_wrong_shapes_are_refused() -> None:
    with pytest.raises(DomainError, match="at least 20 draws"):
        first_order_share({"a": np.arange(10)}, np.arange(10))
    with pytest.raises(DomainError, match="unknown 'a': wanted 30 finite values"):
        first_order_share({"a": np.arange(29)}, np.arange(30))
    with pytest.raises(DomainError, match="not finite"):
        first_order_share({"a": np.arange(30)}, np.full(30, np.nan))


def test_break_even_of_a_noisy_line() -> None:
    x = draws(2000, 1)[0]
    noise = stream(3, "tests/noise").normal(0.0, 0.3, 2000)
    found = break_even(x, x - 0.4 + noise)
    assert found.low <= 0.4 <= found.high
    assert found.high - found.low < 0.15
    assert (found.sign_below, found.sign_above) == (-1, 1)


def test_break_even_that_never_comes() -> None:
    found = break_even(np.linspace(0, 1, 200), np.ones(200))
    assert found.crossings == ()
    assert np.isnan(found.low)
    with pytest.raises(DomainError):
        break_even([1.0], [1.0])


def test_break_even_counts_every_crossing_once() -> None:
    assert break_even([0.0, 1.0, 2.0, 3.0], [-1.0, 0.0, 1.0, -1.0]).crossings == (1.0, 2.5)
