"""Probabilities in, quantiles of Student's t, binomial and beta distributions out.

Written out so that a bench needs no numpy; tests hold each against scipy.
"""

import math
from collections.abc import Callable

_TINY = 1e-300


def beta_cdf(x: float, a: float, b: float) -> float:
    """P(X ≤ x) of a beta distribution: the regularised incomplete beta function.

    By Lentz's method for its continued fraction (DLMF 8.17.22), to 1e-14.
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - beta_cdf(1 - x, b, a)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    return front * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > _TINY else _TINY)
    value = d
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 + term * d
            d = 1 / (d if abs(d) > _TINY else _TINY)
            c = 1 + term / c
            c = c if abs(c) > _TINY else _TINY
            value *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return value


def beta_quantile(p: float, a: float, b: float) -> float:
    """The x with P(X ≤ x) = p of a beta distribution."""
    return _solve(lambda x: beta_cdf(x, a, b), p, 0.0, 1.0)


def student_quantile(p: float, freedom: float) -> float:
    """The t with P(T ≤ t) = p, for p ≥ 0.5."""

    def cdf(t: float) -> float:
        return 1 - 0.5 * beta_cdf(freedom / (freedom + t * t), freedom / 2, 0.5)

    top = 2.0
    while cdf(top) < p:
        top *= 2
    return _solve(cdf, p, 0.0, top)


def binomial_cdf(k: int, n: int, p: float) -> float:
    """P(X ≤ k) successes in n trials."""
    if k < 0:
        return 0.0
    return 1.0 if k >= n else beta_cdf(1 - p, n - k, k + 1)


def binomial_quantile(q: float, n: int, p: float) -> int:
    """The least k with P(X ≤ k) ≥ q."""
    low, high = -1, n
    while high - low > 1:
        middle = (low + high) // 2
        if binomial_cdf(middle, n, p) >= q:
            high = middle
        else:
            low = middle
    return high


def _solve(cdf: Callable[[float], float], p: float, low: float, high: float) -> float:
    """Where a rising function passes p, by bisection down to the last bits."""
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if cdf(middle) < p:
            low = middle
        else:
            high = middle
    return (low + high) / 2
