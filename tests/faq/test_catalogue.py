"""The catalogue serves what is good in a folder, and a reload never takes a good answer away."""

import shutil
from pathlib import Path

import pytest

from faq.catalogue import Live, load
from tests.faq.samples import GLOSSARY, LATE, LIBRARY, PROFILE, path_of, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "faq")


def test_a_folder_is_read_with_all_that_belongs_to_it(folder: Path) -> None:
    loaded = load(folder)
    catalogue = loaded.catalogue
    assert loaded.faults == ()
    assert catalogue.order == tuple(catalogue.entries) == ("library-card", "library-late")
    assert catalogue.topics == {"library": ("library-card", "library-late")}
    assert catalogue.glossary["护照"].also == ("travel document",)
    assert catalogue.facts["LIB-002"].caution == "Confirm the number at the desk."
    assert catalogue.facts["LIB-002"].links == ()
    assert catalogue.none == ("what is the weather like", "今天天气怎么样")
    assert catalogue.communities["sample"].note == "invented"


def test_an_empty_folder_is_a_fault_and_not_a_crash(tmp_path: Path) -> None:
    assert [found.code for found in load(tmp_path / "nowhere").faults] == ["folder_missing"]


def test_a_broken_file_is_left_out_while_the_others_serve(folder: Path) -> None:
    path_of("library-card", folder).write_text("# library-card\n", encoding="utf-8")
    loaded = load(folder)
    assert loaded.catalogue.order == ("library-late",)
    assert {found.path.name for found in loaded.faults} == {"library-card.md"}


def test_the_version_depends_on_the_content_alone(folder: Path, tmp_path: Path) -> None:
    before = load(folder).catalogue.version
    shutil.copytree(folder, tmp_path / "copy")
    assert load(tmp_path / "copy").catalogue.version == before
    path_of("library-card", folder).write_text(LIBRARY.replace("1,200", "1,300"), encoding="utf-8")
    assert load(folder).catalogue.version != before


def test_a_text_editors_second_ending_is_understood_and_named(folder: Path) -> None:
    path = path_of("library-card", folder)
    path.rename(path.with_name("library-card.md.txt"))
    loaded = load(folder)
    assert "library-card" in loaded.catalogue.entries
    assert [found.code for found in loaded.faults] == ["file_name"]


def test_other_files_among_the_entries_are_named_and_hidden_ones_are_not(folder: Path) -> None:
    for name in ("library-x.docx", ".library-card.md.swp", "~$library.md", "检查结果-check.txt"):
        path_of("library-card", folder).with_name(name).write_text("x")
    assert [(found.code, found.path.name) for found in load(folder).faults] == [("file_ignored", "library-x.docx")]


def test_an_id_that_is_taken_is_told_with_the_other_file(folder: Path) -> None:
    other = folder / "entries" / "market" / "library-card.md"
    other.parent.mkdir()
    other.write_text(LIBRARY.replace("Topic: library", "Topic: market"), encoding="utf-8")
    loaded = load(folder)
    assert [found.code for found in loaded.faults] == ["id_taken"]
    assert "entries/library/library-card.md" in loaded.faults[0].en
    assert loaded.catalogue.entries["library-card"].topic == "library"


def test_unchanged_files_are_not_parsed_again(folder: Path) -> None:
    first = load(folder)
    path_of("library-card", folder).write_text(LIBRARY.replace("1,200", "1,300"), encoding="utf-8")
    second = load(folder, first)
    late, card = path_of("library-late", folder), path_of("library-card", folder)
    assert second.documents[late] is first.documents[late]
    assert second.documents[card] is not first.documents[card]
    assert second.supplements.facts is first.supplements.facts


def test_a_change_serves_after_a_reload(folder: Path) -> None:
    live = Live(folder)
    path_of("library-card", folder).write_text(LIBRARY.replace("Getting a library card", "Joining"), encoding="utf-8")
    assert live.reload() == ()
    assert live.catalogue.entries["library-card"].titles["en"] == "Joining"


def test_the_last_good_version_serves_until_a_broken_file_is_mended(folder: Path) -> None:
    live = Live(folder)
    good = live.catalogue.entries["library-card"]
    path_of("library-card", folder).write_text(LIBRARY.replace("### Steps", "### Stepz"), encoding="utf-8")
    assert {found.code for found in live.reload()} == {"heading_unknown", "part_missing"}
    assert live.reload() == ()
    assert live.catalogue.entries["library-card"] == good
    path_of("library-late", folder).write_text(LATE.replace("1,200", "1,300"), encoding="utf-8")
    live.reload()
    assert live.catalogue.entries["library-card"] == good
    path_of("library-card", folder).write_text(LIBRARY.replace("1,200", "1,400"), encoding="utf-8")
    assert live.reload() == ()
    assert live.catalogue.entries["library-card"] != good


def test_a_removed_entry_stops_serving(folder: Path) -> None:
    live = Live(folder)
    path_of("library-late", folder).unlink()
    live.reload()
    assert live.catalogue.order == ("library-card",)


def test_a_folder_that_is_gone_for_a_moment_keeps_serving(folder: Path, tmp_path: Path) -> None:
    live = Live(folder)
    before = live.catalogue
    folder.rename(tmp_path / "away")
    assert [found.code for found in live.reload()] == ["folder_missing"]
    assert live.catalogue is before
    (tmp_path / "away").rename(folder)
    assert live.reload() == ()
    assert live.catalogue == before
    assert live.loaded.faults == ()


def test_a_broken_glossary_keeps_its_last_good_content(folder: Path) -> None:
    live = Live(folder)
    (folder / "glossary.md").write_text(GLOSSARY + "- 服务台 desk\n", encoding="utf-8")
    (folder / "communities" / "sample.md").write_text(PROFILE + "Station fone: 1\n", encoding="utf-8")
    assert {found.code for found in live.reload()} == {"glossary_line", "profile_line"}
    assert "护照" in live.catalogue.glossary
    assert live.catalogue.communities["sample"].value("station.phone", "en") == "0571-0000 0000"


def test_broken_supplements_never_stop_the_entries(folder: Path) -> None:
    for name in ("facts.md", "glossary.md", "none.txt"):
        (folder / name).write_bytes(b"\xff\x00\x81")
    loaded = load(folder)
    assert loaded.catalogue.order == ("library-card", "library-late")
    assert {found.code for found in loaded.faults} == {"encoding_unknown"}
