"""An entry as a table for the terminal: the English half on the left, the Chinese one on the right, part beside part."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from faq import form
from faq.catalogue import Catalogue
from faq.entry import LOCALES, PARTS, Entry


def sheet(catalogue: Catalogue, entry: Entry, community: str | None = None) -> RenderableType:
    """The entry in full; with `community` the placeholders are filled as its residents read them."""
    table = Table(expand=True, show_lines=True, title=f"{entry.id} · {entry.topic}", title_justify="left")
    for locale in LOCALES:
        table.add_column(Text(entry.titles[locale]), ratio=1, overflow="fold")
    for part in PARTS:
        if any(entry.answers[locale].part(part) for locale in LOCALES):
            table.add_row(*(_cell(catalogue, entry, locale, part, community) for locale in LOCALES))
    table.add_row(*(Text("\n".join(_source(source.titles[locale], source.link) for source in entry.sources)) for locale in LOCALES))
    table.add_row(*(Text("\n".join(f"– {text}" for text in entry.questions[locale]), style="dim") for locale in LOCALES))
    head = Text(f"{entry.checked} → {entry.review_by} · {', '.join(entry.facts)} · {', '.join(entry.related)}", style="dim")
    return Group(table, head)


def _cell(catalogue: Catalogue, entry: Entry, locale: str, part: str, community: str | None) -> Text:
    lines = entry.answers[locale].part(part)
    if community is not None:
        lines = catalogue.fill(lines, community, locale)
    if part == "short":
        return Text("\n".join(lines), style="bold")
    if part == "steps":
        lines = tuple(f"{number}. {line}" for number, line in enumerate(lines, start=1))
    return Text.assemble((form.PART_HEADINGS[part][locale], "underline"), "\n", "\n".join(lines))


def _source(title: str, link: str | None) -> str:
    return f"{title} {link}" if link else title
