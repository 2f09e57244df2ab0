"""The web chat: a page, and the HTTP routes that it and programs use. Nothing is pushed: what was said is read from memory as it comes."""

from handlers.messages import Reply

NAME = "web"


class WebChat:
    """The channel. A reply is delivered once it is kept: the page's stream finds it there, now or when it is opened again."""

    name = NAME

    async def send(self, reply: Reply) -> str:  # noqa: ARG002 - the protocol's name for it
        """Nothing to do: see the class."""
        return ""
