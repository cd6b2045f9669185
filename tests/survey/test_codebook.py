from __future__ import annotations

from pathlib import Path

import pytest

from werksem.errors import SpecError
from werksem.spec.types import Label
from werksem.survey.codebook import Codebook, read_codebook

TEXT = """
synthetic: true
about: Nobody gave these answers.
made_from: [figure 2.6, table 3]
variables:
  veilig_1:
    label: {nl: Vrijuit, en: Freely}
    values: {1: oneens, 5: {nl: eens, en: agree}}
  sector: {label: Sector}
"""


def test_a_codebook_in_words(tmp_path: Path) -> None:
    (tmp_path / "w.codebook.yaml").write_text(TEXT)
    found = read_codebook(tmp_path / "w.csv.gz")
    assert (found.synthetic, found.about) == (True, "Nobody gave these answers.")
    assert found.made_from == "figure 2.6\ntable 3"
    item = found.variables["veilig_1"]
    assert item.label == Label("Vrijuit", "Freely")
    assert item.values == {"1": Label("oneens", "oneens"), "5": Label("eens", "agree")}
    assert found.variables["sector"].label == Label("Sector", "Sector")


def test_without_a_codebook_all_is_empty(tmp_path: Path) -> None:
    assert read_codebook(tmp_path / "w.sav") == Codebook()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("synthetic: yes", r"codebook\.yaml:1:12: synthetic: found 'yes', right are true and false"),
        ("variables: [a]", "a mapping of column names"),
        ("variables:\n  a: 3", r"yaml:2:6: variables\.a"),
    ],
)
def test_wrong_codebooks_are_refused(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "w.codebook.yaml").write_text(text)
    with pytest.raises(SpecError, match=says):
        read_codebook(tmp_path / "w.parquet")
