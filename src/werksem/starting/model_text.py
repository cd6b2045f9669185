"""The model file that ``init`` writes: scales with the reasons for them, and room for claims."""

from __future__ import annotations

from collections.abc import Sequence

from ruamel.yaml.comments import CommentedMap

from werksem.starting.plan import Plan
from werksem.starting.proposals import Proposal
from werksem.starting.words import decimal, say
from werksem.starting.yaml_text import dumped, hashed, in_line, listed, named, quoted

__all__ = ["MODEL_SCHEMA", "model_text", "strength"]

MODEL_SCHEMA = "# yaml-language-server: $schema=../schemas/model.json\n"
LOW = 0.6
SHOWN = 40
KINDS = ("items", "yes_no", "numbers", "words", "units", "text", "unique", "constant", "empty")


def model_text(plan: Plan) -> str:
    """Return the text of the model file."""
    content = CommentedMap({"model": quoted(plan.name)})
    if plan.scales:
        content["measurement"] = named({entry.name: _measured(entry, plan) for entry in plan.scales})
        for entry in plan.scales:
            before = "\n".join(_reasons(entry, plan.language))
            content["measurement"].yaml_set_comment_before_after_key(entry.name, before=before, indent=2)
    head = MODEL_SCHEMA + hashed(say(plan.language, "model_head", file=plan.file.name))
    return head + dumped(content) + _doubtful(plan) + _without_scales(plan) + _claims(plan) + _others(plan)


def _measured(entry: Proposal, plan: Plan) -> CommentedMap:
    """Return the keys of one construct."""
    language, block = plan.language, CommentedMap()
    if entry.label:
        block["label"] = quoted(entry.label)
    block["items"] = listed(entry.items)
    if entry.reversed and entry.scale:
        block["reversed"] = listed([item for item, _ in entry.reversed])
    if entry.scale:
        block["scale"] = listed(entry.scale)
        block.yaml_add_eol_comment(say(language, "scale_told" if entry.told else "scale_found"), "scale")
    own = [code for code in plan.own_codes.get(entry.name, ()) if not isinstance(code, str)]
    if own:
        block["missing_codes"] = listed(own)
        block.yaml_add_eol_comment(say(language, "codes_own"), "missing_codes")
    labels = {item: plan.column(item).label for item in entry.items if plan.column(item).label}
    if labels:
        block["item_labels"] = named({item: quoted(label) for item, label in labels.items()})
    return block


def strength(entry: Proposal, language: str) -> str:
    """Return how well the items hang together, in words."""
    r = decimal(entry.mean_r, language)
    if len(entry.items) == 2:
        return say(language, "pair", r=r)
    return say(language, "alpha", alpha=decimal(entry.alpha, language), r=r)


def _reasons(entry: Proposal, language: str) -> list[str]:
    """Return the comment lines above a construct."""
    told = strength(entry, language)
    lines = [say(language, f"by_{entry.source}", alpha=told, shared=entry.shared)]
    if entry.factors > 1:
        lines.append(say(language, "factors", factors=entry.factors))
    if entry.alpha < LOW:
        lines.append(say(language, "low_alpha"))
    if entry.reversed:
        key = "reversed_pair" if len(entry.items) == 2 else "reversed" if entry.scale else "reversed_numbers"
        lines.append(say(language, key, **_correlating(entry.reversed, language)))
    if entry.left_out:
        lines.append(say(language, "left_out", **_correlating(entry.left_out, language)))
    return lines


def _correlating(found: Sequence[tuple[str, float]], language: str) -> dict[str, str]:
    """Return names, and their correlations, as the places of a sentence."""
    separator = "; " if language == "nl" else ", "
    rs = separator.join(decimal(r, language) for _, r in found)
    return {"items": ", ".join(item for item, _ in found), "rs": f"r = {rs}"}


def _doubtful(plan: Plan) -> str:
    """Return the scales that the answers do not confirm, as a comment."""
    if not plan.doubtful:
        return ""
    lines = [say(plan.language, "no_scale")]
    if not plan.scales:
        lines.append("measurement:")
    for entry in plan.doubtful:
        reason = _reasons(entry, plan.language)[0]
        scale = f", scale: {in_line(listed(entry.scale))}" if entry.scale else ""
        items = in_line(listed([*entry.items, *(item for item, _ in entry.left_out)]))
        lines.append(f"  {in_line(quoted(entry.name))}: {{items: {items}{scale}}}  # {reason}")
    return hashed("\n".join(lines))


def _without_scales(plan: Plan) -> str:
    """Return covariances of columns, where there are no scales: a model that claims nothing."""
    if plan.scales or not plan.pairs:
        return ""
    pairs = ", ".join(in_line(listed(pair)) for pair in plan.pairs)
    return hashed(say(plan.language, "no_scale_found")) + f"covariances: [{pairs}]\n"


def _claims(plan: Plan) -> str:
    """Return a commented example of paths, in names that were found."""
    columns = dict.fromkeys(name for pair in plan.pairs for name in pair)
    names = [entry.name for entry in plan.scales] or list(columns)
    if len(names) < 2:
        return ""
    *predictors, outcome = [in_line(quoted(name)) for name in names[:4]]
    lines = [say(plan.language, "structural"), "structural:", f"  {outcome}: [{', '.join(predictors[-2:])}]"]
    if len(predictors) > 2:
        lines.append(f"  {predictors[-1]}: [{predictors[0]}]")
        lines.append(f"effects: {{enumerate: {{from: [{predictors[0]}], to: [{outcome}]}}}}"
                     f"  # {say(plan.language, 'effects')}")  # fmt: skip
    return "\n" + hashed("\n".join(lines))


def _others(plan: Plan) -> str:
    """Return the columns that no scale took, by kind, as a comment."""
    used = {item for entry in plan.scales for item in entry.items}
    used |= {role.column for role in plan.roles if role.sure}
    left = [column for column in plan.columns if column.name not in used]
    lines = []
    for kind in KINDS:
        names = [c.name for c in left if c.kind == kind and c.name not in (*plan.odd, *plan.exact)]
        lines += _listing(say(plan.language, f"kind_{kind}"), names, plan.language)
    lines += _listing(say(plan.language, "kind_odd"), plan.odd, plan.language)
    lines += _listing(say(plan.language, "kind_exact"), plan.exact, plan.language)
    return "\n" + hashed("\n".join([say(plan.language, "other_columns"), *lines])) if lines else ""


def _listing(what: str, names: Sequence[str], language: str) -> list[str]:
    if not names:
        return []
    more = f", {say(language, 'and_more', n=len(names) - SHOWN)}" if len(names) > SHOWN else ""
    return [f"  {what}: {', '.join(names[:SHOWN])}{more}"]
