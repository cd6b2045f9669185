"""An interrupt while sampling ends the run: no sampler's draws so far pass for the posterior."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

from werksem.bayes.sample import sample_model

ASKED = {"chains": 2, "draws": 100, "tune": 50, "seed": 1, "quiet": True}


class Compiled:
    """What nutpie compiles, as far as ``sample_model`` looks."""

    def with_data(self) -> None: ...


class Running:
    """A sampler in the background that is interrupted after some draws."""

    def __init__(self, stop: type[BaseException]) -> None:
        self.stop, self.cancelled = stop, False

    def wait(self) -> Any:
        raise self.stop

    def abort(self) -> Any:
        raise AssertionError("the draws so far were asked for")

    def cancel(self) -> None:
        self.cancelled = True


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_nutpie_is_cancelled(monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]) -> None:
    import nutpie

    running, given = Running(stop), {}

    def sample(model: object, **settings: object) -> Running:
        given.update(settings)
        return running

    monkeypatch.setattr(nutpie, "sample", sample)
    with pytest.raises(stop):
        sample_model(Compiled(), sampler="nutpie", **ASKED)
    assert running.cancelled
    assert given["blocking"] is False


@pytest.mark.parametrize(("chains", "draws", "whole"), [(2, 100, True), (2, 40, False), (1, 100, False)])
def test_pymc_has_all_draws_or_none(
    monkeypatch: pytest.MonkeyPatch, chains: int, draws: int, whole: bool
) -> None:
    import arviz as az
    import pymc as pm

    path = (("chain", "draw", "k"), np.zeros((chains, draws, 1)))
    steps = (("chain", "draw"), np.ones((chains, draws)))
    trace = az.InferenceData(
        posterior=xr.Dataset({"path": path}, {"chain": range(chains), "draw": range(draws)}),
        sample_stats=xr.Dataset({"n_steps": steps, "diverging": steps, "energy": steps}),
    )
    monkeypatch.setattr(pm, "NUTS", lambda **settings: None)
    monkeypatch.setattr(pm, "sample", lambda **settings: trace)
    if whole:
        assert sample_model(pm.Model(), sampler="pymc", **ASKED).values["path"].shape == (2, 100, 1)
        return
    with pytest.raises(KeyboardInterrupt):
        sample_model(pm.Model(), sampler="pymc", **ASKED)
