"""What ``importance`` may name, and what enters together in it."""

from __future__ import annotations

from collections.abc import Iterator

from werksem.errors import SpecError, did_you_mean
from werksem.spec.equations import equations
from werksem.spec.predictor_blocks import CONTROLS
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.spec.yaml import Document, Loc

__all__ = ["MOST_PLAYERS", "check_importance", "players_of"]

# 2^16 subsets of predictors: a second per 100 replicates
MOST_PLAYERS = 16


def check_importance(study: Study, model: ModelSpec, document: Document) -> None:
    """Raise ``SpecError`` for the first name that the model lacks, or for too many predictors."""
    for loc, message in _outcomes(study, model):
        raise SpecError(message, where=document.where(loc))


def players_of(study: Study, predictors: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return what enters together, by name: the control variables as one, every other predictor by itself.

    The order is that of the predictors; the controls stand where their first one does.

    >>> study = Study(study="a", model=None, data={"file": "a.csv"}, blocks={"controls": ("x", "z")})
    >>> players_of(study, ("x", "w", "z"))
    {'controls': ('x', 'z'), 'w': ('w',)}
    """
    block_of = {name: block for block in CONTROLS for name in study.blocks.get(block, ())}
    found: dict[str, tuple[str, ...]] = {}
    for name in predictors:
        player = block_of.get(name, name)
        found[player] = (*found.get(player, ()), name)
    return found


def _outcomes(study: Study, model: ModelSpec) -> Iterator[tuple[Loc, str]]:
    if study.importance is None:
        return
    if study.ols is None and study.sem is None:
        yield ("importance",), "importance divides R² of ols or sem; the study has neither section"
    found = {equation.outcome: equation for equation in equations(model)}
    for name in study.importance.of:
        if name not in found:
            message = f'importance.of: "{name}" is no outcome of the model{did_you_mean(name, found)}'
            yield ("importance", "of"), message
    for name, equation in found.items():
        count = len(equation.predictors)
        if count > MOST_PLAYERS and name in (study.importance.of or found):
            yield (
                ("importance", "of"),
                (
                    f"importance: {name} has {count} predictors, more than the {MOST_PLAYERS} whose subsets "
                    "can all be computed; name the other outcomes in importance.of"
                ),
            )
