"""What a button carries: at most 64 bytes, as Telegram allows, `verb:argument`; `@` becomes the number of the reply it stands under."""

from handlers.messages import Choice
from handlers.voice import Voice

ENTRY = "e"  #: show this entry
OTHER_LANGUAGE = "l"  #: the same reply in the other language
HELPED = "y"  #: the answer helped
UNHELPFUL = "n"  #: the answer did not help: a person, please
NONE_FITS = "x"  #: none of the suggestions fits
HUMAN = "h"  #: a person, please
WITHDRAW = "w"  #: withdraw this ticket
REOPEN = "o"  #: reopen this ticket
RATE = "r"  #: ticket and 1–5
LANGUAGE = "s"  #: speak this language with me from now on

TOPIC = "t"  #: what do you know about this topic
COMMUNITY = "c"  #: I live in this community
UNDERSTOOD = "k"  #: I have read this version of the privacy notice
MY_DATA = "d"  #: give me everything held about me
FORGET = "f"  #: delete it: `ask`, `yes` or `no`
ORIGINAL = "a"  #: what the worker wrote before it was translated
IN_PRIVATE = "p"  #: go on in the private chat; a channel makes a link of it that opens that chat with the argument


def payload(verb: str, argument: object = "") -> str:
    """`verb:argument`."""
    return f"{verb}:{argument}"


def parse(text: str) -> tuple[str, str]:
    """The verb and the argument of a payload; the argument may be empty."""
    verb, _, argument = text.partition(":")
    return verb, argument


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


def human(voice: Voice) -> Choice:
    """The button that is always there."""
    return Choice(voice.label(_("Talk to a person")), payload(HUMAN, "@"))


def other_language(voice: Voice) -> tuple[Choice, ...]:
    """The button that shows the reply in the other language; none where both are shown already."""
    if len(voice.languages) > 1:
        return ()
    return (Choice("English" if voice.other.locale == "en" else "中文", payload(OTHER_LANGUAGE, "@")),)


def original(voice: Voice) -> tuple[Choice, ...]:
    """The button that shows what the worker wrote."""
    return (Choice(voice.label(_("Show the original")), payload(ORIGINAL, "@")),)
