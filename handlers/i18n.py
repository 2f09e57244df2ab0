"""Words for people, from the gettext catalogues in `handlers/locale`.

The catalogues are read as `.po` files: what a translator edits is what serves, and no compile step can be forgotten.
"""

import gettext
import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE_DIR = Path(__file__).parent / "locale"


class Untranslated(LookupError):
    """A message has no words in a language. Raised in the tests only; a resident gets the English words."""


class Strictness:
    """Whether a missing translation raises. The tests switch it on; nothing else does."""

    on = False


@cache
def catalogue(locale: str) -> gettext.GNUTranslations:
    """The catalogue of `en` or `zh`, compiled in memory from its `.po` file."""
    with (LOCALE_DIR / locale / "LC_MESSAGES" / "linli.po").open("rb") as file:
        messages = read_po(file, locale=locale)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translate(locale: str, message: str, /, **values: object) -> str:
    """`message` (English, as it stands in the code) in `en` or `zh`, its `{placeholders}` filled with `values`."""
    words = catalogue(locale).gettext(message)
    if Strictness.on and message not in catalogue(locale)._catalog:  # type: ignore[attr-defined]  # typeshed hides the table of messages
        raise Untranslated(f"{locale}: {message!r}")
    return words.format(**values) if values else words
