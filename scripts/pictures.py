"""Make the pictures of the README: a real plan page in Chromium and the first page of the real PDF.

Run with ``make pictures``. The pictures show example (a) as a person would see it.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from planner.case import Case
from planner.casefile import read_answers
from planner.documents import clinician_pdf
from planner.forms.typed import typed_from
from planner.plan import as_data
from planner.planning import plan_for
from planner.store.setup import init
from planner.web import create_app

HERE = Path(__file__).parent.parent
PICTURES = HERE / "docs" / "pictures"
EXAMPLE = HERE / "examples" / "a-buprenorphine-knee.yaml"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("America/New_York"))


def main() -> None:
    """Write docs/pictures/plan-page.png and docs/pictures/plan-pdf.png."""
    PICTURES.mkdir(exist_ok=True)
    answers = read_answers(EXAMPLE)
    case, plan = plan_for(answers, NOW)
    with tempfile.TemporaryDirectory() as folder:
        picture_of_paper(Path(folder), clinician_pdf(case.model_dump(mode="json"), as_data(plan)))
        picture_of_page(Path(folder) / "instance", case)


def picture_of_paper(folder: Path, pdf: bytes) -> None:
    """Draw the first page of the PDF."""
    (folder / "plan.pdf").write_bytes(pdf)
    target = PICTURES / "plan-pdf"
    command = ["pdftoppm", "-r", "90", "-png", "-singlefile", "-f", "1", str(folder / "plan.pdf"), str(target)]
    subprocess.run(command, check=True)


def picture_of_page(instance: Path, case: Case) -> None:
    """Make a plan of the example through its review page and take a picture of the top of the plan."""
    init(instance)
    app = create_app({"INSTANCE": str(instance)}, clock=lambda: NOW)
    store = app.extensions["throughline"].store
    draft = store.new_draft(typed_from(case.model_dump(mode="json")), "review", NOW)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    browser_path = next(
        path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1366, "height": 1150})
        page.goto(f"http://127.0.0.1:{server.port}/drafts/{draft}/review")
        page.get_by_role("button", name="Make the plan").first.click()
        page.screenshot(path=str(PICTURES / "plan-page.png"))
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
