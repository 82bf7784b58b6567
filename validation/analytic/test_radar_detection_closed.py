"""Detection against closed forms, 30-digit series and Monte Carlo (V-D01 to V-D24)."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from ringtrue.radar import detection

DB4 = 5e-5  # the tables print four decimals


def test_v_d01_threshold() -> None:
    got = [float(detection.threshold(1e-6, n)) for n in (1, 10, 24)]
    assert got == pytest.approx([13.815511, 32.710341, 54.829483], abs=1e-6)


REQUIRED = [
    ("V-D03", 0.9, 1e-6, 1, {1: 21.1436, 2: 21.1436, 3: 17.2960, 4: 17.2960}),
    ("V-D04", 0.9, 1e-6, 10, {0: 5.2675, 1: 13.4996, 2: 6.2918, 3: 9.6013, 4: 5.8062}),
    ("V-D05", 0.5, 1e-6, 1, {0: 11.2426, 1: 12.7719, 3: 11.9537}),
    ("V-D06", 0.5, 1e-6, 10, {0: 3.6515, 1: 5.1867, 2: 3.7714, 3: 4.3648, 4: 3.7071}),
    ("V-D07", 0.8, 1e-6, 24, {0: 2.1620, 1: 7.6986, 2: 2.4742, 3: 5.1084, 4: 2.3226}),
    ("V-D08", 0.9, 1e-8, 1, {0: 14.2274, 1: 22.4014, 3: 18.5118}),
    ("V-D09", 0.9, 1e-4, 1, {0: 11.7491, 1: 19.3660, 3: 15.5994}),
]


@pytest.mark.parametrize(("p_wanted", "p_false", "n", "table"), [r[1:] for r in REQUIRED], ids=[r[0] for r in REQUIRED])
def test_required_snr(p_wanted: float, p_false: float, n: int, table: dict[int, float]) -> None:
    for case, expected_db in table.items():
        assert detection.required_snr_db(p_wanted, p_false, n, case) == pytest.approx(expected_db, abs=DB4)


def test_v_d10_forward_one_sample() -> None:
    got = [float(detection.p_detect(10**1.3, 1e-6, 1, case)) for case in (0, 1, 3)]
    assert got == pytest.approx([0.8744407275, 0.5171775611, 0.6089645842], abs=1e-9)


def test_v_d11_forward_ten_samples() -> None:
    got = [float(detection.p_detect(10**0.3, 1e-6, 10, case)) for case in range(5)]
    expected = [0.3279020279, 0.3259444531, 0.3491791347, 0.3466060709, 0.3424756698]
    assert got == pytest.approx(expected, abs=1e-8)


def series(snr: float, p_false: float, n: int, case: int) -> float:
    """Second route, 30 digits: Poisson or negative-binomial weights over gamma laws of rising shape."""
    with mp.workdps(30):
        limit = mp.findroot(
            lambda t: mp.log(mp.gammainc(n, t, regularized=True)) - mp.log(mp.mpf(p_false)),
            mp.mpf(float(detection.threshold(p_false, n))),
        )
        mean = mp.mpf(n) * mp.mpf(snr)
        shape = {0: None, 1: 1, 2: n, 3: 2, 4: 2 * n}[case]
        tail = mp.gammainc(n, limit, regularized=True)
        term = limit**n * mp.exp(-limit) / mp.gamma(n + 1)
        miss, weight, k = mp.mpf(1), None, 0
        total = mp.mpf(0)
        if shape is None:
            weight, ratio = mp.exp(-mean), lambda k: mean / (k + 1)
        else:
            stay = mean / (mean + shape)
            weight, ratio = (1 - stay) ** shape, lambda k: stay * (k + shape) / (k + 1)
        while miss > mp.mpf(10) ** -16 and k < 100_000:
            total += weight * tail
            miss -= weight
            tail += term
            term *= limit / (n + k + 1)
            weight *= ratio(k)
            k += 1
        return float(total + miss)


@pytest.mark.parametrize("case", range(5))
@pytest.mark.parametrize(
    ("snr_db", "p_false", "n"),
    [(-20.0, 1e-6, 3), (-3.0, 1e-6, 10), (3.0, 1e-2, 2), (6.0, 1e-8, 24), (0.0, 1e-4, 100), (10.0, 1e-6, 2)],
)
def test_p_detect_against_thirty_digits(snr_db: float, p_false: float, n: int, case: int) -> None:
    """The docstring promises 1e-10."""
    expected = series(10 ** (snr_db / 10), p_false, n, case)
    assert detection.p_detect(10 ** (snr_db / 10), p_false, n, case) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("case", range(5))
def test_p_detect_against_monte_carlo(case: int) -> None:
    """N = 3, 6 dB, Pfa 1e-3, 400,000 looks drawn from the physics: within four standard errors."""
    generator = np.random.default_rng(20261122)
    n, snr, n_looks = 3, 10**0.6, 400_000
    shape = {0: None, 1: 1, 2: 1, 3: 2, 4: 2}[case]
    per_look = case in (1, 3)
    size = (n_looks, 1 if per_look else n)
    power = np.full(size, snr) if shape is None else generator.gamma(shape, snr / shape, size)
    noise = generator.normal(scale=np.sqrt(0.5), size=(2, n_looks, n))
    total = ((np.sqrt(power) + noise[0]) ** 2 + noise[1] ** 2).sum(axis=1)
    exact = float(detection.p_detect(snr, 1e-3, n, case))
    got = (total > detection.threshold(1e-3, n)).mean()
    assert abs(got - exact) < 4 * np.sqrt(exact * (1 - exact) / n_looks)


def test_v_d12_albersheim() -> None:
    got = [float(detection.albersheim_snr_db(0.9, p, n)) for p, n in ((1e-6, 1), (1e-6, 10), (0.01, 1))]
    assert got == pytest.approx([13.114544, 4.990386, 9.502660], abs=1e-6)


def test_v_d13_shnidman() -> None:
    got = [float(detection.shnidman_snr_db(0.9, 1e-6, n, c)) for n, c in ((1, 0), (1, 1), (1, 3), (10, 1), (10, 3))]
    assert got == pytest.approx([13.121693, 21.346083, 17.233888, 13.580532, 9.457087], abs=1e-6)


def test_v_d14_approximations_minus_exact() -> None:
    exact = {(n, c): float(detection.required_snr_db(0.9, 1e-6, n, c)) for n, c in ((1, 0), (10, 0), (1, 1), (10, 3))}
    difference = [
        float(detection.albersheim_snr_db(0.9, 1e-6, 1)) - exact[1, 0],
        float(detection.albersheim_snr_db(0.9, 1e-6, 10)) - exact[10, 0],
        float(detection.shnidman_snr_db(0.9, 1e-6, 1, 1)) - exact[1, 1],
        float(detection.shnidman_snr_db(0.9, 1e-6, 10, 3)) - exact[10, 3],
    ]
    assert difference == pytest.approx([-0.069, -0.277, 0.202, -0.144], abs=0.001)


def test_v_d17_square_law_threshold() -> None:
    got = [float(detection.threshold_db(1e-6, n)) for n in (1, 10)]
    assert got == pytest.approx([11.403669, 15.146851], abs=1e-6)


def test_v_d18_north() -> None:
    snr = 10**1.318349
    assert detection.north_p_detect(snr, 1e-6) == pytest.approx(0.8983920, abs=1e-7)
    assert detection.p_detect(snr, 1e-6, case=0) == pytest.approx(0.9, abs=1e-7)


def test_v_d19_m_of_n() -> None:
    """Exact: one rounding of the last bit is allowed."""
    assert detection.m_of_n(0.6, 3, 5) == pytest.approx(0.68256, rel=1e-15)
    assert detection.m_of_n(1e-3, 2, 3) == pytest.approx(2.998e-6, rel=1e-15)


def test_v_d20_mean_looks() -> None:
    assert detection.mean_looks_to_confirm(0.5, 2, 3) == pytest.approx(14 / 3, abs=1e-12)


def test_v_d21_cumulative() -> None:
    assert detection.cumulative([0.3] * 10)[-1] == pytest.approx(0.9717524751, abs=1e-10)
    assert detection.fuse([0.3] * 10) == pytest.approx(1 - 0.7**10, abs=1e-15)


def test_v_d22_closing_target() -> None:
    snr = 10**1.3 * (100 / np.array([150.0, 120.0, 90.0])) ** 4
    assert detection.p_detect(snr, 1e-6) == pytest.approx([0.06105687, 0.27236168, 0.64414524], abs=1e-8)
    got = detection.closing_cumulative(
        [120e3, 111e3, 90e3],
        first_range_m=150e3,
        speed_mps=300.0,
        look_s=10.0,
        reference_range_m=100e3,
        reference_snr_ratio=10**1.3,
        p_false=1e-6,
    )
    assert got == pytest.approx([0.83918628, 0.95404938, 0.99978744], abs=1e-8)


def test_v_d23_range_penalty() -> None:
    got = [float(detection.range_penalty(0.9, 1e-6, n)) for n in (1, 10)]
    assert got == pytest.approx([0.632406, 0.622584], abs=1e-6)


def test_v_d24_fusion() -> None:
    assert detection.fuse([0.6, 0.7]) == pytest.approx(0.88, rel=1e-15)
