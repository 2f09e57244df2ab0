"""Every column is accounted for, in both languages, and the published map is the one that the tables give."""

import pytest

from handlers import data_map
from handlers.policy import Policy
from storage import outline


def test_every_column_is_described() -> None:
    assert data_map.faults() == [], "describe it in handlers/data_map.toml, then run python -m handlers.data_map"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_published_map_is_up_to_date(language: str) -> None:
    published = (data_map.DOCS / language / "data-map.md").read_text(encoding="utf-8")
    assert published == data_map.render(language, Policy()), "run python -m handlers.data_map"


def test_a_column_without_an_entry_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    known = outline.columns()
    monkeypatch.setattr(outline, "columns", lambda: {**known, "residents": (*known["residents"], "blood_type")})
    assert "residents.blood_type is not described" in data_map.faults()
