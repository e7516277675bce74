"""Takes the pictures of the README from the current release, as Debian's Chromium shows it.

make run; .venv/bin/python tests/readme_images.py
"""

from __future__ import annotations

from playwright.sync_api import sync_playwright

from vha.settings import PROJECT_ROOT, Settings

FOLDER = PROJECT_ROOT / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"

PICTURES = {
    "overview": ("index.html", 1680),
    "disproportionality": ("disproportionality-self-defined-ethnicity-5.html", 935),
}
"""By the picture's name the page and how much of it, in pixels from its top, which says that the data are synthetic."""

WIDTH = 1280


def main() -> None:
    """Write ``docs/images/``."""
    site = Settings.from_environment().home / "releases" / "current" / "public" / "site"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 900}, offline=True)
        for name, (file, height) in PICTURES.items():
            page.goto((site / file).resolve().as_uri())
            page.screenshot(
                path=FOLDER / f"{name}.png",
                full_page=True,
                clip={"x": 0, "y": 0, "width": WIDTH, "height": height},
            )
        browser.close()


if __name__ == "__main__":
    main()
