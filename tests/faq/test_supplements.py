"""Register, glossary and profiles are read by their own forms, and every odd line is told."""

from pathlib import Path

import pytest

from faq import communities, facts, glossary
from faq.communities import Profile, fill
from faq.facts import Confidence
from faq.form import PLACEHOLDERS
from tests.faq.samples import FACTS, GLOSSARY, PROFILE

PATH = Path("file.md")


def test_the_register_gives_each_fact_with_its_evidence() -> None:
    register, faults = facts.read(FACTS.encode(), PATH)
    assert faults == ()
    assert list(register) == ["LIB-001", "LIB-002"]
    assert register["LIB-001"].confidence is Confidence.official
    assert register["LIB-001"].links == ("https://library.example.org/rules",)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("## LIB-002", "## LIB-001", "register_twice"),
        ("## LIB-002", "## Lib 2", "fact_form"),
        ("Claim: The desk's number is 0571-1234 5678.\n", "", "register_field"),
        ("Confidence: secondary", "Confidence: sure", "confidence_form"),
        ("Checked: 2026-11-22", "Checked: soon", "date_form"),
        ("Caution: Confirm", "Confirm", "register_line"),
    ],
)
def test_a_broken_register_is_told(old: str, new: str, code: str) -> None:
    assert code in {found.code for found in facts.read(FACTS.replace(old, new).encode(), PATH)[1]}


def test_the_glossary_gives_one_approved_term_and_those_let_pass() -> None:
    terms, faults = glossary.read(GLOSSARY.encode(), PATH)
    assert faults == ()
    assert (terms["护照"].en, terms["护照"].also) == ("passport", ("travel document",))


@pytest.mark.parametrize(("line", "code"), [("- 护照 = pass", "glossary_twice"), ("- 借书", "glossary_line")])
def test_a_broken_glossary_is_told_at_its_line(line: str, code: str) -> None:
    (found,) = glossary.read(f"{GLOSSARY}{line}\n".encode(), PATH)[1]
    assert (found.code, found.line) == (code, 5)


@pytest.mark.parametrize(
    ("line", "code"),
    [("Station adress: 1 Lane", "profile_line"), ("Police name: Mill Lane police", "profile_value"), ("Name: a · b · c", "profile_value")],
)
def test_a_broken_profile_is_told_at_its_line(line: str, code: str) -> None:
    (found,) = communities.read(f"{PROFILE}{line}\n".encode(), PATH)[1]
    assert (found.code, found.line) == (code, 7)


def profile() -> Profile:
    return communities.read(PROFILE.encode(), Path("sample.md"))[0]


def test_placeholders_are_filled_from_the_profile() -> None:
    assert fill(["Go to {station.name}.", "Phone: {station.phone}"], profile(), "en") == (
        "Go to the Mill Lane desk.",
        "Phone: 0571-0000 0000",
    )
    assert fill(["到{station.name}。"], profile(), "zh") == ("到磨坊巷服务台。",)


def test_where_the_profile_says_nothing_a_sensible_phrase_stands_in() -> None:
    assert fill(["Ask at {police.name}.", "Address: {station.address}"], profile(), "en") == (
        "Ask at the police station for your address.",
        "Address: not on file yet; ask us here",
    )
    assert fill(["问{police.name}。"], None, "zh") == ("问住处所在地的派出所。",)


def test_a_sentence_that_begins_with_a_placeholder_has_a_capital() -> None:
    assert fill(["{station.name} knows. {worker.name} too."], None, "en") == (
        "The service station for foreign residents knows. Your social worker too.",
    )


def test_an_article_is_not_said_twice() -> None:
    assert fill(["at the {station.name}"], profile(), "en") == ("at the Mill Lane desk",)


@pytest.mark.parametrize("locale", ["en", "zh"])
@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_every_placeholder_has_a_phrase_that_stands_in(name: str, locale: str) -> None:
    (line,) = fill([f"x: {{{name}}}"], None, locale)
    assert "{" not in line
    assert len(line) > 5
