"""The study file that ``init`` writes: data with their design, and the analyses to turn on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml.comments import CommentedMap

from werksem.starting.plan import FIML_BELOW, Plan
from werksem.starting.roles import Role
from werksem.starting.words import say
from werksem.starting.yaml_text import dumped, hashed, in_line, listed, quoted

__all__ = ["STUDY_SCHEMA", "study_text"]

STUDY_SCHEMA = "# yaml-language-server: $schema=../schemas/study.json\n"
SHOWN_WORDS = 12


def study_text(plan: Plan, data: str, config: Path) -> str:
    """Return the text of the study file; ``data`` is the file's name as seen from the study's folder."""
    head = CommentedMap({"study": quoted(plan.name), "title": quoted(plan.name), "language": plan.language})
    head["model"] = f"../models/{plan.name}.yaml"
    step = f"{say(plan.language, 'study_head', rows=plan.rows, columns=len(plan.columns))}"
    step += f" werksem check {config.as_posix()}"
    parts = [STUDY_SCHEMA, hashed(step), dumped(head), _data(plan, data), _commented_data(plan)]
    return "".join([*parts, *_engines(plan)])


def _data(plan: Plan, data: str) -> str:
    block = CommentedMap({"file": quoted(data)})
    for kind in ("group", "weights", "cluster"):
        role = plan.role(kind)
        if role is not None:
            block[kind] = quoted(role.column)
            block.yaml_add_eol_comment(say(plan.language, role.why, n=role.n), kind)
    fiml = plan.complete < FIML_BELOW
    block["missing"] = "fiml" if fiml else "listwise"
    share = round(100 * plan.complete)
    key = "fiml_said" if fiml else "listwise_said" if share < 100 else "whole_said"
    said = say(plan.language, key, share=share)
    block.yaml_add_eol_comment(said, "missing")
    if plan.codes:
        block["missing_codes"] = listed(plan.codes)
        block.yaml_add_eol_comment(say(plan.language, "codes_said"), "missing_codes")
    return dumped(CommentedMap({"data": block}))


def _commented_data(plan: Plan) -> str:
    """Return what may be added under ``data``, as a comment."""
    return "".join(hashed(line, 2) for line in (*_possible(plan), *_words(plan)))


def _possible(plan: Plan) -> Iterator[str]:
    for role in plan.roles:
        if role.kind == "wave":
            yield f"where: {_filter(role, plan)}  # {say(plan.language, role.why, n=role.n)}"
    for kind in ("group", "weights", "cluster"):
        possible = [role for role in plan.roles if role.kind == kind and not role.sure]
        if possible and plan.role(kind) is None:
            others = ", ".join(role.column for role in possible[1:])
            also = f"; {say(plan.language, 'or_else')} {others}" if others else ""
            yield f"{kind}: {in_line(quoted(possible[0].column))}  # {_unsure(possible[0], plan)}{also}"
    if any(column.user_missing for column in plan.columns):
        yield say(plan.language, "user_missing")


def _unsure(role: Role, plan: Plan) -> str:
    blank = plan.column(role.column).blank
    why = "weights_blank" if role.why == "weights_said" and blank else role.why
    return say(plan.language, why, n=blank if why == "weights_blank" else role.n)


def _filter(role: Role, plan: Plan) -> str:
    """Return a filter that keeps the last wave."""
    column = plan.column(role.column)
    if column.values is None:
        return f"{role.column} == '{max(word for word, _ in column.found)}'"
    return f"{role.column} == {max(value for value in column.values.tolist() if value == value):g}"


def _words(plan: Plan) -> Iterator[str]:
    """Yield answers in words of columns without a role, each to be given its number."""
    busy = {role.column for role in plan.roles if role.sure}
    found = [c for c in plan.columns if c.kind == "words" and c.name not in (*busy, *plan.odd)]
    if found:
        yield f"codes:  # {say(plan.language, 'text_codes')}"
    for column in found:
        words = ", ".join(f"{in_line(quoted(word))}: " for word, _ in column.found[:SHOWN_WORDS])
        more = ", …" if len(column.found) > SHOWN_WORDS else ""
        yield f"  {in_line(quoted(column.name))}: {{{words}{more}}}"


def _engines(plan: Plan) -> Iterator[str]:
    language = plan.language
    engine = "semopy" if plan.scales else "werksem"
    yield hashed(f"ols: {{}}  # {say(language, 'ols_said')}")
    yield f"sem: {{estimator: MLR, engine: {engine}}}  # {say(language, 'sem_said')}\n"
    if plan.role("group") is not None and plan.scales:
        levels = "[configural, metric, scalar]"
        yield hashed(f"invariance: {levels}  # {say(language, 'invariance_said')}")
    interval = "bootstrap: {replicates: 500, seed: 2024, interval: percentile}"
    yield hashed(f"{interval}  # {say(language, 'bootstrap_said')}")
    yield hashed(f"bayes: {{level: scores}}  # {say(language, 'bayes_said')}")
    yield "report: {formats: [html]}\n"
