"""For all tests: every number in the result folders that they make is explained in ``docs/numbers``."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# the same examples at every run; new ones are the nightly budget's (tests/fuzz)
settings.register_profile("suite", derandomize=True)
settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def _numbers_are_explained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    yield
    sys.path.append(str(Path(__file__).resolve().parents[1] / "docs" / "_ext"))
    explained = importlib.import_module("numbers_explained")
    unexplained = sorted(set(explained.unexplained(tmp_path_factory.getbasetemp(), "broken")))
    assert not unexplained, "\n".join(unexplained)
