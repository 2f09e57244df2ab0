"""All entries as plain values for other programs (`linli faq export --json`)."""

from typing import Any

from faq.catalogue import Catalogue
from faq.entry import LOCALES, PARTS, Entry


def export(catalogue: Catalogue) -> list[dict[str, Any]]:
    """The entries in the catalogue's order; dates as ISO text, a part that an answer does not have is left out."""
    return [_entry(catalogue.entries[entry_id]) for entry_id in catalogue.order]


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "topic": entry.topic,
        "title": dict(entry.titles),
        "questions": {locale: list(entry.questions[locale]) for locale in LOCALES},
        "answer": {locale: {part: list(lines) for part in PARTS if (lines := entry.answers[locale].part(part))} for locale in LOCALES},
        "facts": list(entry.facts),
        "sources": [{"title": dict(source.titles), "link": source.link} for source in entry.sources],
        "checked": entry.checked.isoformat(),
        "review_by": entry.review_by.isoformat(),
        "related": list(entry.related),
    }
