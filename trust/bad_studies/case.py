"""One bad study: the files it is made of, what is typed, and what has to be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

__all__ = ["DATA", "MODEL", "STUDY", "Case", "in_file", "in_model", "in_study", "in_syntax", "through"]

STUDY = """\
study: proef
language: en
model: model.yaml
data: {file: data.csv, group: sector}
ols: {}
"""
MODEL = """\
model: proef
measurement:
  a: {items: [a1, a2, a3], scale: [1, 5]}
  b: {items: [b1, b2, b3], scale: [1, 5]}
  y: {items: [y1, y2, y3], scale: [1, 5]}
structural:
  y: [a, b]
"""
SYNTAX = """\
a =~ a1 + a2 + a3
b =~ b1 + b2 + b3
y =~ y1 + y2 + y3
"""
ITEMS = tuple(f"{name}{number}" for name in "aby" for number in (1, 2, 3))


@dataclass(frozen=True, slots=True)
class Case:
    """A bad study: ``said`` are the words that have to be said, ``place`` where (``file:line:column``).

    ``files`` stand beside a sound study, model and data, or in their place. ``folder`` asks for a finished
    result in ``result/``, of which ``files`` replace some; ``links`` are links to a target, or FIFOs. What is
    ``left`` may not be there afterwards. ``code`` 0 is of what is read, and said aloud.
    """

    name: str
    kind: str
    command: tuple[str, ...]
    place: str
    said: tuple[str, ...]
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    code: int = 2
    folder: bool = False
    links: Mapping[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()

    @property
    def in_study(self) -> bool:
        """Whether what is refused stands in the study or its model."""
        return self.code == 2 and self.place.startswith(("study.yaml", "model."))

    @property
    def in_model(self) -> bool:
        """Whether the model alone is refused, whatever the study and the data."""
        return self.place.startswith("model.") and self.kind not in (
            "contradictions",
            "constraints",
            "groups",
        )

    @property
    def verb(self) -> str:
        """What is typed after werksem."""
        return self.command[0]


def data() -> str:
    """Return the answers of 240 made-up respondents to nine items, in two sectors, as CSV."""
    draw = np.random.default_rng(7)
    latent = draw.standard_normal((240, 3)) + 0.6 * draw.standard_normal((240, 1))
    shown = np.repeat(latent, 3, axis=1) + 0.7 * draw.standard_normal((240, 9))
    answers = np.clip(np.rint(3 + shown), 1, 5).astype(int)
    rows = [f"{','.join(map(str, row))},{'Rijk' if at % 2 else 'ZBO'}" for at, row in enumerate(answers)]
    return "\n".join([",".join((*ITEMS, "sector")), *rows]) + "\n"


DATA = data()


def in_file(
    name: str,
    kind: str,
    file: str,
    text: str | bytes,
    place: str,
    *said: str,
    command: str = "check study.yaml",
) -> Case:
    """Return a case of one file with this text."""
    return Case(name, kind, tuple(command.split()), place, said, {file: text})


def in_study(name: str, kind: str, lines: str, place: str, *said: str) -> Case:
    """Return a case of the sound study with lines behind it (from line 6 on)."""
    return in_file(name, kind, "study.yaml", STUDY + lines + "\n", place, *said)


def in_model(name: str, kind: str, lines: str, place: str, *said: str) -> Case:
    """Return a case of the sound model with lines behind it (from line 8 on)."""
    return in_file(name, kind, "model.yaml", MODEL + lines + "\n", place, *said)


def in_syntax(name: str, kind: str, lines: str, place: str, *said: str) -> Case:
    """Return a case of three constructs in lavaan syntax with lines behind it (from line 4 on)."""
    study = STUDY.replace("model.yaml", "model.lavaan")
    files = {"study.yaml": study, "model.lavaan": SYNTAX + lines + "\n"}
    return Case(name, kind, ("check", "study.yaml"), place, said, files)


def through(case: Case, *command: str) -> Case:
    """Return the same bad files met by another command."""
    return replace(case, command=command, name=f"{case.name}, {command[0]}")
