"""Small damage to texts, bytes and plain data: what a hand slips, a mail program eats, a merge leaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

ODD_TEXT = (
    "",
    " ",
    "\t",
    "\n",
    "\r",
    "\x00",
    "\x0b",
    "\x1c",
    "\x85",
    "\u2028",
    "\ufeff",
    "\ud800",
    "é",
    "e\u0301",
    "ß",
    "İ",
    "🙂",
    "’",
    "“",
    "−",
    "½",
    "٣",
    "a" * 300,
    "\\",
    "'",
    '"',
    "`",
    "%",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "&a",
    "*a",
    "!!python/object:os.system",
    "<<",
    "---",
    "...",
    "#",
    "|",
    ">",
    "?",
    "-",
    ":",
    ",",
    ";",
    "~",
    "=",
    "==",
    "=~",
    "~~",
    ":=",
    "~1",
    "+",
    "*",
    "NA",
    "nan",
    ".nan",
    "inf",
    "-inf",
    ".inf",
    "null",
    "true",
    "yes",
    "1e999",
    "1e-999",
    "0x10",
    "0o7",
    "1_000",
    "1" * 400,
    "-0",
    "007",
    "1,5",
    "start(",
    "c(",
    "c(1,2)*",
    "efa(",
    "group",
    "__class__",
    "../..",
    "/dev/null",
    "C:\\x",
    "CON",
    "{{x}}",
    "${HOME}",
    "%s",
    "{0}",
)
ODD_VALUES = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**63,
    2**70,
    10**400,
    0.0,
    -0.0,
    0.5,
    1e308,
    1e-320,
    float("nan"),
    float("inf"),
    "",
    "x",
    "x1",
    "g",
    "f",
    "all",
    [],
    {},
    [[]],
    [None],
    [1],
    ["x1"],
    ["x1", "x1"],
    {"x": 1},
    {"": None},
)


@st.composite
def damaged(draw: st.DrawFn, texts: Sequence[str], pieces: Sequence[str] = ()) -> str:
    """Return one of the texts after one to three slips: cut, doubled, moved, replaced, or odd."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        length = draw(st.sampled_from((0, 1, 1, 2, 5, 20, 80)))
        end = min(len(text), at + length)
        odd = draw(st.sampled_from((*ODD_TEXT, *pieces)))
        slip = draw(st.sampled_from(("cut", "double", "move", "put", "replace", "end", "repeat")))
        match slip:
            case "cut":
                text = text[:at] + text[end:]
            case "double":
                text = text[:end] + text[at:end] + text[end:]
            case "move":
                rest = text[:at] + text[end:]
                to = draw(st.integers(0, len(rest)))
                text = rest[:to] + text[at:end] + rest[to:]
            case "put":
                text = text[:at] + odd + text[at:]
            case "replace":
                text = text[:at] + odd + text[end:]
            case "end":
                text = text[:at]
            case "repeat":
                text = text[:at] + text[at : at + 3] * draw(st.sampled_from((30, 1200))) + text[at:]
    return text


@st.composite
def damaged_bytes(draw: st.DrawFn, whole: bytes) -> bytes:
    """Return a file with bytes flipped, cut, doubled or put in."""
    raw = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(raw) - 1, 0)))
        match draw(st.sampled_from(("flip", "cut", "end", "put", "double"))):
            case "flip" if raw:
                raw[at] ^= draw(st.integers(1, 255))
            case "cut":
                del raw[at : at + draw(st.sampled_from((1, 4, 64, 1000)))]
            case "end":
                del raw[at:]
            case "put":
                raw[at:at] = draw(st.binary(min_size=1, max_size=12))
            case "double":
                raw[at:at] = raw[at : at + 64]
    return bytes(raw)


def _places(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [at, *(place for key, value in inside for place in _places(value, (*at, key)))]


def _changed(data: Any, at: tuple[Any, ...], slip: str, value: Any) -> Any:
    if len(at) > 1:
        inside = _changed(data[at[0]], at[1:], slip, value)
        if isinstance(data, list):
            return [*data[: at[0]], inside, *data[at[0] + 1 :]]
        return {**data, at[0]: inside}
    key = at[0]
    if isinstance(data, list):
        middle = {"drop": [], "set": [value], "wrap": [[data[key]]], "twice": [data[key]] * 2}.get(
            slip, [value]
        )
        return [*data[:key], *middle, *data[key + 1 :]]
    if slip == "drop":
        return {name: inside for name, inside in data.items() if name != key}
    if slip == "rename":
        return {str(value) if name == key else name: inside for name, inside in data.items()}
    if slip == "wrap":
        return {**data, key: draw_wrapped(data[key], value)}
    return {**data, key: value}


def draw_wrapped(inside: Any, value: Any) -> Any:
    """Return a value one or sixty levels deeper than it belongs."""
    for _ in range(70 if value is True else 1):
        inside = [inside]
    return inside


@st.composite
def damaged_data(draw: st.DrawFn, whole: st.SearchStrategy[Any], names: Sequence[str] = ()) -> Any:
    """Return plain data after one or two slips: a key dropped, renamed, given another value, put deeper."""
    data = draw(whole)
    for _ in range(draw(st.integers(1, 2))):
        places = [place for place in _places(data) if place]
        if not places:
            break
        at = draw(st.sampled_from(places))
        slip = draw(st.sampled_from(("drop", "set", "rename", "wrap", "twice")))
        value = draw(st.sampled_from((*ODD_VALUES, *ODD_TEXT, *names)))
        data = _changed(data, at, slip, value)
    return data
