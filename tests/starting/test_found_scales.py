"""What ``init`` finds in data: scales, reversed items, ranges, codes, weights, groups."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from tests.starting.test_init import answers
from werksem.check import check_study
from werksem.spec.load import load_study
from werksem.starting.plan import Plan, made_plan
from werksem.starting.run import Start, start_study
from werksem.starting.said import found_lines

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"


def plan_of(frame: pd.DataFrame, place: Path, language: str = "en") -> Plan:
    frame.to_csv(place / "x.csv", index=False)
    return made_plan(place / "x.csv", language)


def true_scales(data: Path) -> tuple[set[frozenset[str]], set[str]]:
    """Return the scales and reversed items that a synthetic wave's codebook names."""
    told = YAML(typ="safe").load(data.with_suffix("").with_suffix(".codebook.yaml").read_text())["variables"]
    items: dict[str, set[str]] = {}
    for name, entry in told.items():
        # a multiple-response question is no scale: its columns have no construct's loading
        if "construct" in entry and set(entry.get("values", {})) != {0, 1} and "range" not in entry:
            items.setdefault(entry["construct"], set()).add(name)
    turned = {name for name, entry in told.items() if entry.get("reversed")}
    return {frozenset(names) for names in items.values() if len(names) > 1}, turned


@pytest.mark.parametrize("wave", ["werkonderzoek_2019", "werkonderzoek_2022", "werkonderzoek_2024"])
def test_the_scales_of_a_wave_are_found_back(wave: str) -> None:
    data = ROOT / "data" / f"{wave}.parquet"
    plan = made_plan(data, "nl")
    scales, turned = true_scales(data)
    found = {frozenset(entry.items) for entry in plan.scales}
    assert not found - scales
    # personnel policy is asked in columns that share no more than hr_
    assert scales - found <= {frozenset({"hr_oordeel", "hr_org", "hr_pers", "hr_comm", "hr_afdeling"}),
                              frozenset({"hr_oordeel", "hr_org", "hr_pers", "hr_comm"})}  # fmt: skip
    longer = {item for entry in plan.scales if len(entry.items) > 2 for item, _ in entry.reversed}
    assert longer == {name for name in turned if any(name in items for items in scales if len(items) > 2)}
    roles = {role.kind: role.column for role in plan.roles if role.sure}
    assert roles == {"group": "sector", "cluster": "organisatie", "weights": "gewicht"}


@pytest.mark.skipif(not SHARED.exists(), reason="the data of the Big Five are not here")
def test_the_big_five_with_their_published_alphas() -> None:
    plan = made_plan(SHARED / "bfi" / "bfi.csv", "en")
    keys = pd.read_csv(SHARED / "bfi" / "bfi_dictionary.csv", index_col=0).loc[:"O5", "Keying"].astype(int)
    # psych::alpha of bfi, as its manual prints them
    published = {"A": 0.70, "C": 0.73, "E": 0.76, "N": 0.81, "O": 0.60}
    assert {entry.name: round(entry.alpha, 2) for entry in plan.scales} == published
    for entry in plan.scales:
        assert entry.items == tuple(f"{entry.name}{number}" for number in range(1, 6))
        signs = keys[list(entry.items)]
        minority = -1 if (signs == -1).sum() <= 2 else 1
        expected = [] if signs.nunique() == 1 else signs.index[signs == minority].tolist()
        assert [item for item, _ in entry.reversed] == expected


@pytest.mark.skipif(not SHARED.exists(), reason="the data of Holzinger and Swineford are not here")
def test_one_stem_over_three_abilities_is_split() -> None:
    plan = made_plan(SHARED / "lavaan_classic" / "HolzingerSwineford1939.csv", "nl")
    found = [" ".join(entry.items) for entry in plan.scales]
    assert found == ["x1 x2 x3", "x4 x5 x6", "x7 x8 x9"]
    assert {role.kind: role.column for role in plan.roles if role.sure} == {"id": "id", "group": "school"}


def test_codes_outside_the_answers_are_no_answers(tmp_path: Path) -> None:
    values = answers(400, 4, 1)
    values[:9, 0], values[9:15, 1], values[15:20, 2] = 9, 99, -1
    frame = pd.DataFrame(values, columns=["veilig_1", "veilig_2", "veilig_3", "veilig_4"])
    plan = plan_of(frame, tmp_path)
    assert plan.codes == (-1, 9, 99)
    assert plan.scales[0].scale == (1, 5)


def test_codes_that_are_answers_elsewhere_stay_with_their_scale(tmp_path: Path) -> None:
    values = answers(400, 3, 1)
    values[:9, 0] = 9
    frame = pd.DataFrame(values, columns=["veilig_1", "veilig_2", "veilig_3"])
    ten = np.round(answers(400, 3, 2, 0.9) * 2 - np.random.default_rng(1).integers(0, 2, (400, 3)))
    frame[["cijfer_1", "cijfer_2", "cijfer_3"]] = ten
    plan = plan_of(frame, tmp_path)
    assert plan.codes == ()
    assert plan.own_codes == {"veilig": (9.0,)}
    list(start_study(Start(tmp_path, tmp_path / "x.csv")))
    assert list(check_study(tmp_path / "configs/x.yaml"))[-1] == "ok"


def test_an_item_that_does_not_belong_is_left_out_with_the_reason(tmp_path: Path) -> None:
    frame = pd.DataFrame(answers(500, 4, 1), columns=["wendbaar_1", "wendbaar_2", "wendbaar_3", "wendbaar_4"])
    frame["wendbaar_5"] = answers(500, 1, 9)
    frame["wendbaar_2"] = 6 - frame["wendbaar_2"]
    plan = plan_of(frame, tmp_path)
    (scale,) = plan.scales
    assert scale.items == ("wendbaar_1", "wendbaar_2", "wendbaar_3", "wendbaar_4")
    assert [item for item, _ in scale.left_out] == ["wendbaar_5"]
    assert [item for item, _ in scale.reversed] == ["wendbaar_2"]
    list(start_study(Start(tmp_path, tmp_path / "x.csv", "en")))
    text = (tmp_path / "models/x.yaml").read_text()
    assert "the names share the stem wendbaar_" in text
    assert "left out: wendbaar_5, hardly correlates with the rest (r = " in text
    assert "wendbaar_2: correlates negatively with the rest (r = −." in text


def test_items_that_do_not_hang_together_are_a_comment(tmp_path: Path) -> None:
    frame = pd.DataFrame(answers(500, 3, 1), columns=["a_1", "a_2", "a_3"])
    frame[["b_1", "b_2", "b_3"]] = answers(500, 3, 2, loading=0.0)
    plan = plan_of(frame, tmp_path)
    assert [entry.name for entry in plan.scales] == ["a"]
    assert [entry.items for entry in plan.doubtful] == [("b_1", "b_2", "b_3")]


def test_names_that_hint_at_the_design_can_be_items(tmp_path: Path) -> None:
    frame = pd.DataFrame(answers(300, 3, 1), columns=["school_1", "school_2", "school_3"])
    frame["weight"] = 60 + np.arange(300) % 40  # kilograms
    frame["regio"] = np.arange(300) % 4 + 1
    plan = plan_of(frame, tmp_path)
    assert [entry.name for entry in plan.scales] == ["school"]
    assert {role.kind: role.column for role in plan.roles if role.sure} == {"group": "regio"}


def test_words_are_never_given_an_order(tmp_path: Path) -> None:
    frame = pd.DataFrame(answers(300, 3, 1), columns=["a_1", "a_2", "a_3"])
    frame["tevreden"] = np.array(["heel tevreden", "tevreden", "no"])[np.arange(300) % 3]
    frame["wgt"] = np.random.default_rng(1).uniform(0.5, 1.5, 300)
    frame["jaar"] = 2023 + np.arange(300) % 2
    plan_of(frame, tmp_path)
    list(start_study(Start(tmp_path, tmp_path / "x.csv", "en")))
    text = (tmp_path / "configs/x.yaml").read_text()
    assert '#   tevreden: {heel tevreden: , "no": , tevreden: }' in text
    assert "# where: jaar == 2024" in text
    study, _ = load_study(tmp_path / "configs/x.yaml")
    assert (study.data.weights, study.data.codes, study.ols) == ("wgt", {}, None)


def test_an_spss_file_gives_labels_ranges_and_missing_answers(tmp_path: Path) -> None:
    import pyreadstat

    frame = pd.DataFrame(answers(400, 8, 1), columns=[f"v{i}" for i in range(1, 9)])
    frame[["v5", "v6", "v7", "v8"]] = answers(400, 4, 2)
    frame.loc[frame.v1 == 5, "v1"] = 4  # nobody said 5: only the labels know
    frame.loc[:7, "v1"], frame.loc[8:12, "v2"], frame.loc[13:14, "v2"] = 6, 9, 8
    ends = {1: "helemaal oneens", 5: "helemaal eens", 6: "weet niet", 9: "overgeslagen", 8: "n.v.t."}
    labels = {f"v{i}": f"Mijn leiding: doet {i}" for i in range(1, 5)}
    labels |= {f"v{i}": f"Mijn werk boeit {i}" for i in range(5, 9)}
    pyreadstat.write_sav(
        frame, str(tmp_path / "s.sav"), column_labels=labels,
        variable_value_labels=dict.fromkeys(frame, ends), missing_ranges={name: [9] for name in frame},
    )  # fmt: skip
    plan = made_plan(tmp_path / "s.sav", "nl")
    first, second = plan.scales
    assert (first.name, first.label) == ("mijn_leiding", "Mijn leiding")
    assert first.items == ("v1", "v2", "v3", "v4")
    assert second.items == ("v5", "v6", "v7", "v8")
    assert (first.scale, first.told, plan.codes) == ((1, 5), True, (6, 8))
    list(start_study(Start(tmp_path, tmp_path / "s.sav")))
    _, model = load_study(tmp_path / "configs/s.yaml")
    assert dict(model.scales[0].item_labels)["v2"].nl == "Mijn leiding: doet 2"
    assert "wat SPSS als missend kent" in (tmp_path / "configs/s.yaml").read_text()
    assert list(check_study(tmp_path / "configs/s.yaml"))[-1] == "ok"


@pytest.mark.parametrize("why", ["a blank", "decimal commas"])
def test_weights_that_are_not_used_are_said(tmp_path: Path, why: str) -> None:
    rng = np.random.default_rng(1)
    people = zip(rng.integers(1, 6, (80, 3)), rng.uniform(0.5, 2, 80), strict=True)
    weight = {"a blank": lambda w: f"{w:.3f}", "decimal commas": lambda w: f'"{w:.3f}"'.replace(".", ",")}[
        why
    ]
    rows = [",".join([*map(str, answers), weight(w)]) for answers, w in people]
    rows += [",,,"] if why == "a blank" else []
    path = tmp_path / "data.csv"
    path.write_text("\n".join(["q1,q2,q3,gewicht", *rows]) + "\n", encoding="utf-8")
    plan = made_plan(path, "nl")
    assert plan.role("weights") is None
    assert "  - misschien een weging, niet gebruikt: gewicht (data.weights)" in list(found_lines(plan))
