"""How likely a count is by chance alone. Pure."""

from math import exp, lgamma, log


def at_most(hits: int, tries: int, share: float) -> float:
    """The chance of at most so many hits in so many tries, each a hit with the probability ``share``: the exact lower
    tail of the binomial distribution. Tries of several kinds, with ``share`` their mean, are even less likely to have
    so few (Hoeffding 1956), so that what this calls unlikely is."""
    if hits >= tries or share <= 0:
        return 1.0
    if hits < 0 or share >= 1:
        return 0.0
    odds = log(share) - log(1 - share)
    term = tries * log(1 - share)  # of no hit at all
    base = lgamma(tries + 1)
    total = exp(term)
    for count in range(1, hits + 1):
        total += exp(base - lgamma(count + 1) - lgamma(tries - count + 1) + count * odds + term)
    return min(1.0, total)
