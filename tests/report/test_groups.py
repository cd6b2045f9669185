from __future__ import annotations

from pathlib import Path

import fake_result
import pytest
from fake_result import SECTORS, make_result

from werksem.report.folder import read_result
from werksem.report.groups import groups_table, paths_by_group
from werksem.report.numbers import beta
from werksem.report.panel import Mark, Panel, PanelRow, axis_limits, panel_sketch
from werksem.report.sketch import picture


def test_intervals_are_carried_to_the_common_scale(tmp_path: Path) -> None:
    result = read_result(make_result(tmp_path / "b"))
    paths = paths_by_group(result)
    assert len(paths) == 15
    first = paths[0]
    assert [one.group for one in first.groups] == [*SECTORS, "typical"]
    rows = result.estimates
    chosen = (rows["lhs"] == first.lhs) & (rows["rhs"] == first.rhs) & (rows["group"] == "Rijk")
    row = rows[chosen & (rows["op"] == "~")].iloc[0]
    rijk = first.groups[0]
    assert rijk.value == row["std_common"]
    # est = .9 std and std_common = .98 std in the fixture
    assert rijk.low == pytest.approx(row["ci_lower"] * 0.98 / 0.9)
    assert 0 < rijk.share < 1


def test_a_panel_is_the_same_bytes_twice_and_keeps_its_text() -> None:
    panel = Panel("y", (PanelRow("a <b>", (Mark("sem", 0.2, 0.1, 0.3, "SEM"),)),))
    limits = axis_limits([panel])
    assert limits[0] < 0 < 0.3 < limits[1]
    one, two = (picture(panel_sketch(panel, limits, "nl", "wat & hoe"), "k").svg for _ in range(2))
    assert one == two
    assert "a &lt;b&gt;</text>" in one
    assert 'aria-label="wat &amp; hoe"' in one
    assert "DejaVu" not in one


def test_more_groups_than_a_page_is_wide_become_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fake_result, "SECTORS", {f"Sector {at}": 500 + 100 * at for at in range(12)})
    result = read_result(fake_result.make_result(tmp_path / "many", "binding", "nl"))
    paths = paths_by_group(result)
    table = groups_table(result, paths)
    assert [column.header for column in table.columns][:2] == ["Groep", "Sociaal veilig werkklimaat"]
    first = table.bodies[0]
    assert [row[0].text for row in first.rows][:2] == ["Alle respondenten", "Sector 0"]
    assert first.rows[-1][0].text == "Typische groep"
    (path,) = (one for one in paths if (one.lhs, one.rhs) == ("tevredenheid_org", "wendbaar"))
    third = next(one for one in path.groups if one.group == "Sector 3")
    assert first.rows[4][-1].text.startswith(beta(third.value, "nl"))
    assert all(len(row) == len(table.columns) for body in table.bodies for row in body.rows)
