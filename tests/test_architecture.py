"""The rooms keep to their rule, and a wrong import is really found."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "faq", "handlers", "storage")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the rooms in `folder`."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run([sys.executable, "-c", program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The rooms' Python files in a folder of their own."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=lambda folder, names: [n for n in names if not _python(Path(folder) / n)])
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _python(path: Path) -> bool:
    return path.suffix == ".py" or (path.is_dir() and path.name != "__pycache__")


def test_rooms_import_downwards_only() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("faq/text.py", "import storage.people"),
        ("storage/people.py", "import faq.entry"),
        ("handlers/policy.py", "import bot.settings"),
        ("handlers/policy.py", "import sqlalchemy"),
        ("handlers/policy.py", "import fastapi"),
        ("bot/channels/console.py", "import storage.people"),
    ],
)
def test_planted_wrong_import_is_found(copy: Path, file: str, line: str) -> None:
    planted = copy / file
    planted.write_text(planted.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    done = lint_imports(copy)
    assert done.returncode == 1
    assert "BROKEN" in done.stdout
