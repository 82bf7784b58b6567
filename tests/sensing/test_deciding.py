"""The deciding share and the break-even: known indices, inert unknowns, ties, seeds."""

from __future__ import annotations

import numpy as np
import pytest

from ringtrue.errors import DomainError
from ringtrue.rng import stream
from ringtrue.sensing.deciding import (
    NOTHING_DECIDES,
    TOO_FEW_DRAWS,
    BreakEven,
    Share,
    Weighed,
    _assumed_part,
    _chance_bars,
    _resamples,
    _shares_of,
    _slices,
    assumed_part,
    break_even,
    decides,
    first_order_share,
    weigh,
    weigh_first,
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


def test_a_curve_tells_its_ends_and_its_first_crossing() -> None:
    found = break_even([3.0, 0.0, 2.0, 1.0], [-1.0, -1.0, 3.0, 2.0])
    assert found == BreakEven((1.0 / 3.0, 2.75), 1.0 / 3.0, 1.0 / 3.0, -1, -1)
    falls = break_even([0.0, 1.0, 2.0], [0.5, 1.0, -1.0])
    assert (falls.crossings, falls.sign_below, falls.sign_above) == ((1.5,), 1, -1)
    level = break_even([0.0, 1.0, 2.0], [0.0, 1.0, -1.0])
    assert (level.crossings, level.sign_below) == ((0.0, 1.5), 0)


def test_forty_points_are_a_curve_and_more_are_draws() -> None:
    x = np.linspace(0.0, 1.0, 41)
    curve = break_even(x[:40], x[:40] - 0.3)
    assert curve.low == curve.high == pytest.approx(0.3)
    drawn = break_even(x, x - 0.3 + 0.4 * (-1.0) ** np.arange(41))
    assert len(drawn.crossings) == 1
    assert drawn.low < drawn.crossings[0] < drawn.high


def test_break_even_of_draws_is_told_from_bins_whatever_their_order() -> None:
    """Below 0 in the first and the last tenth of 400 draws only: four bins of ten hold three signs, forty all."""
    x = draws(400, 1)[0]
    y = np.where((x > 0.1) & (x < 0.9), 1.0, -1.0)
    found = break_even(x, y, n_bins=20)
    assert found.crossings == pytest.approx((0.1, 0.9), abs=0.05)
    assert (found.sign_below, found.sign_above) == (-1, -1)
    assert 0.0 < found.low <= found.crossings[0] <= found.high < 0.2


@pytest.mark.parametrize(("n_draws", "n_bins"), [(60, 5), (40, 30), (400, 10)])
def test_the_bar_of_chance_lets_one_inert_unknown_in_twenty_through(n_draws, n_bins) -> None:
    """Shares of 3,000 unknowns that have nothing to do with the answer."""
    generator = np.random.default_rng(n_bins)
    y = generator.standard_normal(n_draws)
    y = (y - y.mean()) / y.std()
    values = np.repeat(np.arange(float(n_bins)), -(-n_draws // n_bins))[:n_draws]
    slices = [_slices(generator.permutation(values).tobytes(), 0) for _ in range(3000)]
    shares = _shares_of(_resamples(y, 0, 1), slices)[:, 0]
    through = float((shares > _chance_bars(slices[:1], n_draws)).mean())
    # 150 expected, standard deviation 12
    assert through == pytest.approx(0.05, abs=0.016)


def test_the_assumed_part_is_that_of_the_shares_above_chance() -> None:
    """0.6 of a published figure, 0.2 of an assumed one, 0.1 of an assumed one below chance; two resamples."""
    values = np.array([[0.6, 0.6, 0.5], [0.2, 0.2, 0.5], [0.1, 0.1, 0.1]])
    assumed = np.array([False, True, True])
    counted = np.array([[True] * 3, [True] * 3, [False] * 3])
    low, part, high = _assumed_part(values, assumed, counted)
    assert part == pytest.approx(0.25)  # 0.2 / 0.8
    assert low < part < high
    assert high - low == pytest.approx(0.9 * (0.5 - 0.25))  # 5 to 95 % of two values
    alone = _assumed_part(values[:, :1], assumed, counted[:, :1])
    assert alone == pytest.approx((0.25, 0.25, 0.25))
    # where nothing stands above chance all count, and where nothing has a share nothing can be told
    assert _assumed_part(values[:, :1], assumed, ~counted[:, :1] & False)[1] == pytest.approx(0.3 / 0.9)
    assert _assumed_part(np.full((3, 1), -0.1), assumed, counted[:, :1]) is None


def test_an_answer_worked_out_on_the_first_draws_is_weighed_by_those() -> None:
    x = draws(400, 2)
    candidates = [Candidate(n, n, n == "a", False, v, (n,)) for n, v in zip("ab", x, strict=True)]
    y = (x[0] + 0.2 * x[1])[:300]
    first = [Candidate(n, n, n == "a", False, v[:300], (n,)) for n, v in zip("ab", x, strict=True)]
    assert weigh_first(candidates, y, n_bootstrap=20).shares == weigh(first, y, n_bootstrap=20).shares
    assert assumed_part(weigh_first(candidates, y)) == pytest.approx(1.0 / 1.04, abs=0.03)


def test_shares_of_few_draws_are_not_told() -> None:
    x = draws(20, 1)[0]
    one = Candidate("a", "a", True, False, x, ("a",))
    assert weigh([one], x).shares[0].share > 0.5
    fewer = weigh([Candidate("a", "a", True, False, x[:19], ("a",))], x[:19])
    assert (fewer.shares, fewer.assumed, fewer.n_draws) == ((), None, 19)
