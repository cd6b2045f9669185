"""Population files as text: readable YAML, one line per item, organisation sizes and correlations in rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

HEADER = """\
# yaml-language-server: $schema=../../schemas/population.json
# Written by tools/calibrate_population.py from {source}; change that file, not this one.
# The latent correlations are solved such that the exact correlations of the observed scale means (bivariate
# normal integrals over the answer cells, summed over sectors and organisations) equal the design's targets.
"""


def flow(value: Any) -> str:
    """Return a value as one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{plain(key)}: {flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(entry) for entry in value) + "]"
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, float):
        return repr(round(value, 6) + 0.0)
    return plain(value) if isinstance(value, str) else str(value)


def plain(text: str) -> str:
    """Return text as it is where YAML reads it as text, else in double quotes."""
    simple = text.replace(" ", "").replace("_", "").replace("-", "").isalnum() and text[0].isalpha()
    return text if simple else json.dumps(text, ensure_ascii=False)


def population_text(design: dict[str, Any], data: dict[str, Any], results: Mapping[str, Any]) -> str:
    """Return the text of a population file."""
    lines = [HEADER.format(source=f"design_{design['design'].removeprefix('werkonderzoek_')}.yaml").rstrip()]
    lines += [f"population: {data['population']}", *block("about", data["about"])]
    lines += ["made_from:", *(f"  - {flow(line)}" for line in data["made_from"])]
    lines += ["assumed:", *(f"  - {flow(line)}" for line in data["assumed"])]
    lines += [
        f"seed: {data['seed']}",
        f"missing: {data['missing']}  # share of blank answers, assumed",
        f"skippers: {data['skippers']}  # share of respondents who leave answers blank, assumed",
    ]
    lines += ["organisations:  # assumed", *(f"  {k}: {flow(v)}" for k, v in data["organisations"].items())]
    lines += ["sectors:  # workforce: fte x 1000; organisations: respondents of each; means: of the latents"]
    for name, sector in data["sectors"].items():
        lines += [f"  {plain(name)}:", *(f"    {k}: {flow(v)}" for k, v in sector.items())]
    lines += [
        "sector_slopes:  # latent, added to the path in that sector; assumed",
        *nested(data["sector_slopes"]),
    ]
    lines += [
        "structure:  # what each outcome is regressed on",
        *(f"  {y}: {flow(x)}" for y, x in data["structure"].items()),
    ]
    lines += block("modules", data["modules"]) + block("texts", data["texts"])
    lines += ["answers:  # words of the values, from low to high"]
    for name, words in data["answers"].items():
        lines += [f"  {name}:", *(f"    - {flow(word)}" for word in words)]
    lines += multiple_lines(data["multiple"])
    lines += ["constructs:  # loadings and numbers of items are assumed"]
    for name, construct in data["constructs"].items():
        lines += construct_lines(name, construct)
    lines += ["correlation:  # of the latents, lower triangle, in the order of the constructs"]
    lines += [f"  - {flow(row)}" for row in data["correlation"]]
    lines += additions_lines(data)
    return "\n".join([*lines, *result_lines(results)]) + "\n"


def null_text(data: dict[str, Any], base: str, results: Mapping[str, Any]) -> str:
    """Return the text of the variant without slope deviations."""
    organisations = {**data["organisations"], "slopes": {}}
    lines = [HEADER.format(source="design_2024.yaml").rstrip()]
    lines += ["# Null variant: every path is the same in all sectors and organisations (tau = 0)."]
    lines += [f"population: {data['population']}_null", f"extends: {base}"]
    lines += ["organisations:", *(f"  {k}: {flow(v)}" for k, v in organisations.items())]
    lines += ["sector_slopes: {}", "correlation:", *(f"  - {flow(row)}" for row in data["correlation"])]
    return "\n".join([*lines, *result_lines(results)]) + "\n"


def additions_lines(data: Mapping[str, Any]) -> list[str]:
    """Return the added constructs, and the known changes since an earlier wave."""
    lines = []
    if data.get("additions"):
        lines += ["additions:  # latents that follow from those before; noise is a variance"]
        for name, construct in data["additions"].items():
            lines += construct_lines(name, construct)
    if data.get("changes"):
        lines += ["changes:  # known changes of the core module since the wave before"]
        lines += [f"  - {flow(change)}" for change in data["changes"]]
    return lines


def multiple_lines(sets: Mapping[str, Any]) -> list[str]:
    """Return the sets drawn after all else: columns, words and items on lines of their own."""
    lines = (
        ["multiple:  # drawn after and given all other columns, which do not change by it"] if sets else []
    )
    for name, entry in sets.items():
        lines += [f"  {name}:"]
        for key, value in entry.items():
            inner = value if key in ("columns", "words", "items") else None
            lines += [f"    {key}:" if inner else f"    {key}: {flow(value)}"]
            lines += [f"      {plain(k)}: {flow(v)}" for k, v in (inner or {}).items()]
    return lines


def construct_lines(name: str, construct: dict[str, Any]) -> list[str]:
    """Return one construct: its items on lines of their own, a single column on one line."""
    if "items" not in construct:
        return [f"  {name}: {flow(construct)}"]
    lines = [
        f"  {name}:",
        *(f"    {k}: {flow(v)}" for k, v in construct.items() if k != "items"),
        "    items:",
    ]
    return [*lines, *(f"      {item}: {flow(entry)}" for item, entry in construct["items"].items())]


def result_lines(results: Mapping[str, Any]) -> Iterable[str]:
    """Return what holds exactly in the population: scales, and true betas as rows."""
    yield "achieved:  # scale means over the respondents that the correlations are calibrated for"
    yield from (f"  {name}: {flow(entry)}" for name, entry in results["achieved"].items())
    yield "truth:  # regressions on scale means (b, beta) and latents (beta); a single column is both"
    yield f"  sectors: {flow(results['sectors'])}"
    if results["without"]:
        yield f"  without: {flow(results['without'])}  # sectors left out of a model"
    yield "  columns: [level, group, model, lhs, rhs, b, beta]"
    yield "  rows:"
    yield from (f"    - {flow(row)}" for row in results["rows"])


def block(key: str, entries: Mapping[str, Any]) -> list[str]:
    """Return a mapping with one entry per line."""
    return (
        [f"{key}:", *(f"  {plain(name)}: {flow(value)}" for name, value in entries.items())]
        if entries
        else []
    )


def nested(entries: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return a mapping of mappings with one line per inner entry."""
    lines: list[str] = []
    for outer, inner in entries.items():
        lines += [f"  {outer}:", *(f"    {name}: {flow(value)}" for name, value in inner.items())]
    return lines


def write(path: Path, text: str) -> None:
    """Write a text file with Unix line ends."""
    path.write_text(text, encoding="utf-8", newline="\n")
