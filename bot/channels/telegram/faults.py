"""What Telegram's refusals mean for a delivery."""

from telegram import error

from bot.channels.telegram.request import TooMany
from handlers.errors import DeliveryError, RetryAfter, Unreachable

#: Refusals (in small letters) after which no further try can help.
_HOPELESS = (
    "chat not found", "user is deactivated", "peer_id_invalid", "not enough rights to send", "chat_write_forbidden", "need administrator",
    "have no rights to send", "user not found",
)  # fmt: skip


class Moved(DeliveryError):
    """The chat has a new id."""

    def __init__(self, new: str) -> None:
        super().__init__("The chat has a new id.")
        self.new = new


class WrongAudience(Unreachable):
    """This reply is not meant for that many eyes. It was not sent."""


def says(fault: error.TelegramError, *words: str) -> bool:
    """Whether a refusal contains one of these words."""
    return any(word in fault.message.lower() for word in words)


def delivery_error(fault: error.TelegramError) -> DeliveryError:
    """A refusal in our own words."""
    match fault:
        case TooMany():
            return RetryAfter(fault.seconds)
        case error.ChatMigrated():
            return Moved(str(fault.new_chat_id))
        case error.Forbidden():
            return Unreachable(fault.message)
        case error.BadRequest() if says(fault, *_HOPELESS):
            return Unreachable(fault.message)
        case error.InvalidToken():
            return DeliveryError("Telegram does not accept the bot's token.")
    return DeliveryError(fault.message)
