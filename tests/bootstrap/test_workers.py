"""The same replicates on any number of threads, alone or among more, for everything that can be drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.bootstrap_runs import DESIGNS, prepared_of, write_data, write_study
from werksem.bootstrap.run import compute_block, run_blocks
from werksem.bootstrap.shards import fingerprint


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workers")
    write_data(folder)
    return folder


@pytest.mark.parametrize("design", DESIGNS)
def test_bytes_do_not_depend_on_who_computes(place: Path, design: str) -> None:
    job = prepared_of(write_study(place, design, "replicates: 400")).job
    one = run_blocks(job, jobs=1)
    assert len(one.theta) == (40 if design == "replicate_weights" else 400)
    assert (one.theta.std(axis=0) > 0).any()
    for jobs in (2, 16):
        found = run_blocks(job, jobs=jobs)
        for name in ("theta", "gradient_max", "chisq"):
            assert getattr(found, name).tobytes() == getattr(one, name).tobytes()
        assert (found.status == one.status).all()
    alone = compute_block(job, (len(one.theta) - 1) // job.block * job.block)
    assert alone.theta.tobytes() == one.theta[-len(alone.theta) :].tobytes()
    if design != "replicate_weights":
        fewer = run_blocks(replace(job, replicates=300), jobs=2)
        assert fewer.theta.tobytes() == one.theta[:300].tobytes()


def test_fingerprints_tell_bootstraps_apart(place: Path) -> None:
    """Seed, scheme, data, estimator: each makes another bootstrap; how many replicates does not."""
    found = {design: fingerprint(prepared_of(write_study(place, design)).job) for design in DESIGNS}
    found["seed"] = fingerprint(prepared_of(write_study(place, "cases", "seed: 6")).job)
    assert len(set(found.values())) == len(found)
    more = prepared_of(write_study(place, "cases", "seed: 5, replicates: 7000")).job
    assert fingerprint(more) == found["cases"]
    lonely = prepared_of(write_study(place, "rao_wu", "seed: 5, lonely_psu: adjust")).job
    assert fingerprint(lonely) != found["rao_wu"]


def test_a_seed_is_another_draw(place: Path) -> None:
    one, two = (
        run_blocks(prepared_of(write_study(place, "cases", f"replicates: 20, seed: {seed}")).job).theta
        for seed in (1, 2)
    )
    assert not np.isclose(one, two).all(axis=1).any()
