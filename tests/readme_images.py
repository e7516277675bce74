"""Takes the pictures of the README from the current release, as Debian's Chromium shows it.

make run; .venv/bin/python tests/readme_images.py
"""

from __future__ import annotations

from playwright.sync_api import sync_playwright

from vha.settings import PROJECT_ROOT, Settings

FOLDER = PROJECT_ROOT / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"

PICTURES = {
    "overview": ("index.html", 0, 1080),
    "disproportionality": ("disproportionality-self-defined-ethnicity-5.html", 130, 1130),
}
"""By the picture's name: the page, where the picture begins and where it ends, in pixels from the page's top."""

WIDTH = 1280


def main() -> None:
    """Write ``docs/images/``."""
    site = Settings.from_environment().home / "releases" / "current" / "public" / "site"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 900}, offline=True)
        for name, (file, top, bottom) in PICTURES.items():
            page.goto((site / file).resolve().as_uri())
            page.screenshot(
                path=FOLDER / f"{name}.png",
                full_page=True,
                clip={"x": 0, "y": top, "width": WIDTH, "height": bottom - top},
            )
        browser.close()


if __name__ == "__main__":
    main()
