"""A translator is an outside service that is off unless an operator sets one up; here is what it must do, and the one that does nothing."""

from typing import Protocol

from handlers.errors import LinliError


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


class NotTranslated(LinliError):
    """The translator did not answer well; nothing was sent."""

    sentence = _("The translation did not work. You can send your own words, or try again.")


class Translator(Protocol):
    """Turns a text into another language. `name` says who does it; it is kept beside what was made, and is empty for the one that cannot."""

    @property
    def name(self) -> str:
        """What is kept beside a translation."""

    async def translate(self, text: str, *, source: str | None, target: str) -> str:
        """The text in `target` (`en`, `zh`, `zh-Hant`, `ru` …), within a few seconds; `source` None lets the service find out.

        What stands between ⟦ and ⟧ must come back as it was. Raises `NotTranslated`.
        """

    async def close(self) -> None:
        """Let go of connections."""


class NoTranslator:
    """Translates nothing: workers then use the bilingual answers and the replies to use again."""

    name = ""

    async def translate(self, text: str, *, source: str | None, target: str) -> str:  # noqa: ARG002  (the protocol's form)
        """Raises `NotTranslated`."""
        raise NotTranslated

    async def close(self) -> None:
        """There is nothing to let go of."""
