"""No crash: data files of every kind, whole, odd and damaged; and the same answers in every kind of file."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from tests.fuzz.budget import Law
from tests.fuzz.mutate import damaged_bytes
from tests.fuzz.seeds import CSV, NAMES, respondents
from tests.fuzz.terminal import PREFIX, a_sentence, folder_with, werksem

STUDY = """study: s
language: en
model:
  measurement:
    f: {items: [x1, x2, x3], scale: [1, 5]}
    g: {items: [x4, x5, x6], scale: [1, 5], reversed: [x6]}
  structural: {g: {f: b1, age: b2}}
data: {file: FILE, GIVEN}
ols: {}
sem: {engine: werksem}
"""
GIVEN = (
    "missing: listwise",
    "group: sector",
    "weights: w",
    "cluster: org, group: sector",
    "missing: fiml",
    "ordered: [x1, x2, x3, x4, x5, x6]",
    "missing_codes: [9, 99, nvt]",
    "where: age > 30",
    "strata: sector, cluster: org, weights: w",
    "sample: common",
)
ODD = (
    "", " ", "NA", "9", "99", "-1", "3.5", "1e3", "1e400", "inf", "nan", "nvt", "oneens", "1,5", '"3"',
    "=1+1", "0x1", "٣", "é", "\u00a03", "2147483648", "-0", "1_0", "TRUE", "1 000", "'",
    "<b>", "\u202eabc", "a" * 500,
)  # fmt: skip


def study(file: str, given: str) -> str:
    return STUDY.replace("FILE", file).replace("GIVEN", given)


def sav(frame: pd.DataFrame) -> bytes:
    """Return a table as an SPSS file."""
    import pyreadstat

    with tempfile.TemporaryDirectory(prefix=PREFIX) as place:
        path = Path(place) / "d.sav"
        pyreadstat.write_sav(frame, str(path))
        raw = path.read_bytes()
    return raw[:92] + b"01 Jan 2600:00:00" + raw[109:]  # the clock's date and time are no example


def parquet(frame: pd.DataFrame) -> bytes:
    """Return a table as a Parquet file."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as place:
        path = Path(place) / "d.parquet"
        frame.to_parquet(path, index=False)
        return path.read_bytes()


def gz(frame: pd.DataFrame) -> bytes:
    return gzip.compress(frame.to_csv(index=False).encode(), mtime=0)


FORMATS: dict[str, Callable[[pd.DataFrame], bytes]] = {
    ".csv": lambda frame: frame.to_csv(index=False).encode(),
    ".tsv": lambda frame: frame.to_csv(index=False, sep="\t").encode(),
    ".csv.gz": gz,
    ".parquet": parquet,
    ".sav": sav,
}
WHOLE = {suffix: make(respondents()) for suffix, make in FORMATS.items()}


@st.composite
def broken_files(draw: st.DrawFn) -> tuple[str, bytes, str]:
    suffix = draw(st.sampled_from(sorted(WHOLE)))
    content = WHOLE[draw(st.sampled_from(sorted(WHOLE)))] if draw(st.integers(0, 9)) == 0 else WHOLE[suffix]
    return suffix, draw(damaged_bytes(content)), draw(st.sampled_from(GIVEN))


def _broken_file(given: tuple[str, bytes, str]) -> None:
    suffix, raw, settings = given
    with folder_with({"s.yaml": study(f"d{suffix}", settings), f"d{suffix}": raw}):
        a_sentence(werksem("check", "s.yaml", "--quiet"), f"d{suffix}", "s.yaml")


@st.composite
def odd_tables(draw: st.DrawFn) -> tuple[bytes, str]:
    """Return a CSV with cells, headers, rows, quotes and separators that nobody expected."""
    lines = [line.split(",") for line in CSV.splitlines()[: draw(st.sampled_from((1, 2, 8, 20, 61, 61, 61)))]]
    for _ in range(draw(st.integers(0, 6))):
        row, column = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(NAMES) - 4))
        column = min(column, len(lines[row]) - 1)
        odd = draw(st.sampled_from(ODD))
        match draw(st.sampled_from(("cell", "cell", "column", "rows", "longer", "shorter", "header"))):
            case "cell":
                lines[row][column] = odd
            case "column":
                for line in lines[1:]:
                    line[min(column, len(line) - 1)] = odd
            case "rows":
                lines += [list(lines[row]) for _ in range(draw(st.sampled_from((1, 30, 300))))]
            case "longer":
                lines[row].append(odd)
            case "shorter" if len(lines[row]) > 1:
                lines[row].pop()
            case "header":
                lines[0][min(column, len(lines[0]) - 1)] = draw(st.sampled_from((*ODD, *NAMES)))
    separator = draw(st.sampled_from((",", ",", ",", ";", "\t", "|")))
    end = draw(st.sampled_from(("\n", "\r\n", "\r", "\n\n")))
    text = end.join(separator.join(line) for line in lines) + draw(
        st.sampled_from(("", end, "\x1a", "\ufeff"))
    )
    encoding = draw(st.sampled_from(("utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16", "latin-1")))
    return text.encode(encoding, "replace"), draw(st.sampled_from(GIVEN))


def _odd_table(given: tuple[bytes, str]) -> None:
    raw, settings = given
    with folder_with({"s.yaml": study("d.csv", settings), "d.csv": raw}):
        a_sentence(werksem("check", "s.yaml", "--quiet"), "d.csv", "s.yaml")


def _begun(given: tuple[bytes, str]) -> None:
    """A study that init writes of a table can be checked, or is refused in a sentence."""
    raw, _ = given
    with folder_with({"d.csv": raw}) as place:
        begun = werksem("init", "new", "--data", "d.csv")
        a_sentence(begun, "d.csv")
        if begun.code:
            assert not (place / "new").exists(), begun
            return
        a_sentence(werksem("check", "new/configs/d.yaml", "--quiet"), "d.csv", "d.yaml")


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """Return a table of numbers and texts as data frames have them: types, blanks, extreme sizes."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    frame = respondents(draw(st.sampled_from((3, 30, 60, 200)))).astype(dict.fromkeys(NAMES[:2], object))
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from((*NAMES[:6], "age", "w", "org", "sector")))
        n = len(frame)
        kinds: dict[str, Any] = {
            "float": frame[name].astype(str).str.len().astype("float32"),
            "huge": rng.standard_normal(n) * 1e150,
            "tiny": rng.standard_normal(n) * 1e-200,
            "constant": np.full(n, 3),
            "blank": np.full(n, np.nan),
            "copy": frame["x1"],
            "bool": rng.random(n) < 0.5,
            "category": pd.Categorical(rng.choice(["a", "b"], n)),
            "dates": pd.date_range("2020-01-01", periods=n),
            "nullable": pd.array(rng.integers(1, 6, n), dtype="Int8"),
            "infinite": np.where(rng.random(n) < 0.1, np.inf, 3.0),
            "texts": rng.choice(["1", "2", "drie"], n),
            "bytes": [b"x"] * n,
            "near": 3 + rng.standard_normal(n) * 1e-9,
            "negative": -rng.random(n),
            "large": rng.integers(2**62, 2**63 - 1, n),
        }
        frame[name] = kinds[draw(st.sampled_from(sorted(kinds)))]
    return frame.astype({name: "Int64" for name in NAMES[:2] if frame[name].dtype == object}, errors="ignore")


def _frame(given: tuple[pd.DataFrame, str, bool]) -> None:
    frame, settings, fit = given
    with folder_with({"s.yaml": study("d.parquet", settings)}) as place:
        try:
            frame.to_parquet("d.parquet", index=False)
        except (ValueError, TypeError):
            return  # not a file that can be
        verb = ("fit", "s.yaml", "--quiet", "--out", "out") if fit else ("check", "s.yaml", "--quiet")
        done = werksem(*verb)
        a_sentence(done, "d.parquet", "s.yaml")
        made = sorted(path.name for path in place.iterdir()) if fit else []
        assert not fit or ("out" in made) == (done.code < 2), (done, made)
        assert all(not name.startswith(".") for name in made), made


def _same_answers(given: tuple[int, float, bool]) -> None:
    """Return nothing; the check of a study says the same of every kind of file with the same answers."""
    seed, share, text = given
    rng = np.random.default_rng(seed)
    frame = respondents(40 + seed % 50)
    holes = frame.astype(dict.fromkeys(NAMES[:6], "float64"))
    holes[list(NAMES[:6])] = holes[list(NAMES[:6])].mask(rng.random((len(frame), 6)) < share)
    holes["org"] = "o" + frame["org"].astype(str) if text else frame["org"]
    found = []
    for suffix, make in FORMATS.items():
        with folder_with(
            {"s.yaml": study(f"d{suffix}", "group: sector, weights: w"), f"d{suffix}": make(holes)}
        ):
            done = werksem("fit", "s.yaml", "--json", "--out", "out")
            a_sentence(done)
            document = json.loads(done.out)
            table = pd.read_csv("out/estimates.csv") if done.code < 2 else None
        found.append((done.code, document.get("n"), table))
    for code, n, table in found[1:]:
        assert (code, n) == found[0][:2]
        if table is not None:
            pd.testing.assert_frame_equal(table, found[0][2])


LAWS = (
    Law(
        "broken_files", "no crash", "a data file with bytes flipped, cut or doubled is read or refused",
        ".csv .tsv .csv.gz .parquet .sav", broken_files(), _broken_file, 30, 4000,
    ),
    Law(
        "odd_tables", "no crash", "odd cells, headers, rows, separators and encodings are read or refused",
        ".csv", odd_tables(), _odd_table, 30, 4000,
    ),
    Law(
        "begun", "no crash", "werksem init writes a study of any table that check can read, or refuses it",
        ".csv", odd_tables(), _begun, 8, 800,
    ),
    Law(
        "frames", "no crash", "any types, blanks and sizes of columns are read or refused", ".parquet",
        st.tuples(frames(), st.sampled_from(GIVEN), st.just(False)), _frame, 20, 2500,
    ),
    Law(
        "fitted_frames", "no crash",
        "fit of any table ends with a whole result folder or none, and without a warning of NumPy",
        ".parquet", st.tuples(frames(), st.sampled_from(GIVEN), st.just(True)), _frame, 0, 150,
    ),
    Law(
        "same_answers", "round trip", "the same answers in any kind of file give the same numbers",
        ".csv .tsv .csv.gz .parquet .sav",
        st.tuples(st.integers(0, 10**6), st.sampled_from((0.0, 0.1)), st.booleans()), _same_answers, 0, 25,
    ),
)  # fmt: skip
