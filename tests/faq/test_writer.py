"""What is written reads back as the same entry, and nothing that is typed makes the reader fail."""

from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from faq import checks, communities, facts, glossary, reader, writer
from faq.catalogue import Catalogue
from faq.entry import LOCALES, PARTS, Answer, Entry, Source
from faq.fault import errors
from tests.faq.samples import LIBRARY, path_of

#: Words that begin with no sign of the form and hold no divider of a source.
_FIRST = st.sampled_from("abXY借书éß")
_WORD = st.text(st.sampled_from("abcXYZ09,.?!'“”（）：护照，。é-—·/&%"), min_size=1, max_size=12).filter(lambda word: word != "·")
LINES = st.builds(lambda first, words: f"{first}{' '.join(words)}", _FIRST, st.lists(_WORD, max_size=4))
IDS = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    parts = {part for part in PARTS[1:] if draw(st.booleans())}
    answers = {}
    for locale in LOCALES:
        lines = {part: tuple(draw(st.lists(LINES, min_size=1, max_size=3))) for part in parts}
        answers[locale] = Answer(short=tuple(draw(st.lists(LINES, min_size=1, max_size=2))), **lines)
    checked = draw(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
    entry_id = draw(IDS)
    link = st.none() | st.just("https://example.org/a?b=c")
    english = st.from_regex(r"[A-Z][a-z]{2,8}", fullmatch=True)
    return Entry(
        id=entry_id,
        topic=draw(IDS),
        titles={locale: draw(LINES) for locale in LOCALES},
        questions={locale: tuple(draw(st.lists(LINES, min_size=1, max_size=4, unique_by=str.casefold))) for locale in LOCALES},
        answers=answers,
        facts=tuple(draw(st.lists(st.from_regex(r"[A-Z]{3}-[0-9]{3}", fullmatch=True), max_size=3, unique=True))),
        sources=tuple(
            draw(st.lists(st.builds(Source, st.fixed_dictionaries({"en": english, "zh": st.just("规则")}), link), min_size=1, max_size=2))
        ),
        checked=checked,
        review_by=draw(st.dates(checked, date(2031, 1, 1))),
        related=tuple(name for name in draw(st.lists(IDS, max_size=3, unique=True)) if name != entry_id),
    )


@given(entries())
@settings(max_examples=60, deadline=None)
def test_an_entry_reads_back_as_it_was_written(entry: Entry) -> None:
    path = Path("faq") / "entries" / entry.topic / f"{entry.id}.md"
    document = reader.read(writer.write(entry).encode(), path)
    assert document.faults == ()
    assert document.entry == entry


def test_a_file_in_the_usual_form_is_written_letter_by_letter() -> None:
    entry = reader.read(LIBRARY.encode(), path_of("library-card")).entry
    assert entry is not None
    assert writer.write(entry) == LIBRARY


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_no_bytes_make_a_reader_fail(data: bytes) -> None:
    document = reader.read(data, path_of("library-card"))
    assert document.entry is None
    assert errors(document.faults)
    for read in (facts.read, glossary.read, communities.read):
        read(data, Path("file.md"))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_edit_of_a_good_file_makes_reader_or_checks_fail(data: st.DataObject) -> None:
    lines = LIBRARY.splitlines()
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(lines) - 1))
        odd = st.sampled_from(
            [
                "",
                "#",
                "##",
                "### Steps",
                "- ",
                "-",
                "1.",
                "{",
                "}",
                "<!--",
                "-->",
                "Topic:",
                "Facts: ,,",
                "Checked: 2026-13-40",
                "· ·",
                "- · ·",
            ]
        )
        lines[at : at + data.draw(st.integers(0, 3))] = [data.draw(odd | st.text(max_size=20))]
    document = reader.read("\n".join(lines).encode("utf-8", "surrogatepass"), path_of("library-card"))
    assert (document.entry is None) == bool(errors(document.faults))
    found = checks.check_document(document, Catalogue(), date(2026, 12, 1))
    assert all(one.line <= max(len(lines) * 3, 1) and one.column >= 1 and one.en and one.zh for one in found)


def test_a_skeleton_is_refused_at_each_place_that_waits_for_words() -> None:
    text = writer.skeleton("library", "library-card", "2026-11-22", "2027-02-20")
    found = reader.read(text.encode(), path_of("library-card")).faults
    assert {one.code for one in found} == {"title_missing", "short_missing", "line_empty", "part_empty"}
    assert {"{station.name}", "{station.address}"} <= set(
        text.replace("“", " ").replace('"', " ").replace(",", " ").replace("：", " ").split()
    )
