"""How Linli says a thing to one person: in their language, in their script, or in both languages under a thin rule."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from babel.dates import format_date, format_timedelta
from opencc import OpenCC

from handlers import locales
from handlers.i18n import translate

#: Stands between the two languages of one message.
RULE = "\n\n———\n\n"


@cache
def _traditional() -> OpenCC:
    return OpenCC("s2t")


@dataclass(frozen=True, slots=True)
class Voice:
    """Says things in one locale of `handlers.locales`: `en`, `zh`, `zh-Hant` or both languages."""

    locale: str

    @property
    def languages(self) -> tuple[str, ...]:
        """The catalogues that are spoken from, the person's first: `("en",)`, `("zh",)` or `("en", "zh")`."""
        if self.locale == locales.BOTH:
            return ("en", "zh")
        return ("zh",) if self.locale.startswith("zh") else ("en",)

    @property
    def first(self) -> str:
        """The BCP 47 tag of what is read first."""
        return "en" if self.locale == locales.BOTH else self.locale

    @property
    def other(self) -> "Voice":
        """The voice of the other language: what one tap shows."""
        return Voice("en") if self.locale.startswith("zh") else Voice("zh")

    def each(self, make: Callable[[str], str]) -> str:
        """What `make(language)` gives for each language spoken, in the person's script, under one another."""
        return RULE.join(self.write(make(language)) for language in self.languages)

    def say(self, message: str, /, **values: object) -> str:
        """`message` of the catalogue in this voice; a value may be a function of the language, for words that have one themselves."""
        return self.each(lambda language: translate(language, message, **{k: v(language) if callable(v) else v for k, v in values.items()}))

    def label(self, message: str, /) -> str:
        """A button's words: one line, both languages side by side where both are spoken."""
        return " · ".join(self.write(translate(language, message)) for language in self.languages)

    def write(self, text: str) -> str:
        """`text` in the person's script: traditional characters for who writes them."""
        return str(_traditional().convert(text)) if self.locale == "zh-Hant" else text


def day(value: date, language: str) -> str:
    """`22 Nov 2026` or `2026年11月22日`."""
    return format_date(value, "d MMM y" if language == "en" else "y年M月d日", locale=language)


def weekday(value: date, language: str) -> str:
    """`Monday, 23 November` or `11月23日星期一`."""
    return format_date(value, "EEEE, d MMMM" if language == "en" else "M月d日EEEE", locale=language)


def duration(value: timedelta, language: str) -> str:
    """About how long: `25 minutes`, `3 小时`; never less than a minute."""
    words = format_timedelta(max(value, timedelta(minutes=1)), granularity="minute", threshold=1.3, locale=language, format="long")
    return re.sub(r"(?<=\d)(?=[^\W\d])", " ", words)
