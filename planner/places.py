"""Where files that are not Python stand: beside the package in a clone, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def templates_folder() -> Path:
    """Return the folder of Jinja templates: ``../templates`` in a clone, ``planner/templates`` in a wheel.

    Raises:
        FileNotFoundError: neither is there; the installation is incomplete.
    """
    for folder in (PACKAGE.parent / "templates", PACKAGE / "templates"):
        if (folder / "print").is_dir():
            return folder
    raise FileNotFoundError(f"No templates beside {PACKAGE} or in it. Install the project again: pip install .")
