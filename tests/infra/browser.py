"""Chromium for the browser tests, and what is kept of a page whose test failed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    Response,
    expect,
)

ARTIFACTS = Path(__file__).resolve().parents[2] / "test-artifacts"
WAIT = 30_000  # milliseconds; two cores are shared with the server and another test process
TRACED = bool(os.environ.get("TRACE"))
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch(playwright: Playwright) -> Browser:
    expect.set_options(timeout=WAIT)  # what is expected of a page waits as long as an act on it
    return playwright.chromium.launch(executable_path=chromium_on_path(), args=FLAGS)


def chromium_on_path() -> str | None:
    """None means the browser that Playwright downloaded. Ubuntu's `chromium` may be a stub."""
    for name in ("chromium", "chromium-browser"):
        path = shutil.which(name)
        if path and not subprocess.run([path, "--version"], capture_output=True).returncode:
            return path
    return None


def new_context(browser: Browser, base_url: str, width: int = 1280) -> BrowserContext:
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": width, "height": 800},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        accept_downloads=True,
    )
    context.set_default_timeout(WAIT)
    if TRACED:
        context.tracing.start(snapshots=True)
    return context


class Complaints(list[str]):
    """What a test did not ask for: errors no script caught, refusals by our own policy, broken
    answers of the server, style sheets and scripts that are not there.
    """

    def listen_to(self, page: Page) -> None:
        page.on("pageerror", self._error)
        page.on("console", self._message)
        page.on("response", self._response)

    def _error(self, error: Error) -> None:
        self.append(str(error))

    def _response(self, response: Response) -> None:
        if response.status >= 500 or (response.status >= 400 and "/static/" in response.url):
            self.append(f"{response.status} {response.url}")

    def _message(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.append(message.text)


def keep_artifacts(context: BrowserContext, page: Page, test: str) -> None:
    """A screenshot under test-artifacts/; with TRACE=1 also what led there, for
    `playwright show-trace FILE.zip`: to keep it takes a third of the time of a test."""
    name = re.sub(r"\W+", "-", test).strip("-")
    page.screenshot(path=ARTIFACTS / f"{name}.png", full_page=True)
    if TRACED:
        context.tracing.stop(path=ARTIFACTS / f"{name}.zip")
