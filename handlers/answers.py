"""How an entry is told to a resident: the answer first, then what helps, then where it comes from and when it was checked."""

from datetime import date

from faq.catalogue import Catalogue
from faq.entry import PARTS, Entry
from handlers.i18n import translate
from handlers.voice import Voice, day


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: The heading of each part of an answer, in the order in which they are shown; `short` has none.
HEADINGS = {
    "steps": _("Steps"),
    "documents": _("Documents"),
    "cost": _("Cost"),
    "time": _("Time"),
    "where": _("Where"),
    "caution": _("Caution"),
    "if_it_goes_wrong": _("If it goes wrong"),
}
#: Said when somebody asks for a part of an answer that the entry does not have.
MISSING = {
    "steps": _("I have no steps on file for this."),
    "documents": _("I have no list of documents on file for this."),
    "cost": _("I have no price on file for this."),
    "time": _("I have nothing on file about how long this takes."),
    "where": _("I have no place on file for this."),
    "caution": _("I have no warning on file for this."),
    "if_it_goes_wrong": _("I have nothing on file for when this goes wrong."),
}


def tell(catalogue: Catalogue, entry: Entry, voice: Voice, *, today: date, community: str | None, part: str | None = None) -> str:
    """The words of an answer in a voice: all of it or, where `part` is given, that part under the entry's title."""
    return voice.each(lambda language: _tell(catalogue, entry, language, today, community, part))


def _tell(catalogue: Catalogue, entry: Entry, language: str, today: date, community: str | None, part: str | None) -> str:
    if part in HEADINGS:
        blocks = [_title(entry, language), _part(catalogue, entry, language, community, part) or translate(language, MISSING[part])]
        if not entry.answers[language].part(part):
            blocks.append(_part(catalogue, entry, language, community, "short"))
    else:
        blocks = [_part(catalogue, entry, language, community, name) for name in PARTS]
    return "\n\n".join(block for block in [*blocks, _source(entry, language, today)] if block)


def _title(entry: Entry, language: str) -> str:
    return entry.titles[language]


def _part(catalogue: Catalogue, entry: Entry, language: str, community: str | None, name: str) -> str:
    lines = catalogue.fill(entry.answers[language].part(name), community, language)
    if not lines or name == "short":
        return "\n".join(lines)
    if name == "steps":
        lines = tuple(f"{n}. {line}" for n, line in enumerate(lines, 1))
    elif name == "documents":
        lines = tuple(f"- {line}" for line in lines)
    heading = translate(language, HEADINGS[name])
    return "\n".join([f"{heading}:" if language == "en" else f"{heading}：", *lines])


def _source(entry: Entry, language: str, today: date) -> str:
    cited = [f"{source.titles[language]} {source.link}" if source.link else source.titles[language] for source in entry.sources]
    between = "; " if language == "en" else "；"
    lines = [translate(language, _("📄 Source: {sources}"), sources=between.join(cited))] if cited else []
    lines.append(translate(language, _("Checked on {day}."), day=day(entry.checked, language)))
    if entry.review_by < today:
        lines.append(
            translate(
                language, _("It was due for a new check on {day}: confirm it before you rely on it."), day=day(entry.review_by, language)
            )
        )
    return "\n".join(lines)
