"""Draws that are kept are taken up to the last bit, or made again; what tells them apart tells them apart."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from werksem.bayes.digest import digest
from werksem.bayes.kept import kept_or_sampled, read_sampled, write_sampled
from werksem.bayes.sample import Sampled

RNG = np.random.default_rng(4)
DRAWS = Sampled(
    {"path": RNG.normal(size=(2, 50, 3)), "residual_sd": RNG.normal(size=(2, 50, 1))},
    {"diverging": RNG.integers(0, 2, (2, 50)).astype(bool), "energy": RNG.normal(size=(2, 50))},
    1234.0, "nutpie", {"bayes_sampling": 1.5}, {"pareto_k": 0.1}, ready=object(),
)  # fmt: skip


def equal(one: Sampled, two: Sampled) -> bool:
    arrays = ((one.values, two.values), (one.stats, two.stats))
    same = all(a.keys() == b.keys() and all(a[k].tobytes() == b[k].tobytes() for k in a) for a, b in arrays)
    rest = [(found.gradients, found.sampler, found.timings, found.fit) for found in (one, two)]
    return same and rest[0] == rest[1]


def test_draws_come_back_to_the_bit_but_for_what_was_compiled(tmp_path: Path) -> None:
    write_sampled(DRAWS, tmp_path / "p.npz")
    found = read_sampled(tmp_path / "p.npz")
    assert found is not None
    assert equal(found, DRAWS)
    assert found.ready is None
    assert [path.name for path in tmp_path.iterdir()] == ["p.npz"]


def test_they_are_sampled_once(tmp_path: Path) -> None:
    made = []

    def sample() -> Sampled:
        made.append(1)
        return DRAWS

    what = ({"seed": 1}, np.eye(3))
    first, again = (kept_or_sampled(tmp_path, what, sample) for _ in range(2))
    assert first.ready is not None
    assert equal(first, again)
    assert len(made) == 1
    kept_or_sampled(tmp_path, ({"seed": 2}, np.eye(3)), sample)
    assert len(made) == len(list(tmp_path.glob("posterior-*.npz"))) == 2
    kept_or_sampled(None, what, sample)
    assert len(made) == 3


def test_draws_under_another_posteriors_name_are_sampled_again(tmp_path: Path) -> None:
    other = replace(DRAWS, gradients=5.0)
    kept_or_sampled(tmp_path, (1,), lambda: DRAWS)
    (first,) = tmp_path.iterdir()
    kept_or_sampled(tmp_path, (2,), lambda: other)
    (second,) = set(tmp_path.iterdir()) - {first}
    shutil.copy(first, second)
    assert equal(kept_or_sampled(tmp_path, (2,), lambda: other), other)
    assert equal(kept_or_sampled(tmp_path, (1,), lambda: other), DRAWS)


def test_one_bit_that_changed_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "p.npz"
    write_sampled(DRAWS, path)
    content, seen = path.read_bytes(), []
    for place in range(0, len(content), 101):
        changed = bytearray(content)
        changed[place] ^= 1 << place % 8
        path.write_bytes(changed)
        found = read_sampled(path)
        seen.append(found is None)
        assert found is None or equal(found, DRAWS)  # dates and flags of the archive are no numbers
    assert np.mean(seen) > 0.9


@pytest.mark.parametrize("length", [0, 10, 2000, -1])
def test_a_file_that_was_cut_is_seen(tmp_path: Path, length: int) -> None:
    path = tmp_path / "p.npz"
    write_sampled(DRAWS, path)
    path.write_bytes(path.read_bytes()[:length])
    assert read_sampled(path) is None


def test_a_full_disk_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("werksem.bayes.kept.write_arrays", full)
    with pytest.raises(OSError, match=r"the posterior cannot be kept: No space left on device") as caught:
        kept_or_sampled(tmp_path, (1,), lambda: DRAWS)
    assert caught.value.filename == str(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ([1], [1.0]), ([1, 2], [12]), (["a", "b"], ["ab"]), ([[1], [2]], [[1, 2]]), ([0.0], [-0.0]),
        ([np.zeros(2)], [np.zeros((1, 2))]), ([np.zeros(2)], [np.zeros(2, dtype=np.float32)]),
        ([{"a": 1, "b": 2}], [{"a": 2, "b": 1}]), ([DRAWS.fit], [{"pareto_k": np.nextafter(0.1, 1)}]),
        ([True], [1]), ([None], ["None"]),
    ],
)  # fmt: skip
def test_content_that_differs_has_another_digest(one: list[object], two: list[object]) -> None:
    assert digest(*one) != digest(*two)


def test_what_cannot_be_told_is_refused() -> None:
    with pytest.raises(TypeError, match="object has no content"):
        digest(replace(DRAWS))
    with pytest.raises(TypeError, match="array of objects"):
        digest(np.array([object()]))
