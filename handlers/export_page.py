"""What is held about a person as one page that stands alone: no foreign file, no script, readable on a phone and on paper."""

import base64
import hashlib
import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path

from babel.dates import format_datetime, get_timezone
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from handlers.export import Export
from handlers.i18n import translate

#: Times are shown as the community's clocks show them.
ZONE = get_timezone("Asia/Shanghai")


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


WORDS = {
    "title": _("Everything held about you"),
    "made": _("Made on {at}. It holds what Linli keeps about you, and nothing about anybody else."),
    "json": _("The same as a file for programs"),
    "person": _("You"),
    "alias": _("Called in lists"),
    "name": _("Name"),
    "language": _("Language you chose"),
    "community": _("Community"),
    "since": _("Known since"),
    "told": _("Told about privacy"),
    "known_by": _("How you are known"),
    "nothing": _("nothing"),
    "tickets": _("Tickets"),
    "ticket": _("Ticket {number}"),
    "asked": _("Asked"),
    "status": _("State"),
    "with": _("With"),
    "opened": _("Opened"),
    "answered": _("First answer"),
    "closed": _("Closed"),
    "rating": _("Your rating"),
    "talks": _("What was said"),
    "you": _("You said"),
    "linli": _("Linli said"),
    "button": _("a button"),
    "file": _("file"),
    "words_gone": _("these words are no longer kept"),
    "seen": _("Who looked at it"),
    "notes": _("Workers have also written {count} notes for each other. They may speak of other people; ask the station about them."),
    "operator": _("the operator"),
    "rights": _("Something is wrong? Tell us and we correct it. To delete everything, write /forget where you chat with Linli."),
}
#: States and looks in the reader's words.
STATES = {
    "open": _("waiting for a person"),
    "assigned": _("a person has it"),
    "waiting": _("answered"),
    "snoozed": _("put aside for a while"),
    "closed": _("closed"),
    "ticket_seen": _("read ticket {number}"),
    "resident_seen": _("read your page"),
    "resident_exported": _("took a copy for you"),
}


def page(export: Export, language: str) -> str:
    """The page in `en` or `zh`."""

    def say(name: str, **values: object) -> str:
        return translate(language, WORDS[name], **values)

    def state(name: str, **values: object) -> str:
        return translate(language, STATES[name], **values) if name in STATES else name

    def at(moment: str | None) -> str:
        if moment is None:
            return "–"
        form = "d MMM y, HH:mm" if language == "en" else "y年M月d日 HH:mm"
        return format_datetime(datetime.fromisoformat(moment), form, tzinfo=ZONE, locale=language)

    return _template().render(
        export=export, say=say, state=state, at=at, lang="zh-Hans" if language == "zh" else language, language=language, file=_file(export)
    )


def style_source(html: str) -> str:
    """What a Content-Security-Policy names to allow this page's own style and nothing else."""
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = hashlib.sha256(style[1].encode() if style else b"").digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _file(export: Export) -> Markup:
    """The same for programs, inside the page: a link that was spent cannot be asked again."""
    text = json.dumps(export, ensure_ascii=False, indent=1)
    return Markup("data:application/json;base64,") + base64.b64encode(text.encode()).decode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("export.html")
