"""Figures as files: names, what stands in them, nothing fetched, equal bytes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fake_result import make_result, with_intervals
from test_densities import with_draws

from werksem.report.effect_panels import effect_figures, effect_key
from werksem.report.effects import effect_rows
from werksem.report.folder import read_result
from werksem.report.html import make

BANNERS = {
    "nl": "Synthetische gegevens: zegt niets over de werkelijkheid",
    "en": "Synthetic data: says nothing about reality",
}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module", params=[("binding", "nl"), ("mediatie", "en")], ids="-".join)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, Path]:
    kind, language = request.param
    folder = with_draws(make_result(tmp_path_factory.mktemp("files") / kind, kind, language))
    (folder / "figures").mkdir()
    (folder / "figures" / "forest_earlier.svg").write_text("<svg/>")
    (folder / "figures" / "mine.png").write_bytes(b"of the user")
    make(folder)
    return kind, language, folder


def text_of(path: Path) -> str:
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    return " ".join(part for element in root.iter(f"{SVG}text") for part in element.itertext())


def test_every_figure_is_there_as_svg_and_png_by_its_name(made: tuple[str, str, Path]) -> None:
    kind, _, folder = made
    found = {path.name for path in (folder / "figures").iterdir()} - {"mine.png"}
    stems = {name.rpartition(".")[0] for name in found}
    assert found == {f"{stem}.{ending}" for stem in stems for ending in ("svg", "png")}
    expected = {
        "binding": {
            "paths_binding",
            "forest_betrokkenheid",
            "densities_betrokkenheid",
            "groups_vertrekintentie",
        },
        "mediatie": {"paths_mediatie", "effects_legitimiteit", "forest_bevlogenheid"},
    }
    assert expected[kind] <= stems
    assert "forest_earlier" not in stems
    assert (folder / "figures" / "mine.png").read_bytes() == b"of the user"


def test_a_file_stands_alone(made: tuple[str, str, Path]) -> None:
    _, language, folder = made
    for path in (folder / "figures").glob("*.svg"):
        words, text = text_of(path), path.read_text(encoding="utf-8")
        assert BANNERS[language] in " ".join(words.split())
        assert "De organisatie aan zet (2026)" in words
        assert "xlink" not in text
        assert text.replace('xmlns="http://www.w3.org/2000/svg"', "").count("http") == 0
        assert not re.search(r"@import|url\((?!#)|<image|<script", text)
        assert "sans-serif" in text
        root = ElementTree.fromstring(text)
        assert root.attrib["role"] == "img"
        assert len(root.attrib["aria-label"]) > 40
        assert root.find(f"{SVG}title") is not None


def test_numbers_on_axes_are_in_the_readers_language(made: tuple[str, str, Path]) -> None:
    kind, language, folder = made
    words = text_of(
        folder / "figures" / ("forest_betrokkenheid.svg" if kind == "binding" else "forest_bevlogenheid.svg")
    )
    wanted, other = (r",\d", r"\.\d") if language == "nl" else (r"\.\d", r",\d")
    assert re.search(rf"(?:^| ){wanted}", words)
    assert not re.search(rf"(?:^| ){other}", words)


def test_a_png_is_large_enough_to_print(made: tuple[str, str, Path]) -> None:
    from PIL import Image

    for path in (made[2] / "figures").glob("*_*.png"):
        with Image.open(path) as image:
            assert image.info["dpi"] == pytest.approx((200, 200), abs=0.1)
            assert image.width >= 340 * 200 / 72
            assert image.convert("RGB").getpixel((2, 2)) == (255, 255, 255)


def test_equal_folders_give_equal_bytes(made: tuple[str, str, Path], tmp_path: Path) -> None:
    _, _, folder = made
    other = shutil.copytree(folder, tmp_path / "again")
    make(other)
    for path in sorted((folder / "figures").iterdir()):
        assert path.read_bytes() == (other / "figures" / path.name).read_bytes(), path.name


def test_real_data_have_no_banner_in_their_figures(tmp_path: Path) -> None:
    folder = make_result(tmp_path / "r", "binding", "nl", synthetic=False)
    make(folder)
    assert "Synthetisch" not in text_of(folder / "figures" / "paths_binding.svg")


def test_effects_run_from_strong_to_weak_with_interval_and_band(tmp_path: Path) -> None:
    folder = with_intervals(make_result(tmp_path / "r", "mediatie", "nl"))
    result = read_result(folder)
    rows = effect_rows(result)
    rows = rows[(rows["engine"] == "bootstrap") & rows["lhs"].str.startswith("total indirect: ")]
    sizes = dict(zip(rows["lhs"], rows["std"].abs(), strict=True))
    for picture, target in zip(
        effect_figures(result), ("effectiviteit", "efficientie", "legitimiteit"), strict=True
    ):
        leaders = re.findall(
            r"(Transformationeel leiderschap|Wendbare cultuur): totaal indirect</text>", picture.svg
        )
        names = {"Transformationeel leiderschap": "leiderschap", "Wendbare cultuur": "wendbaar"}
        values = [sizes[f"total indirect: {names[name]} -> {target}"] for name in leaders]
        assert len(values) == 2
        assert values == sorted(values, reverse=True)
        assert picture.svg.count("via Bevlogenheid</text>") == 2
    assert "band voor alle rijen tegelijk" in effect_key(result)
    assert "band" not in effect_key(read_result(make_result(tmp_path / "s", "mediatie", "nl")))
