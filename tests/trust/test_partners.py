"""Attacks over variables, bases and groupings: they work without complementary suppression, not with it."""

from __future__ import annotations

from pathlib import Path

from trust.disclosure.partners import attacked


def test_a_group_has_the_same_partners_wherever_it_is_hidden(tmp_path: Path) -> None:
    control = {name: one.recovered for name, one in attacked(tmp_path, "{complementary: false}")}
    assert min(control.values()) > 0
    assert {name: one.recovered for name, one in attacked(tmp_path)} == dict.fromkeys(control, 0)
