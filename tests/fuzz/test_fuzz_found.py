"""What fuzzing found, once each: the smallest example that broke, and what is said of it now."""

from __future__ import annotations

import json
import re
import warnings
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from tests.fuzz.cases import Case
from tests.fuzz.laws_of_change import swapped_markers
from tests.fuzz.models import Made, answers
from tests.fuzz.seeds import FILES
from tests.fuzz.terminal import Said, folder_with, werksem
from werksem.effects import quantities
from werksem.errors import DataError
from werksem.inference.delta import complex_jacobian
from werksem.model import build_model
from werksem.spec.load import dump_study, load_model, load_study
from werksem.survey.read import read_columns

CHECK = ("check", "s.yaml", "--quiet")


def checked(*settings: str, files: dict[str, str] | None = None) -> Said:
    """Check the study with these settings and files in it."""
    with folder_with({**FILES, **(files or {})}):
        return werksem(*CHECK, *(part for setting in settings for part in ("--set", setting)))


@pytest.mark.parametrize("start", ["~", "not ", "-", "a."])
def test_filters_nested_a_thousand_deep(start: str) -> None:
    done = checked("data.where=" + json.dumps(start * 800 + "x1"))
    assert done.code == 2
    assert "nested 100 levels deep" in done.err or "cannot read the expression" in done.err


@pytest.mark.parametrize("number", ["9" * 400, "-1" + "0" * 400])
def test_filters_with_numbers_beyond_every_column(number: str) -> None:
    done = checked(f'data.where="age < {number}"')
    assert done.code == 2
    assert "is not allowed in" in done.err


def test_derived_columns_of_no_column() -> None:
    done = checked("data.derive.old=3")
    assert done.code == 2
    done = checked('data.derive.old="3 * 2"')
    assert done.code == 2
    assert "names no column; it would be the same for every respondent" in done.err


def test_formulas_of_labels_with_numbers_too_large() -> None:
    done = checked(files={"s.yaml": str(FILES["s.yaml"]).replace("2 * b1", "9" * 400 + " * b1")})
    assert done.code == 2
    assert done.err.startswith("werksem: s.yaml:16:12: ")
    assert "is too large" in done.err


def test_labels_that_are_no_syntax_say_where() -> None:
    done = checked(files={"s.yaml": str(FILES["s.yaml"]).replace("f: b1", "f: b🙂1")})
    assert done.code == 2
    assert done.err.startswith("werksem: s.yaml:13:12: found 'b🙂1': cannot read '🙂'")


def test_columns_that_are_text_in_a_formula_say_where() -> None:
    done = checked(
        "data.where=null", files={"s.yaml": str(FILES["s.yaml"]).replace("age > 50", "sector * 2")}
    )
    assert done.code == 2
    assert done.err.startswith('werksem: s.yaml:25:17: data.derive.old: "sector" is text')


def test_names_that_lavaan_cannot_hold_say_which_file() -> None:
    with folder_with({"m.yaml": "model: m\nstructural: {y: [een woord]}\n"}):
        done = werksem("convert", "m.yaml")
    assert done.code == 2
    assert done.err.startswith('werksem: m.yaml: "een woord" cannot be a name in lavaan syntax')


def test_too_few_rows_name_the_data_file() -> None:
    settings = ("sem={multigroup: true}", "data.group=org", "data.cluster=null", "data.where=null", "ols={}")
    with folder_with(FILES):
        done = werksem(*CHECK, *(part for one in settings for part in ("--set", one)))
        assert done.err.startswith(f"werksem: {Path.cwd() / 'd.csv'}: "), done.err
    assert done.code == 2
    assert "more complete rows than items are needed" in done.err


def test_standardised_values_of_a_heywood_case_are_nan_without_a_warning() -> None:
    model = build_model(load_model({"syntax": "f =~ x1 + x2 + x3\nx1 ~~ x3"}))
    theta = np.full(model.npar, 0.5)
    theta[model.parameters.index("x1~~x1")] = -0.3
    slopes = complex_jacobian(lambda at: quantities(model, (), at), theta)
    undefined = [row.lhs == "x1" and row.rhs == "x3" for row in model.rows]
    assert np.isnan(slopes[len(model.rows) :][undefined]).all()


def test_check_refuses_inequalities_that_fit_would_refuse() -> None:
    text = str(FILES["s.yaml"]).replace("  effects:\n", '  constraints: ["b1 > 0"]\n  effects:\n')
    done = checked(files={"s.yaml": text})
    assert done.code == 2
    assert done.err == "werksem: s.yaml:15:17: only == constraints are estimated, found 'b1 > 0'\n"


def test_an_invariance_ladder_without_rungs_is_refused() -> None:
    done = checked("invariance=[]")
    assert done.code == 2
    assert done.err.startswith("werksem: --set invariance: invariance: found []")


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("missing_codes: [9, 99]", "codes: {x1: {weet niet: null}}", "x1: {weet niet: null}"),
        ("kind: means, table: t,", "kind: histogram, below: null, table: t,", "below: null"),
    ],
)
def test_nothing_that_a_study_says_is_gone_from_the_resolved_one(before: str, after: str, kept: str) -> None:
    with folder_with(FILES | {"s.yaml": str(FILES["s.yaml"]).replace(before, after)}):
        study, model = load_study(Path("s.yaml"))
        text = dump_study(study, model, Path.cwd())
        Path("again.yaml").write_text(text, encoding="utf-8")
        again, _ = load_study(Path("again.yaml"))
    assert (again.data, again.describe) == (study.data, study.describe)
    assert kept in text or "below:\n" in text, text


def test_a_name_that_an_spss_file_has_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.sav"
    pyreadstat.write_sav(pd.DataFrame({"x1": [1.0, 2.0], "x2": [3.0, 4.0]}), file)
    file.write_bytes(file.read_bytes().replace(b"X2=x2", b"X2=x1"))
    with pytest.raises(DataError, match='2 columns are named "x1"; names must differ'):
        read_columns(file, ["x1"])


@pytest.mark.parametrize("name", ["..", "../..", "lost.yaml"])
@pytest.mark.parametrize("verb", ["check", "fit", "describe"])
def test_a_file_that_is_not_there_says_where_it_was_named(verb: str, name: str) -> None:
    study = re.sub("^claims: .*", f"claims: {name}", str(FILES["s.yaml"]), flags=re.M)
    with folder_with(FILES | {"s.yaml": study}):
        said = werksem(verb, "s.yaml")
    line = study.split("claims:")[0].count("\n") + 1
    assert said.code == 2
    assert said.err.startswith(f'werksem: s.yaml:{line}:9: claims "{name}": '), said.err


def test_a_name_that_an_spss_file_cannot_spell_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.sav"
    pyreadstat.write_sav(pd.DataFrame({"x1": [1.0, 2.0], "x2": [3.0, 4.0]}), file)
    file.write_bytes(file.read_bytes().replace(b"X2      ", b"\xd82      "))
    with pytest.raises(DataError, match="a damaged one \\(a name is not readable\\)"):
        read_columns(file, ["x1"])


def test_a_study_begun_from_infinite_answers_leaves_them_to_check() -> None:
    frame = pd.read_csv(BytesIO(FILES["d.csv"].encode()))
    frame = frame.astype({"x2": float})
    frame.loc[0, "x2"] = np.inf
    with folder_with({"d.csv": frame.to_csv(index=False)}):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            begun = werksem("init", "--data", "d.csv", "begun")
        assert begun.code == 0, begun
        checked = werksem("check", next(Path("begun").glob("**/configs/*.yaml")))
    assert checked.code == 2
    assert 'column "x2" has 1 infinite value' in checked.err


@pytest.mark.parametrize("seed", range(3))
def test_which_of_equal_groups_is_hidden_does_not_depend_on_the_order_of_rows(seed: int) -> None:
    high = {"a": 5, "b": 17, "c": 16}  # a is hidden, and with it one of two groups of 60
    rows = [(name, 5 if at < many else 1) for name, many in high.items() for at in range(60)]
    frame = pd.DataFrame(rows, columns=["sector", "x1"]).assign(x2=lambda rows: (rows["x1"] + 1) // 2)
    study = {
        "study": "s", "model": {"measurement": {"f": {"items": ["x1", "x2"], "scale": [1, 5]}}},
        "data": {"file": "d.csv"}, "report": {"formats": []},
        "describe": {"tables": [{"kind": "top2", "table": "t", "of": ["x1"], "by": "sector"}]},
    }  # fmt: skip
    frame = frame.sample(frac=1, random_state=seed)
    with folder_with({"s.yaml": json.dumps(study), "d.csv": frame.to_csv(index=False)}):
        assert werksem("describe", "s.yaml", "--out", "out").code == 0
        table = pd.read_csv("out/tables.csv").set_index("group")["status"]
    assert table[["a", "b", "c"]].tolist() == ["suppressed", "ok", "suppressed_complementary"]


@pytest.mark.parametrize("seed", [0, 9])
def test_least_squares_ends_no_sooner_for_answers_beside_an_age(seed: int) -> None:
    items = ["a_1", "a_2", "a_3"]
    scale = {"items": items, "scale": [1, 5], "reversed": items}
    model = {"measurement": {"veilig": scale}, "structural": {"veilig": ["age"]}}
    made = Made(model, {"veilig": items}, ("age",), (1, 5), tuple(items))
    swapped_markers((Case(made, "ULS", answers(made, 150, seed)), 0))
