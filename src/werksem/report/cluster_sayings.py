"""What warnings about standard errors by few clusters say in a report, in both languages."""

from __future__ import annotations

__all__ = ["CLUSTERS"]

# start of the English sentence with its places, then what it says in Dutch and in English
CLUSTERS: tuple[tuple[str, str, str], ...] = (
    (
        r"ols: (?P<item>\S+) has (?P<number>\d+) coefficients and (?P<total>\d+) clusters",
        "De regressie van {item} heeft {number} coëfficiënten en maar {total} clusters: toetsen van alle "
        "coëfficiënten samen zeggen niets.",
        "The regression of {item} has {number} coefficients and {total} clusters only: tests of all "
        "coefficients together say nothing.",
    ),
    (
        r"ols: few clusters in effect, in whole degrees of freedom: (?P<names>.+); intervals by t",
        "Weinig clusters, ongelijke clusters of voorspellers die maar in enkele clusters verschillen: de "
        "standaardfouten rusten op weinig vrijheidsgraden (van clusters min één): {names}. De intervallen "
        "van OLS zijn daar te smal en de p-waarden te klein; `ols.se: CR2` rekent ermee.",
        "Few clusters, unequal ones, or predictors that differ in a few clusters only: standard errors rest "
        "on few degrees of freedom (of clusters less one): {names}. Intervals of OLS are too narrow there "
        "and p-values too small; `ols.se: CR2` allows for it.",
    ),
    (
        r"ols: one cluster has most, or one side, of what is known of (?P<names>.+); no errors",
        "Eén cluster bevat het meeste, of één kant van de vergelijking, van wat over {names} bekend is "
        "(grootste aandeel van een cluster): geen enkele standaardfout per cluster is daar te vertrouwen.",
        "One cluster has most, or one side of the comparison, of what is known of {names} (largest share of "
        "a cluster): no standard error by cluster can be relied on there.",
    ),
    (
        r"ols: CR2 has fewer than (?P<number>\d+) degrees of freedom for (?P<names>.+); their",
        "Er zijn minder dan {number} vrijheidsgraden (CR2) voor {names}: die p-waarden zijn een ruwe "
        "benadering.",
        "There are fewer than {number} degrees of freedom (CR2) for {names}: those p-values are a rough "
        "approximation.",
    ),
    (
        r"sem: standard errors rest on (?P<number>\d+) clusters, (?P<share>\d+) in effect by their sizes, "
        r"and z takes them for many \((?P<total>\d+) or more\)",
        "De standaardfouten van de SEM rusten op {number} clusters, die naar hun grootte tellen als "
        "{share} (minder dan {total}): intervallen kunnen te smal zijn, en toetsen van veel parameters "
        "samen zeggen weinig.",
        "The standard errors of the SEM rest on {number} clusters, which by their sizes count as "
        "{share} (fewer than {total}): intervals may be too narrow, and tests of many parameters together "
        "say little.",
    ),
)
