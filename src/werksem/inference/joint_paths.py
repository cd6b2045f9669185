"""The joint test of some paths of a regression, with whatever standard errors it has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from werksem.estimators.cluster_robust import hotelling
from werksem.estimators.ols_robust import PathCov
from werksem.inference.joint_block import Joint, joint_test

__all__ = ["joint_of_paths"]

Array = NDArray[np.float64]


def joint_of_paths(b: Array, found: PathCov, block: NDArray[np.int64]) -> Joint:
    """Return the test that the paths numbered ``block`` of all paths ``b`` (k,) are 0.

    Under CR2 it is Hotelling's T² of Pustejovsky & Tipton (2018): ``wald`` is then their statistic times
    the degrees of freedom of the numerator, as elsewhere.
    """
    from scipy.special import fdtrc

    test = joint_test(b[block], found.vcov[np.ix_(block, block)], found.df2)
    if found.reduced is None or np.isnan(test.wald):
        return test
    r = len(block)
    eta = hotelling(found.reduced, np.eye(len(b) + 1)[1:][block])
    df2 = eta - r + 1
    if not df2 > 0:
        return Joint(np.nan, float(r), df2, np.nan)
    wald = test.wald * df2 / eta
    return Joint(wald, float(r), df2, float(fdtrc(r, df2, wald / r)))
