"""An admin keeps the FAQ in the console: checked, saved whole or not at all, never over somebody else's work."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from faq import folder
from faq.knowledge import Knowledge
from handlers.desk import Desk
from handlers.errors import NotAllowed, NotFound
from handlers.staff import drafts, keeping, queue, reply
from handlers.staff.keeping import FolderClosed, NotAName, SavedMeanwhile, Sheet
from storage import Storage
from storage.workers import Role, Worker
from tests.desks import CATALOGUE, Clock, Person, hire, open_desk
from tests.faq.samples import LIBRARY, path_of, write

REPORT = "检查结果-check.txt"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A clean FAQ of two entries."""
    faq = write(tmp_path / "faq")
    for entry_id in ("library-card", "library-late"):
        path = path_of(entry_id, faq)
        english = "\n".join(f"- {entry_id} asked in way {number}" for number in range(14))
        chinese = "\n".join(f"- {entry_id} 的第 {number} 种问法" for number in range(14))
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("\n\n## 问题", f"\n{english}\n\n## 问题") + f"{chinese}\n", encoding="utf-8")
    return faq


@pytest.fixture
async def desk(sqlite_storage: Storage, clock: Clock) -> Desk:
    """On SQLite alone: here it is the folder that matters. The day is after the one on which the sample was checked."""
    clock.pass_(days=280)
    return await open_desk(sqlite_storage, clock)


@pytest.fixture
async def library(desk: Desk, root: Path) -> Desk:
    return replace(desk, faq=Knowledge(root))


@pytest.fixture
async def admin(desk: Desk) -> Worker:
    return await hire(desk, "Gao Min", Role.admin)


async def test_an_admin_changes_an_answer_and_it_serves_at_once(library: Desk, admin: Worker) -> None:
    sheet = await keeping.take(library, admin.id, "library-card")
    saved = await keeping.save(library, admin.id, replace(sheet, text=sheet.text.replace("Bring your passport", "Take your passport")))
    assert saved.faults == ()
    entry = library.faq.entry("library-card")
    assert entry is not None
    assert entry.answers["en"].short[0].startswith("Take your passport")
    (change,) = await keeping.history(library, admin.id, "library-card")
    assert (change.who, change.what, change.at) == ("Gao Min", "entry_changed", library.now())
    assert [line[:20] for line in change.lines] == ["-Bring your passport", "+Take your passport "]


async def test_a_broken_text_is_refused_with_its_line_and_the_good_one_stays(library: Desk, admin: Worker, root: Path) -> None:
    sheet = await keeping.take(library, admin.id, "library-card")
    found = await keeping.save(library, admin.id, replace(sheet, text=sheet.text.replace("### Steps", "### Stepz")))
    assert found.wrong == 2
    (fault,) = [one for one in found.faults if one.code == "heading_unknown"]
    assert (fault.line, fault.en, fault.zh) == (
        13,
        "“Stepz” is not a heading that an entry has.",
        "条目里没有“Stepz”这个标题。",
    )
    assert path_of("library-card", root).read_text(encoding="utf-8") == sheet.text
    assert "Nothing is wrong." in (root / "entries" / REPORT).read_text(encoding="utf-8-sig")
    assert await keeping.history(library, admin.id, "library-card") == []


async def test_a_check_shows_both_halves_as_residents_read_them_and_keeps_nothing(library: Desk, admin: Worker, root: Path) -> None:
    sheet = await keeping.take(library, admin.id, "library-card")
    found = await keeping.check(library, admin.id, replace(sheet, text=sheet.text.replace("One photo", "Two photos")))
    assert "- Two photos" in found.halves["en"]
    assert "1. 到磨坊巷服务台填表。" in found.halves["zh"]
    assert found.titles["zh"] == "怎么办借书证"
    assert "One photo" in path_of("library-card", root).read_text(encoding="utf-8")


async def test_who_comes_second_is_told_and_nothing_is_overwritten(library: Desk, admin: Worker) -> None:
    mine = await keeping.take(library, admin.id, "library-card")
    await keeping.save(library, admin.id, replace(mine, text=mine.text.replace("One photo", "A photo")))
    with pytest.raises(SavedMeanwhile):
        await keeping.save(library, admin.id, replace(mine, text=mine.text.replace("One photo", "1 photo")))
    theirs = await keeping.theirs(library, admin.id, mine)
    assert "A photo" in theirs.text
    await keeping.save(library, admin.id, replace(mine, text=mine.text.replace("One photo", "Your photo"), base=theirs.base))
    assert "Your photo" in (await keeping.take(library, admin.id, "library-card")).text


async def test_a_new_entry_begins_with_hints_and_must_be_filled_in(library: Desk, admin: Worker) -> None:
    sheet = await keeping.begin(library, admin.id, "library", "library-hours")
    assert sheet.base == ""
    assert (await keeping.save(library, admin.id, sheet)).wrong > 0
    text = (await keeping.take(library, admin.id, "library-late")).text
    filled = text.replace("library-late", "library-hours").replace("my book is overdue", "when open").replace("书过期了", "几点开门")
    filled = filled.replace("forgot to return a book", "hours of the library").replace("忘了还书", "开放时间")
    assert (await keeping.save(library, admin.id, replace(sheet, text=filled))).faults == ()
    assert library.faq.entry("library-hours") is not None
    (change,) = await keeping.history(library, admin.id, "library-hours")
    assert (change.what, change.lines) == ("entry_added", ())


@pytest.mark.parametrize("name", ["../../evil", "Library", "a/b", "", "借书", "a" * 90])
async def test_no_name_leads_out_of_the_folder(library: Desk, admin: Worker, name: str) -> None:
    for topic, entry_id in ((name, "fine"), ("fine", name)):
        with pytest.raises(NotAName):
            await keeping.save(library, admin.id, Sheet(topic, entry_id, LIBRARY, ""))


@pytest.mark.parametrize("role", [Role.worker, Role.supervisor])
async def test_only_an_admin_keeps_the_faq(library: Desk, role: Role) -> None:
    other = await hire(library, "Wang Lei", role)
    sheet = Sheet("library", "library-card", LIBRARY, "")
    for act in (
        keeping.shelf(library, other.id),
        keeping.take(library, other.id, "library-card"),
        keeping.begin(library, other.id, "a", "b"),
        keeping.check(library, other.id, sheet),
        keeping.save(library, other.id, sheet),
        keeping.theirs(library, other.id, sheet),
        keeping.history(library, other.id, "library-card"),
        drafts.take(library, other.id, "ticket-1"),
        drafts.keep(library, other.id, "ticket-1", sheet),
        drafts.accept(library, other.id, "ticket-1", sheet),
        drafts.discard(library, other.id, "ticket-1"),
    ):
        with pytest.raises(NotAllowed):
            await act


async def test_a_folder_that_cannot_be_written_is_told(library: Desk, admin: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space")

    sheet = await keeping.take(library, admin.id, "library-card")
    monkeypatch.setattr(folder, "write", full)
    with pytest.raises(FolderClosed):
        await keeping.save(library, admin.id, sheet)


async def test_a_file_of_an_office_computer_is_read_and_saved_as_plain_text(library: Desk, admin: Worker, root: Path) -> None:
    path = path_of("library-card", root)
    path.write_bytes(path.read_text(encoding="utf-8").replace("\n", "\r\n").encode("gbk"))
    library.faq.reload()
    sheet = await keeping.take(library, admin.id, "library-card")
    assert "怎么办借书证" in sheet.text
    await keeping.save(library, admin.id, replace(sheet, text=sheet.text.replace("One photo", "A photo")))
    saved = path.read_bytes()
    assert b"\r" not in saved
    assert "怎么办借书证" in saved.decode("utf-8")


async def test_the_shelf_shows_entries_broken_files_and_faults(library: Desk, admin: Worker, root: Path) -> None:
    path_of("library-late", root).write_text("# library-late\n", encoding="utf-8")
    library.faq.reload()
    shelf = await keeping.shelf(library, admin.id)
    assert [entry.id for entry in shelf.topics["library"]] == ["library-card", "library-late"]
    assert shelf.broken == ["library-late"]
    assert shelf.faults
    assert (await keeping.take(library, admin.id, "library-late")).text == "# library-late\n"


async def answered(desk: Desk, ana: Person, words: str, question: str = "Where can I get my piano tuned?") -> int:
    """The number of a ticket that a worker has answered in these words."""
    chen = await hire(desk)
    receipt = await ana.say(question)
    rows = await queue.waiting(desk, chen.id)
    ticket = next(row.ticket for row in rows if row.ticket.number == receipt.ticket)
    await reply.reply(desk, chen.id, ticket.id, words)
    return ticket.number


@pytest.fixture
async def open_desk_with_drafts(desk: Desk, tmp_path: Path) -> Desk:
    return replace(desk, faq=Knowledge(Path(shutil.copytree(CATALOGUE, tmp_path / "small"))))


async def test_a_workers_answer_becomes_a_draft_without_anybody_in_it(open_desk_with_drafts: Desk, clock: Clock) -> None:
    desk = open_desk_with_drafts
    ana = Person(desk, name="Anastasia")
    number = await answered(
        desk,
        ana,
        "Mr Li tunes pianos, 300 yuan. Ring 138 1234 5678.\n李师傅会调琴，300 元。Anastasia, ask for him. Chen Yuyu",
        "I am Anastasia, passport E12345678, where can I get my piano tuned?",
    )
    worker = await hire(desk, "Wang Lei")
    name = await drafts.make(desk, worker.id, [number])
    assert await drafts.make(desk, worker.id, [number]) == name
    admin = await hire(desk, "Gao Min", Role.admin)
    draft = await drafts.take(desk, admin.id, name)
    english, chinese = draft.text.split("## 中文")
    assert "Mr Li tunes pianos, 300 yuan." in english
    assert "李师傅会调琴，300 元。" in chinese
    assert "where can I get my piano tuned?" in chinese.split("## Questions")[1]
    for private in ("Anastasia", "Chen Yuyu", "E12345678", "1234 5678"):
        assert private not in draft.text
    assert (await keeping.shelf(desk, admin.id)).drafts == [name]
    assert name not in desk.faq.catalogue.entries


async def test_an_accepted_draft_is_an_entry_and_no_draft_any_more(library: Desk, admin: Worker, ana: Person) -> None:
    number = await answered(library, Person(library), "Come to the desk.")
    name = await drafts.make(library, admin.id, [number])
    draft = await drafts.take(library, admin.id, name)
    with pytest.raises(NotAName):
        await drafts.accept(library, admin.id, name, draft)
    text = (await keeping.take(library, admin.id, "library-late")).text
    filled = text.replace("library-late", "library-piano").replace("my book is overdue", "piano please").replace("书过期了", "调琴")
    filled = filled.replace("forgot to return a book", "who tunes a piano").replace("忘了还书", "谁会调琴")
    half = drafts.named(draft.text.partition("\n")[0] + "\n" + filled.replace("### Steps", "### Stepz"), draft.base)
    assert (await drafts.accept(library, admin.id, name, half)).wrong > 0
    await drafts.keep(library, admin.id, name, half)
    kept = await drafts.take(library, admin.id, name)
    whole = drafts.named(kept.text.replace("### Stepz", "### Steps"), kept.base)
    assert (await drafts.accept(library, admin.id, name, whole)).faults == ()
    assert library.faq.entry("library-piano") is not None
    assert "Draft from" not in (await keeping.take(library, admin.id, "library-piano")).text
    with pytest.raises(NotFound):
        await drafts.take(library, admin.id, name)


async def test_a_draft_goes_when_it_is_discarded_or_its_person_is_forgotten(library: Desk, admin: Worker) -> None:
    first = await drafts.make(library, admin.id, [await answered(library, Person(library), "Come to the desk.")])
    await drafts.discard(library, admin.id, first)
    assert (await keeping.shelf(library, admin.id)).drafts == []
    again = await drafts.make(library, admin.id, [1])
    folder.discard(library.faq.loaded.folder, {2, 3})
    assert (await keeping.shelf(library, admin.id)).drafts == [again]
    folder.discard(library.faq.loaded.folder, {1})
    assert (await keeping.shelf(library, admin.id)).drafts == []


async def test_a_worker_drafts_nothing_of_a_ticket_that_is_not_theirs(desk: Desk, ana: Person) -> None:
    await ana.say("/start c-willow")
    receipt = await ana.say("Where can I get my piano tuned?")
    stranger = await hire(desk, "Wang Lei", communities=("elsewhere",)) if await _elsewhere(desk) else None
    assert stranger is not None
    with pytest.raises(NotFound):
        await drafts.make(desk, stranger.id, [receipt.ticket or 0])
    with pytest.raises(NotFound):
        await drafts.make(desk, stranger.id, [99999])


async def _elsewhere(desk: Desk) -> bool:
    from storage import communities

    async with desk.storage.transaction() as tx:
        await communities.ensure(tx, {"elsewhere": {"en": "Elsewhere", "zh": "别处"}}, desk.now())
    return True
