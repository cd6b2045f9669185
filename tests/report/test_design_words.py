"""What a report may say: association in a cross-section, effects only where the design bears them."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas as pd
import pytest
from fake_result import make_result
from rich.console import Console
from ruamel.yaml import YAML

from werksem.report.advice import MEASURES
from werksem.report.appendix import cautions
from werksem.report.console import print_summary
from werksem.report.effects import effects_brief, effects_table, opposite
from werksem.report.folder import read_result
from werksem.report.html import render
from werksem.report.sayings import MESSAGES
from werksem.report.sentences import SENTENCES
from werksem.report.words import WORDS

FORBIDDEN = {
    "nl": (
        r"effect(en)? (van|op)\b", r"indirecte? effect", r"leidt tot", r"leiden tot", r"heeft invloed",
        r"beïnvloed", r"veroorza", r"(volledig|gedeeltelijk|partieel|partiël)\w* (mediat|gemedieerd)",
        r"gemedieerd (deel|percentage|aandeel)", r"% (is )?gemedieerd",
    ),
    "en": (
        r"effects? (of|on)\b", r"indirect effect", r"leads? to", r"influences\b", r"\bcauses\b", r"caused by",
        r"(full|partial)(ly)? mediat", r"mediated (share|percentage|proportion)",
        r"(proportion|percentage|share) mediated",
    ),
}  # fmt: skip


def said_of(text: str, language: str) -> list[str]:
    return [pattern for pattern in FORBIDDEN[language] if re.search(pattern, text, flags=re.IGNORECASE)]


def of_other_designs(key: str) -> bool:
    return key.endswith(("_panel", "_experiment"))


@pytest.mark.parametrize(("at", "language"), [(0, "nl"), (1, "en")])
def test_no_sentence_for_a_cross_section_speaks_of_effects(at: int, language: str) -> None:
    words = {key: texts[at] for key, texts in (WORDS | SENTENCES).items() if not of_other_designs(key)}
    words |= {f"message {n}": texts[1 + at] for n, texts in enumerate(MESSAGES)}
    words |= {f"advice {key}": texts[2 + at] for key, texts in MEASURES.items()}
    assert {key: said_of(text, language) for key, text in words.items() if said_of(text, language)} == {}


def of_design(place: Path, language: str, design: str) -> Path:
    folder = make_result(place / design, "mediatie", language)
    yaml = YAML(typ="safe", pure=True)
    study = yaml.load((folder / "study.yaml").read_text(encoding="utf-8")) | {"design": design}
    with (folder / "study.yaml").open("w", encoding="utf-8") as out:
        yaml.dump(study, out)
    return folder


def shown(folder: Path) -> str:
    console = Console(file=io.StringIO(), width=120)
    print_summary(folder, console)
    page = re.sub(r"<(style|svg).*?</\1>", " ", render(read_result(folder)), flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", page) + console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_report_of_a_cross_section_speaks_of_association(language: str, tmp_path: Path) -> None:
    text = shown(of_design(tmp_path, language, "cross-section"))
    assert said_of(text, language) == []
    heading = {"nl": "Indirecte samenhang (statistisch)", "en": "Indirect association (statistical)"}
    assert text.count(heading[language]) == 4  # contents (at the side and folded), section, terminal


@pytest.mark.parametrize("design", ["panel", "experiment"])
def test_other_designs_may_speak_of_effects(design: str, tmp_path: Path) -> None:
    text = shown(of_design(tmp_path, "nl", design))
    assert text.count("Indirecte effecten") == 4
    assert "totale indirecte effecten" in text
    assert "op één moment gegeven" not in text


def test_every_sentence_of_a_design_has_one_for_the_others() -> None:
    words = WORDS | SENTENCES
    for key in words:
        if of_other_designs(key):
            plain = key.removesuffix("_panel").removesuffix("_experiment")
            assert {plain, f"{plain}_panel", f"{plain}_experiment"} <= set(words)


def test_the_total_indirect_association_comes_first(tmp_path: Path) -> None:
    result = read_result(make_result(tmp_path / "r", "mediatie"))
    table = effects_table(result)
    for body in table.bodies:
        labels = [row[0].text for row in body.rows]
        assert labels[0].endswith("totaal indirect")
        assert labels[1].startswith(labels[0].split(":")[0] + " →")
    assert any("Mediatoren zonder onderlinge volgorde" in note for note in table.notes)
    assert "totale indirecte samenhangen" in effects_brief(result)[0]


def test_where_direct_and_indirect_differ_in_sign_no_share_is_spoken_of(tmp_path: Path) -> None:
    folder = make_result(tmp_path / "r", "mediatie")
    table = pd.read_csv(folder / "estimates.csv", keep_default_na=False)
    total = table["lhs"].str.startswith("total: ")
    first = table.loc[total, "lhs"].iloc[0]
    for at in table.index[table["lhs"] == first]:
        table.loc[at, ["std", "std_ci_lower", "std_ci_upper"]] = ["0.001", "-0.02", "0.02"]
    table.to_csv(folder / "estimates.csv", index=False)
    result = read_result(folder)
    pairs = opposite(result)
    assert pairs
    said = [text for text in cautions(result) if pairs[0] in text and "verschillend teken" in text]
    assert len(said) == 1
    assert said_of(" ".join(cautions(result)), "nl") == []


def test_formulas_alone_are_no_indirect_association(tmp_path: Path) -> None:
    folder = make_result(tmp_path / "r", "mediatie")
    table = pd.read_csv(folder / "estimates.csv", keep_default_na=False)
    rows = table["op"] == ":="
    one = table[rows].drop_duplicates("engine").assign(lhs="difference")
    pd.concat([table[~rows], one]).to_csv(folder / "estimates.csv", index=False)
    text = shown(folder)
    assert "Indirecte samenhang" not in text
    assert text.count("Verschillen en sommen van paden") >= 3
    assert "in haar eigen standaarddeviatie" in text
