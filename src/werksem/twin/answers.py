"""The part of the twin's script that makes the study's answers in R out of the study's own data file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from werksem.errors import SpecError
from werksem.model import Model
from werksem.spec import filters
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec, Scale
from werksem.survey.intake import needed_columns, scale_of_item, text_columns, within_scale
from werksem.twin.expression import in_r, quoted

__all__ = ["answers_in_r"]


def answers_in_r(study: Study, spec: ModelSpec, model: Model, file: str) -> Iterator[str]:
    """Yield the lines that read ``file`` and end with ``d``: the variables of the model, one row each.

    Raises ``SpecError`` where a derived column takes the mean of a construct of constructs.
    """
    data = study.data
    yield f"file <- if (length(arguments)) arguments[1] else file.path(here, {quoted(file)})"
    yield "raw <- read_answers(file)"
    columns = [name for name in needed_columns(data, spec) if "*" not in name]
    yield f"need(raw, {_vector(columns)})"
    yield "keep <- rep(TRUE, nrow(raw))"
    if data.where:
        yield "v <- lapply(raw, natural)"
        yield f"keep <- ({in_r(filters.parse_filter(data.where))}) %in% TRUE"
    yield from (f"keep <- keep & !is.na(text_of(raw[[{quoted(name)}]]))" for name in text_columns(data))
    yield "raw <- rows_of(raw, keep)"
    yield "v <- list()"
    for name in model.observed:
        if name not in data.derive:
            yield f"v[[{quoted(name)}]] <- {_numbers(name, study, spec)}"
    yield from _derived(study, spec, model)
    for scale in spec.scales:
        if scale.scale is not None:
            turned = f"{sum(scale.scale):g}"
            for name in scale.reversed:
                if name in model.observed:
                    yield f"v[[{quoted(name)}]] <- {turned} - v[[{quoted(name)}]]  # reversed item"
    yield f"d <- as.data.frame(v[{_vector(model.observed)}], check.names = FALSE)"
    for column in (data.group if len(model.groups) > 1 else None, data.cluster):
        if column:
            yield f"d[[{quoted(column)}]] <- text_of(raw[[{quoted(column)}]])"
    if data.weights:
        yield f"d[[{quoted(data.weights)}]] <- as_number(raw[[{quoted(data.weights)}]])"
    items = f"d[{_vector(model.observed)}]"
    if data.sample == "common":
        yield f"d <- d[complete.cases({items}), ]"
    elif data.missing == "fiml":
        yield f"d <- d[rowSums(!is.na({items})) > 0, ]  # who answered nothing says nothing"


def _vector(names: object) -> str:
    return f"c({', '.join(quoted(str(name)) for name in names)})"  # type: ignore[attr-defined]


def _numbers(name: str, study: Study, spec: ModelSpec) -> str:
    """Return R for a column as numbers, with the codes and missing codes that the study gives it."""
    data = study.data
    scale = scale_of_item(spec).get(name)
    if scale is not None and scale.missing_codes:
        missing: list[float | str] = list(scale.missing_codes)
    else:
        missing = [code for code in data.missing_codes if not within_scale(code, scale)]
    parts = [f"raw[[{quoted(name)}]]"]
    codes = data.codes.get(name, {})
    if codes:
        parts.append(_codes(codes))
    if missing:
        parts.append(f"missing = c({', '.join(map(_code, missing))})")
    return f"as_number({', '.join(parts)})"


def _derived(study: Study, spec: ModelSpec, model: Model) -> Iterator[str]:
    """Yield the derived columns, each from answers before items are reversed and from scale means after."""
    made: set[str] = set()
    for name, formula in study.data.derive.items():
        for used in filters.columns(formula):
            scale = spec.scale(used)
            if used in made:
                continue
            if scale is not None:
                yield f"v[[{quoted(used)}]] <- {_mean(scale, spec)}"
            elif used not in model.observed:
                yield f"v[[{quoted(used)}]] <- {_natural(used, study)}"
        yield f"v[[{quoted(name)}]] <- as.numeric({in_r(filters.parse_derived(formula))})"
        made.add(name)


def _natural(name: str, study: Study) -> str:
    """Return R for a column outside the model: numbers where all its answers are, or by their codes."""
    codes, missing = study.data.codes.get(name, {}), ", ".join(map(_code, study.data.missing_codes))
    parts = [f"raw[[{quoted(name)}]]", *([_codes(codes)] if codes else ())]
    parts += [f"missing = c({missing})"] if missing else []
    return f"{'as_number' if codes else 'natural'}({', '.join(parts)})"


def _codes(codes: Mapping[str, float | None]) -> str:
    values = ("NA" if code is None else f"{code:.15g}" for code in codes.values())
    said = (f"{quoted(text)} = {value}" for text, value in zip(codes, values, strict=True))
    return f"codes = c({', '.join(said)})"


def _code(code: float | str) -> str:
    return quoted(code if isinstance(code, str) else f"{code:.15g}")


def _mean(scale: Scale, spec: ModelSpec) -> str:
    if any(spec.scale(item) is not None for item in scale.items):
        raise SpecError(f'the mean of "{scale.name}", a construct of constructs, is not written in R')
    low_high = f"{sum(scale.scale):g}" if scale.scale else "0"
    return (
        f"scale_mean(v[{_vector(scale.items)}], {_vector(scale.reversed) if scale.reversed else 'NULL'}, "
        f"{low_high}, {scale.required})"
    )
