from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from werksem.errors import DataError
from werksem.survey.answers import Coding, labels, numbers


def column(*values: Any, kind: pa.DataType | None = None) -> pa.ChunkedArray:
    half = len(values) // 2
    return pa.chunked_array(
        [pa.array(values[:half], type=kind), pa.array(values[half:], type=kind)], type=kind
    )


@pytest.mark.parametrize(
    "given",
    [
        column("1", " 2.50 ", "", "-3e0", kind=pa.string()),
        column(1.0, 2.5, None, -3.0, kind=pa.float32()),
        column(1.0, 2.5, float("nan"), -3.0, kind=pa.float64()),
        column(Decimal("1.0"), Decimal("2.5"), None, Decimal("-3.0"), kind=pa.decimal128(5, 1)),
        column("1", "2.5", None, "-3", kind=pa.string()).dictionary_encode(),
    ],
)
def test_numbers_of_every_kind_of_column(given: pa.ChunkedArray) -> None:
    np.testing.assert_array_equal(numbers("x", given)[0], [1.0, 2.5, np.nan, -3.0])


def test_whole_numbers_and_truth_are_numbers() -> None:
    np.testing.assert_array_equal(numbers("x", column(1, None, kind=pa.int64()))[0], [1.0, np.nan])
    np.testing.assert_array_equal(numbers("x", column(True, False, kind=pa.bool_()))[0], [1.0, 0.0])
    assert np.isnan(numbers("x", column(None, None, kind=pa.null()))[0]).all()


@pytest.mark.parametrize("text", ["1_000", "0x10", "١", "1.234.5", "ja", "=1+1", "2024-01-01"])
def test_text_without_codes_is_an_error_that_lists_the_answers(text: str) -> None:
    with pytest.raises(DataError) as problem:
        numbers("x", column("1", text, text, None))
    assert f'column "x" has answers in text: "{text}" (2x); give each its number' in str(problem.value)


def test_many_distinct_texts_are_counted_and_long_ones_cut() -> None:
    with pytest.raises(DataError, match=r'"w+\.\." .*and 12 other answers'):
        numbers("x", column("w" * 90, "w" * 90, *(f"t{i}" for i in range(19))))


def test_decimal_commas_are_recognised() -> None:
    with pytest.raises(DataError, match=r'has decimal commas \("1,5"\); right are decimal points: 1\.5'):
        numbers("x", column("1,5", "2,25", "3"))


def test_codes_turn_texts_into_numbers_and_leave_numbers() -> None:
    coding = Coding({"ja": 1.0, "nee": 0.0, "weet niet": None})
    values, _ = numbers("x", column("ja", "nee ", "weet niet", "5"), coding)
    np.testing.assert_array_equal(values, [1.0, 0.0, np.nan, 5.0])
    with pytest.raises(DataError, match=r'data\.codes gives no number for "misschien" \(1x\)'):
        numbers("x", column("ja", "misschien"), coding)


def test_codes_recode_numbers_too() -> None:
    values, _ = numbers("x", column(1.0, 2.0, None), Coding({"1": 0.0, "2": 1.0}))
    np.testing.assert_array_equal(values, [0.0, 1.0, np.nan])


def test_missing_codes_are_blank_and_counted() -> None:
    values, times = numbers("x", column("1", "9", "X", "9", "99"), Coding({}, (9.0, 99.0, "X")))
    np.testing.assert_array_equal(values, [1.0, np.nan, np.nan, np.nan, np.nan])
    assert times == 4


def test_labels_are_trimmed_only() -> None:
    found = labels(column(" Rijk", "rijk", "R  ijk\t", "", "  ", None, "01"))
    assert found.tolist() == ["Rijk", "rijk", "R  ijk", None, None, None, "01"]


def test_codes_of_groups_become_value_labels_where_each_has_one() -> None:
    codes = column(1.0, 2.0, 1.0, None)
    assert labels(codes, {1.0: "Rijk ", 2.0: "ZBO", 3.0: "GR"}).tolist() == ["Rijk", "ZBO", "Rijk", None]
    assert labels(codes, {1.0: "Rijk"}).tolist() == ["1", "2", "1", None]
    assert labels(codes, {1.0: "Rijk", 2.0: "Rijk"}).tolist() == ["1", "2", "1", None]
    assert labels(codes).tolist() == ["1", "2", "1", None]
