"""The HTTP under python-telegram-bot: aiohttp, which costs a fifth of the CPU of the library's own httpx.

No error that leaves this file carries an address, because the token is part of every address.
"""

import json
from typing import Any, cast

import aiohttp
from telegram import error
from telegram.request import BaseRequest, RequestData

#: Connections to the Bot API at once; one is held by the long poll.
POOL = 64
#: Seconds: to get a connection of the pool, to connect, to send, to wait for an answer.
POOL_S, CONNECT_S, WRITE_S, READ_S = 5.0, 10.0, 30.0, 20.0


TOO_MANY = 429


class TooMany(error.TelegramError):
    """Telegram asks to wait. (The library's own error for this warns, when it is made, of a type that it will have one day.)"""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Telegram asks to wait {seconds:g} seconds.")
        self.seconds = seconds


class AiohttpRequest(BaseRequest):
    """One session for a bot's calls, opened by `initialize` and closed by `shutdown`, both harmless when repeated."""

    __slots__ = ("_session",)

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds that an answer may take."""
        return READ_S

    async def initialize(self) -> None:
        """Open the session."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=POOL, keepalive_timeout=60), headers={"User-Agent": "linli"}, trust_env=True
            )

    async def shutdown(self) -> None:
        """Close it."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call. Raises `TimedOut` or `NetworkError`, never anything with the address in it."""
        if self._session is None:
            raise error.NetworkError("the session is closed")
        connect = _given(connect_timeout, CONNECT_S)
        timeout = aiohttp.ClientTimeout(
            total=None,
            connect=_given(pool_timeout, POOL_S) + connect,
            sock_connect=connect,
            sock_read=_given(read_timeout, READ_S) + _given(write_timeout, 0.0),
        )
        try:
            async with self._session.request(method, url, data=_body(request_data), timeout=timeout) as response:
                body = await response.read()
                if response.status == TOO_MANY:
                    raise TooMany(_seconds(body))
                return response.status, body
        except TimeoutError:
            raise error.TimedOut from None
        except (aiohttp.ClientError, OSError, ValueError) as fault:
            raise error.NetworkError(type(fault).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as JSON. Raises `TelegramError` for anything that is no answer of the Bot API; what it was is not logged."""
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or not ({"result", "description"} & answer.keys()):
            raise error.NetworkError("the server's answer is not the Bot API's") from None
        return cast("dict[str, Any]", answer)


def _seconds(body: bytes) -> float:
    """How long a refusal asks to wait; a second where it does not say."""
    try:
        return float(json.loads(body)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        return 1.0


def _given(value: Any, default: float) -> float:
    return default if value is BaseRequest.DEFAULT_NONE or value is None else float(value)


def _body(data: RequestData | None) -> aiohttp.FormData | dict[str, str] | None:
    if data is None:
        return None
    if not data.contains_files:
        return data.json_parameters
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=mime)
    return form
