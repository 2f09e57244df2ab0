"""The numbers as files that an office opens: CSV, and a workbook with a page for each way to tell them apart."""

import csv
import io
from collections.abc import Iterator
from datetime import date

import xlsxwriter

from handlers.desk import Desk
from handlers.i18n import translate
from handlers.resident.commands import TOPICS
from handlers.staff.reports import By, Line, Measure, Report, Said


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


COLUMNS: dict[str, str] = {
    Said.answers: _("answered by the bot"),
    Said.helped: _("said to have helped"),
    Said.wrong: _("said to be wrong"),
    Measure.opened: _("tickets"),
    Measure.urgent: _("urgent"),
    Measure.unhelpful: _("after an answer that did not help"),
    Measure.unmatched: _("no answer on file"),
    Measure.answered: _("answered by a person"),
    Measure.answered_in_time: _("first answer in time"),
    Measure.within_hour: _("within an hour"),
    Measure.within_4_hours: _("within 4 hours"),
    Measure.within_day: _("within 24 hours"),
    Measure.closed: _("closed"),
    Measure.closed_in_time: _("closed in time"),
    Measure.open: _("still open"),
    Measure.rated: _("rated"),
    Measure.rated_well: _("rated 4 or 5"),
}
HEADS = {By.community: _("community"), By.topic: _("topic"), By.language: _("language"), By.week: _("week from")}
LANGUAGES = {"en": _("English"), "zh": _("Chinese")}


def label(desk: Desk, by: By, key: str | date | None, language: str) -> str:
    """What a line is about, in words."""
    if key is None:
        return translate(language, _("not known"))
    if isinstance(key, date):
        return key.isoformat()
    if by is By.community:
        profile = desk.faq.catalogue.profile(key)
        return (profile.value("community.name", language) if profile else None) or key
    words = {By.topic: TOPICS, By.language: LANGUAGES}.get(by, {}).get(key)
    return translate(language, words) if words else key


def as_csv(desk: Desk, report: Report, language: str) -> bytes:
    """One table of all lines, in UTF-8 with the mark by which office programs know it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([translate(language, _("by")), "", *(translate(language, words) for words in COLUMNS.values())])
    for by, line in _all(report):
        name = translate(language, HEADS[by]) if by else translate(language, _("all"))
        writer.writerow([name, harmless(label(desk, by, line.key, language)) if by else "", *_cells(line)])
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(desk: Desk, report: Report, language: str) -> bytes:
    """A workbook: all, then a page each by community, topic, language and week."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        heads = [translate(language, words) for words in COLUMNS.values()]
        for by in (None, *By):
            title = translate(language, HEADS[by]) if by else translate(language, _("all"))
            sheet = book.add_worksheet(title[:31])
            sheet.write_row(0, 0, [title, *heads], bold)
            lines = report.by[by] if by else (report.total,)
            for place, line in enumerate(lines, 1):
                name = label(desk, by, line.key, language) if by else f"{report.period.first} – {report.period.last}"
                sheet.write_row(place, 0, [name, *_cells(line)])
            sheet.freeze_panes(1, 1)
            sheet.set_column(0, 0, 24)
            sheet.set_column(1, len(heads), 12)
    return file.getvalue()


def harmless(words: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{words}" if words[:1] in {"=", "+", "-", "@", "\t", "\r"} else words


def _all(report: Report) -> Iterator[tuple[By | None, Line]]:
    yield None, report.total
    for by, lines in report.by.items():
        for line in lines:
            yield by, line


def _cells(line: Line) -> list[int]:
    return [line.counts[name] for name in COLUMNS]
