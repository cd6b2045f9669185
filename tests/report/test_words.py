from __future__ import annotations

import re
from pathlib import Path

import pytest

from werksem.report.advice import MEASURES
from werksem.report.messages import message
from werksem.report.sayings import MESSAGES
from werksem.report.sentences import SENTENCES
from werksem.report.words import WORDS, word

TABLES = {**WORDS, **SENTENCES}
PLACE = re.compile(r"\{\w+\}")
TEMPLATES = sorted((Path(__file__).parents[2] / "src/werksem/report/templates").glob("*.html.j2"))
# that of a notebook has its style inside
PAGES = [path for path in TEMPLATES if "<style>\n." not in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("key", TABLES)
def test_both_languages_say_something_with_the_same_places(key: str) -> None:
    dutch, english = TABLES[key]
    assert dutch.strip()
    assert english.strip()
    assert set(PLACE.findall(dutch)) == set(PLACE.findall(english))


def test_no_key_stands_in_both_tables() -> None:
    assert not set(WORDS) & set(SENTENCES)


@pytest.mark.parametrize("template", PAGES, ids=lambda path: path.stem)
def test_the_template_has_no_words_of_its_own(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    for key in re.findall(r"""\bw\(["'](\w+)["'][,)]""", source):
        assert key in TABLES
    plain = re.sub(r"{[{%].*?[%}]}|<[^>]*>|&\w+;", " ", source, flags=re.DOTALL)
    assert set(re.findall(r"[A-Za-z]{2,}", plain)) == set()


def test_advice_is_given_in_both_languages_or_in_none() -> None:
    for dutch, english, advice_nl, advice_en in MEASURES.values():
        assert dutch
        assert english
        assert bool(advice_nl) == bool(advice_en)


def test_messages_fill_the_same_places() -> None:
    for pattern, dutch, english in MESSAGES:
        assert set(PLACE.findall(dutch)) == set(PLACE.findall(english))
        assert {f"{{{name}}}" for name in re.compile(pattern).groupindex} == set(PLACE.findall(dutch))


def test_a_known_warning_is_translated_with_labels_and_numbers() -> None:
    text = "unequal n: the engines use different numbers of respondents: ols (y) 18000, sem 12000"
    assert message(text, "nl", {"y": "Uitkomst"}).startswith(
        "De methoden rekenen op verschillende rijen: OLS (Uitkomst) 18.000, SEM 12.000."
    )
    assert message("iets anders", "en") == "iets anders"


def test_an_unknown_word_is_an_error() -> None:
    with pytest.raises(KeyError):
        word("no such word", "nl")


@pytest.mark.parametrize("joint", ["; together (a + b) they add 0.213 to R2, p 0.001", "; untested"])
def test_overlapping_predictors_are_named_in_both_languages(joint: str) -> None:
    text = (
        f"overlap: a, b are hard to tell apart as predictors of y (HTMT 0.91){joint}; "
        "fit a model with one common factor beside this one"
    )
    dutch, english = (message(text, language, {"a": "Leren", "y": "Trots"}) for language in ("nl", "en"))
    assert dutch.startswith("Leren, b zijn als voorspellers van Trots moeilijk te onderscheiden (HTMT 0,91")
    assert english.startswith("Leren, b are hard to tell apart as predictors of Trots (HTMT 0.91")
    assert ("0,213" in dutch and "p 0,001" in dutch) == ("they add" in joint)
