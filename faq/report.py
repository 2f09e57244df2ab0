"""What a check has found, as the file that stands beside the entries for people who never open a terminal."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from faq import form
from faq.fault import Fault, Severity


def text(faults: Sequence[Fault], root: Path, at: datetime) -> str:
    """Each fault in both languages with its place; what must be mended stands first."""
    first = sorted(faults, key=lambda found: found.severity is Severity.warning)
    wrong = sum(found.severity is Severity.error for found in faults)
    lines = [
        f"{at:%Y-%m-%d %H:%M}",
        f"要改的 {wrong} 处，要看的 {len(faults) - wrong} 处。" if faults else "没有发现问题。",
        f"{wrong} to mend, {len(faults) - wrong} to look at." if faults else "Nothing is wrong.",
    ]
    for found in first:
        sign = "✗" if found.severity is Severity.error else "!"
        lines += ["", f"{sign} {found.render('zh', root)}", f"  {found.sentence('en')} {found.hint('en')}".rstrip()]
    return "\n".join(lines) + "\n"


def write(faults: Sequence[Fault], folder: Path, at: datetime) -> Path | None:
    """Writes the report into `entries/` of an FAQ folder, in a form that old Notepad shows well; `None` where it cannot be written."""
    path = folder / "entries" / form.REPORT_NAME
    try:
        path.write_text(text(faults, folder, at), encoding="utf-8-sig", newline="\r\n")
    except OSError:
        return None
    return path
