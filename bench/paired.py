"""Two methods on the same problems: is one ahead, and by how much?

Differences are (ours - theirs) of something that is better when smaller, one a problem, so below 0 is
in our favour. Needs numpy and scipy.
"""
import numpy
import scipy.stats


def wilcoxon(differences):
    """Two-sided p of the signed-rank test; 1 where nothing differs."""
    differences = numpy.asarray(differences, float)
    if not numpy.any(differences):
        return 1.0
    return float(scipy.stats.wilcoxon(differences).pvalue)


def holm(p_values):
    """The p values of a family, as a dict, corrected for its size."""
    corrected, largest = {}, 0.0
    for rank, (name, p) in enumerate(sorted(p_values.items(), key=lambda item: item[1])):
        largest = max(largest, min(1.0, p * (len(p_values) - rank)))
        corrected[name] = largest
    return corrected


def interval(groups, level=0.95, draws=10000, seed=0):
    """Percentile bootstrap interval of the mean. Each group keeps its size in every draw."""
    rng = numpy.random.default_rng(seed)
    total, number = numpy.zeros(draws), 0
    for group in groups:
        group = numpy.asarray(group, float)
        total += group[rng.integers(len(group), size=(draws, len(group)))].sum(axis=1)
        number += len(group)
    low, high = numpy.quantile(total / number, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def verdict(corrected_p, low, high, level=0.05):
    """`ahead` only if the whole interval is below 0 and the corrected p is small; else `on par`."""
    if corrected_p < level and high < 0:
        return "ahead"
    if corrected_p < level and low > 0:
        return "behind"
    return "on par"
