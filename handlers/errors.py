"""What can go wrong in a use-case, each with its plain sentence; a channel shows it in the person's language."""

from typing import ClassVar

from handlers.i18n import translate
from storage.errors import StorageError

#: The memory says no and nothing was kept: a front end answers "try again" and may not know which memory it is.
Unavailable = StorageError


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


class LinliError(Exception):
    """Something did not work. Nothing was lost."""

    sentence: ClassVar[str] = _("Something did not work. Nothing was lost.")

    def told(self, language: str) -> str:
        """The sentence in `en` or `zh`, filled with what is known of the case."""
        return translate(language, self.sentence, **vars(self))


class NotFound(LinliError):
    """That does not exist, or you may not see it."""

    sentence = _("That does not exist, or you may not see it.")


class NotAllowed(LinliError):
    """Your role does not allow this."""

    sentence = _("Your role does not allow this.")


class TicketTaken(LinliError):
    """Somebody else has this ticket."""

    sentence = _("Ticket {number} is with {holder}.")

    def __init__(self, number: int, holder: str) -> None:
        super().__init__(f"Ticket {number} is with {holder}.")
        self.number = number
        self.holder = holder


class TicketClosed(LinliError):
    """This ticket is closed. Reopen it first."""

    sentence = _("Ticket {number} is closed. Open it again first.")

    def __init__(self, number: int) -> None:
        super().__init__(f"Ticket {number} is closed.")
        self.number = number


class LinkSpent(LinliError):
    """This sign-in link was used already or is too old. Ask for a new one."""

    sentence = _("This sign-in link was used already or is too old. Ask for a new one.")


class NameTaken(LinliError):
    """Somebody of this name is with the desk already."""

    sentence = _("{name} is with the desk already. Choose another name.")

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class AlreadySaid(LinliError):
    """It was sent already and cannot be taken back."""

    sentence = _("It was sent already and cannot be taken back.")


class NotTheSame(LinliError):
    """Only open tickets of one person can become one."""

    sentence = _("Only open tickets of one person can become one.")


class EmptyMessage(LinliError):
    """There is nothing in this message."""

    sentence = _("There is nothing to send yet.")


class DeliveryError(LinliError):
    """A channel could not send a reply; sending it again later may work."""


class RetryAfter(DeliveryError):
    """The platform asks to wait before the next message to this chat."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The platform asks to wait {seconds:g} seconds.")
        self.seconds = seconds


class MaybeSent(DeliveryError):
    """Nobody can tell whether the reply arrived: the platform took it perhaps and did not say so."""


class WindowClosed(DeliveryError):
    """The platform allows no more messages until the person writes again; the reply is kept until then."""


class Unreachable(DeliveryError):
    """The person has blocked Linli or left the chat; the reply cannot be delivered."""
