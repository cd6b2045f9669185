"""Combinations that are known not to work, each with its reason, and what is slower than it need be."""

from __future__ import annotations

from collections.abc import Callable

from werksem.doctor.facts import Facts, flags_of
from werksem.doctor.versions import at_least

__all__ = ["KNOWN_BAD", "SLOW", "said_of"]

Test = Callable[[Facts], bool]
Said = tuple[Test, str]


def _has(facts: Facts, name: str, least: str = "0", below: str = "") -> bool:
    """Return whether a library is there with a version from ``least`` to below ``below``."""
    version = facts.libraries.get(name, "")
    return at_least(version, least) and not (below and at_least(version, below))


def _c_linker(facts: Facts) -> bool:
    """Return whether PyTensor was told to compile by C: flags that do not say mode=NUMBA do."""
    return bool(facts.pytensor_flags) and flags_of(facts.pytensor_flags).get("mode") != "numba"


def _no_compiler(facts: Facts) -> bool:
    return not any(name in facts.compilers for name in ("g++", "clang++"))


# (does it hold here?, what is wrong and what is right)
KNOWN_BAD: tuple[Said, ...] = (
    (
        lambda f: _has(f, "pymc", "6") and not at_least(f.python, "3.12"),
        "pymc 6 belongs with Python 3.12 or newer; right for Python 3.11 is pymc>=5.28.4,<6",
    ),
    (
        lambda f: _has(f, "pymc", below="6") and (_has(f, "pytensor", "3") or _has(f, "arviz", "1")),
        "pymc 5 with pytensor 3 or arviz 1: two generations; right is pytensor<2.39 and arviz<1",
    ),
    (
        lambda f: _has(f, "pymc", "6") and (_has(f, "pytensor", below="3") or _has(f, "arviz", below="1")),
        "pymc 6 with pytensor 2 or arviz 0: two generations; right is pymc>=5.28.4,<6",
    ),
    (
        lambda f: (
            _has(f, "arviz-plots", "0.8") and _has(f, "matplotlib", "3.11") and not at_least(f.python, "3.12")
        ),
        "arviz-plots 0.8 with matplotlib 3.11 on Python 3.11 breaks `import pymc`; right is "
        "pip uninstall arviz-plots, which werksem does not use, or matplotlib<3.11",
    ),
    (
        lambda f: _c_linker(f) and _no_compiler(f),
        "PYTENSOR_FLAGS does not say mode=NUMBA and there is no C++ compiler: a posterior of 6 seconds did "
        "not end in 573; right is PYTENSOR_FLAGS=mode=NUMBA, or not to set it",
    ),
    (
        lambda f: any(not place.writable for place in f.places if "numba" in place.what),
        "the folder of compiled kernels cannot be written: every run compiles anew (a minute); right is "
        "NUMBA_CACHE_DIR=a folder of your own",
    ),
    (
        lambda f: any(not place.writable for place in f.places if "pytensor" in place.what),
        "the folder of compiled graphs cannot be written: `import pymc` fails; right is "
        "PYTENSOR_FLAGS=mode=NUMBA,base_compiledir=a folder of your own",
    ),
)

# works, but slower or otherwise than one may think: does not change the exit code
SLOW: tuple[Said, ...] = (
    (
        lambda f: any(value.isdigit() and int(value) > 1 for value in f.threads.values()),
        "more than one thread for matrix products: small ones are 15 times slower; right is "
        "OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1, or not to set them",
    ),
    (
        lambda f: _c_linker(f) and not _no_compiler(f),
        "PYTENSOR_FLAGS does not say mode=NUMBA: posteriors are compiled by C, which is slower",
    ),
    (
        lambda f: f.quota is not None and f.quota < f.usable,
        "this container may use fewer processors than it shows: give --jobs as many as it may use",
    ),
    (
        lambda f: f.available is not None and f.available < 2e9,
        "less than 2 GB of memory is free: bootstraps of large surveys and posteriors may not fit",
    ),
    (
        lambda f: _has(f, "semopy") and _has(f, "numpy", "2"),
        "semopy's own ordinal estimator fails with numpy 2: werksem never calls it (its own WLSMV is used)",
    ),
    (
        lambda f: _has(f, "blackjax", "1.6"),
        "blackjax 1.6 works with no version of pymc: werksem does not use it",
    ),
)


def said_of(table: tuple[Said, ...], facts: Facts) -> list[str]:
    """Return the sentences of a table that hold here."""
    return [said for holds, said in table if holds(facts)]
