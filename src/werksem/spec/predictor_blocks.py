"""Blocks of predictors that a study tests together: which they may be, and which is that of the controls."""

from __future__ import annotations

from werksem.errors import SpecError, did_you_mean
from werksem.spec.equations import equations
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.spec.yaml import Document

__all__ = ["CONTROLS", "check_predictor_blocks", "controls_of"]

# what the block of control variables is called
CONTROLS = ("controls", "controle", "controles", "achtergrond", "background")


def check_predictor_blocks(study: Study, model: ModelSpec, document: Document) -> None:
    """Raise ``SpecError`` for a name that predicts nothing or stands twice, or a block named as one."""
    known = {name for equation in equations(model) for name in equation.predictors}
    for block, names in study.blocks.items():
        if block in known and names != (block,):
            where = document.where(("blocks", block))
            raise SpecError(f'blocks: "{block}" is the name of a predictor too', where=where)
        for at, name in enumerate(names):
            where = document.where(("blocks", block, at))
            if name not in known:
                near = did_you_mean(name, known)
                raise SpecError(f'blocks.{block}: "{name}" predicts nothing in the model{near}', where=where)
            if name in names[:at]:
                raise SpecError(f'blocks.{block}: "{name}" is listed twice', where=where)


def controls_of(study: Study) -> tuple[str, ...]:
    """Return the control variables of a study, empty where it has none."""
    return next((study.blocks[name] for name in CONTROLS if name in study.blocks), ())
