"""What can go wrong in a use-case. Each docstring is the plain sentence; a channel turns it into words in the person's language."""

from storage.errors import StorageError

#: The memory says no and nothing was kept: a front end answers "try again" and may not know which memory it is.
Unavailable = StorageError


class LinliError(Exception):
    """Something did not work. Nothing was lost."""


class NotFound(LinliError):
    """That does not exist, or you may not see it."""


class NotAllowed(LinliError):
    """Your role does not allow this."""


class TicketTaken(LinliError):
    """Somebody else has this ticket."""

    def __init__(self, number: int, holder: str) -> None:
        super().__init__(f"Ticket {number} is with {holder}.")
        self.number = number
        self.holder = holder


class TicketClosed(LinliError):
    """This ticket is closed. Reopen it first."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Ticket {number} is closed.")
        self.number = number


class LinkSpent(LinliError):
    """This sign-in link was used already or is too old. Ask for a new one."""


class EmptyMessage(LinliError):
    """There is nothing in this message."""


class DeliveryError(LinliError):
    """A channel could not send a reply; sending it again later may work."""


class RetryAfter(DeliveryError):
    """The platform asks to wait before the next message to this chat."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The platform asks to wait {seconds:g} seconds.")
        self.seconds = seconds


class WindowClosed(DeliveryError):
    """The platform allows no more messages until the person writes again; the reply is kept until then."""


class Unreachable(DeliveryError):
    """The person has blocked Linli or left the chat; the reply cannot be delivered."""
