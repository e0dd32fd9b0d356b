"""The pictures of docs/guide-zh.md, taken from the demo: `make guide`.

It starts a system of its own, in a folder that is thrown away. What the clerk does on the way is
really done: an application is registered, answered and served. Days are those of the day it runs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from cases.demo.accounts import HOUSING_CLERK, OFFICE_CLERK, REVIEWER, SUPERVISOR, Account
from disclosure.redis_server import free_port
from tests.infra.browser import launch, new_context
from tests.infra.png import small_png
from tests.ledgers import case_row, make_ledger

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "images" / "guide"
LAST_LINE = "按 Ctrl-C 停止"
LARGEST = 150_000  # bytes of one picture
LONG_WAIT = 60_000  # milliseconds, for what a job computes


class Absent(Exception):
    """This version of the application has no such page."""


class Camera:
    """A browser window of one user, and the folder its pictures go to."""

    def __init__(self, page: Page, reducer: Page) -> None:
        self.page, self.reducer = page, reducer

    def open(self, address: str) -> None:
        """Raises `Absent` where nothing is at `address`."""
        answer = self.page.goto(address)
        if answer and answer.status == 404:
            raise Absent(address)

    def open_case(self, content: str) -> None:
        """The page of the one case of which `content` is told."""
        self.open(f"/cases/?q={content}")
        self.page.locator("table.dense a.no").first.click()
        self.page.locator("h1", has_text=content).wait_for()

    def act(self, label: str) -> None:
        """The page of an act, from the page of its case."""
        others = self.page.locator(".actbar .menu summary")
        button = self.page.locator(".actbar").get_by_role("link", name=label, exact=True)
        if not button.is_visible():
            others.click()
        button.click()
        self.page.locator("h1", has_text=f"{label}：").wait_for()

    def card(self, heading: str) -> Locator:
        """A card of the page, by the id of its heading."""
        return self.page.locator(f"section[aria-labelledby={heading}]")

    def take(self, name: str, *, of: Locator | None = None, height: int = 800) -> None:
        """The top of the page, `height` high, or one part of it."""
        self.page.wait_for_load_state("networkidle")
        if of is None:
            self.page.set_viewport_size({"width": 1280, "height": height})
            self.page.evaluate("window.scrollTo(0, 0)")
            shot = self.page.screenshot(animations="disabled")
        else:
            shot = of.screenshot(animations="disabled")
        picture = small_png(self.reducer, shot)
        if len(picture) > LARGEST:
            raise SystemExit(f"{name}: {len(picture)} 字节，超过 {LARGEST}，请截小一些")
        (PICTURES / f"{name}.png").write_bytes(picture)
        print(f"· {name}  {len(picture) // 1000} kB", flush=True)


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one user does, and the pictures that are taken on the way."""

    pictures: tuple[str, ...]
    who: Account
    play: Callable[[Camera], None]


def sign_in(camera: Camera) -> None:
    camera.page.goto("/login/")
    camera.take("sign-in", height=460)


def home(camera: Camera) -> None:
    camera.open("/")
    camera.take("home")


def register_reply_serve(camera: Camera) -> None:
    page = camera.page
    camera.open("/cases/register/")
    page.get_by_label("自然人").check()
    page.get_by_label("姓名或名称").fill("申请人甲")
    page.get_by_label("联系电话").fill("13800000000")
    page.get_by_label("当面").check()
    page.locator("#id_received_on").fill(page.locator("#id_arrived_on").input_value())
    page.locator("#id_content").fill("乙小区（一期）竣工验收备案表")
    camera.take("register", height=900)
    page.get_by_role("button", name="登记", exact=True).click()
    page.locator("h1", has_text="乙小区（一期）").wait_for()
    camera.take("registered", height=620)

    page.get_by_role("link", name="答复", exact=True).click()
    page.locator("input[name=outcome][value=not_exist]").check()
    page.locator("#goes", has_text="计入 三").wait_for()
    page.locator("#id_reply_number").fill("秀建公开〔2026〕1号")
    page.locator("#id_reply_reasons").fill(
        "经检索本局建设工程竣工验收备案档案，未找到所申请的信息。"
    )
    camera.take("reply", height=900)
    page.get_by_role("button", name="登记答复").click()
    page.get_by_role("link", name="登记送达").click()
    page.get_by_label("送达日期").wait_for()
    camera.take("serve", height=520)


def confirm(camera: Camera) -> None:
    page = camera.page
    camera.open("/cases/?state=unconfirmed")
    page.locator("table.dense a.no").first.click()
    page.get_by_role("link", name="确认收到").click()
    page.get_by_label("联系经过").fill("电话联系，申请人本人确认")
    camera.take("confirm", height=560)


def wrong_form(camera: Camera) -> None:
    page = camera.page
    camera.open("/cases/register/")
    page.get_by_label("商业企业").check()
    page.locator("#id_arrived_on").fill("1.4")
    page.get_by_role("button", name="登记", exact=True).click()
    page.locator(".errsum").wait_for()
    camera.take("errors", height=640)


def lists(camera: Camera) -> None:
    camera.open("/cases/")
    camera.take("list", height=760)


def why_this_day(camera: Camera) -> None:
    page = camera.page
    camera.open("/cases/?state=consultation")
    page.locator("table.dense a.no").last.click()
    page.locator(".strip").wait_for()
    camera.take("case", height=900)
    camera.take("strip", of=page.locator("#why"))
    page.locator(".term > summary", has_text="停止计算").click()
    camera.take("term", height=420)


def assign(camera: Camera) -> None:
    camera.open_case("公共租赁住房申请条件")
    camera.act("分派")
    camera.take("assign", height=620)


def correction(camera: Camera) -> None:
    camera.open_case("非物质文化遗产传承人名录")
    camera.act("要求补正")
    camera.page.locator("#id_what").fill("请写明所需名录的年度和项目类别")
    camera.take("correction", height=700)


def fee(camera: Camera) -> None:
    camera.open_case("非物质文化遗产传承人名录")
    camera.act("通知缴费")
    camera.page.locator("#id_pages").fill("84")
    camera.page.locator("#id_pages").press("Tab")
    camera.page.locator("#h-due").locator("..").locator("..").get_by_text("540").wait_for()
    camera.take("fee", height=720)


def extension(camera: Camera) -> None:
    camera.open_case("乙小区（二期）2003 年竣工验收备案表")
    camera.act("延期")
    camera.page.locator("#id_reason").fill("图纸存于档案馆，需要调档核对")
    camera.take("extension", height=700)


def consultation(camera: Camera) -> None:
    camera.open_case("老旧小区加装电梯补贴标准")
    camera.take("consultation", of=camera.card("h-consult"))


def sign_off(camera: Camera) -> None:
    camera.open_case("区政府常务会议纪要（第 7 期）")
    camera.take("sign-off", of=camera.card("h-sign"))


def review(camera: Camera) -> None:
    camera.open_case("区政府常务会议纪要（第 7 期）")
    camera.act("审核")
    camera.take("review", height=860)


def letter(camera: Camera) -> None:
    page = camera.page
    camera.open_case("区政府重大行政决策听证记录")
    camera.take("letters", of=camera.card("h-letters"))
    page.get_by_role("link", name="制作文书").click()
    page.get_by_role("link", name="送达回证").wait_for()
    page.get_by_role("link", name="答复书").click()
    page.locator(".letter").wait_for()
    camera.take("letter", height=800)


def reminders(camera: Camera) -> None:
    camera.open("/notices/")
    camera.take("notices", height=400)


def folder(camera: Camera) -> None:
    page = camera.page
    camera.open_case("某年有关拆迁的全部文件")
    page.get_by_role("link", name="卷内目录").click()
    page.locator("h1", has_text="卷内目录").wait_for()
    camera.take("folder", height=640)


def proceeding(camera: Camera) -> None:
    camera.open_case("乙片区拆迁安置房分配结果")
    camera.take("proceeding", of=camera.card("h-pro"))


def calendar(camera: Camera) -> None:
    camera.open("/calendar/?year=2026")
    camera.take("calendar", height=560)


def year_table(camera: Camera) -> None:
    page = camera.page
    camera.open("/tables/?year=2020&scope=all")
    page.get_by_role("button", name="计算", exact=False).first.click()
    page.locator(".run.done").first.wait_for(timeout=LONG_WAIT)
    camera.take("table", height=900)
    page.locator("#table-3 td a", has_text="21").first.click()
    page.locator("#cases li").first.wait_for()
    camera.take("cell", of=page.locator("#cases"))


def keep_list(camera: Camera) -> None:
    camera.open("/cases/saved/new/?state=consultation")
    camera.take("saved-list", height=480)


def export(camera: Camera) -> None:
    camera.open("/cases/export/?state=working")
    camera.take("export", height=560)


def import_ledger(camera: Camera) -> None:
    page = camera.page
    camera.open("/imports/")
    ledger = make_ledger(
        [
            case_row(
                "旧1", 申请人="申请人丙", 申请内容="甲路改造工程施工合同", 收到日期=date(2025, 3, 3)
            ),
            case_row(
                "旧2", 申请人="申请人丁", 申请内容="丙小区物业招标文件", 收到日期=date(2025, 3, 5)
            ),
        ]
    )
    page.locator("input[type=file]").set_input_files(
        {"name": "申请台账2025.xlsx", "mimeType": "application/octet-stream", "buffer": ledger}
    )
    camera.take("import-upload", height=520)
    page.get_by_role("button", name="上传并预览").click()
    page.get_by_role("button", name="确认导入").wait_for(timeout=LONG_WAIT)
    camera.take("import-preview", height=820)


def overview(camera: Camera) -> None:
    camera.open("/overview/")
    camera.page.locator("#months-chart svg").wait_for()
    camera.take("overview", height=900)


def monday_sheet(camera: Camera) -> None:
    camera.open("/monday/")
    camera.take("monday", height=900)


def briefing(camera: Camera) -> None:
    camera.open("/briefing/?year=2020&scope=all")
    camera.take("briefing", height=900)


CHAPTERS = (
    Chapter(("home",), OFFICE_CLERK, home),
    Chapter(("register", "registered", "reply", "serve"), HOUSING_CLERK, register_reply_serve),
    Chapter(("assign",), OFFICE_CLERK, assign),
    Chapter(("correction",), OFFICE_CLERK, correction),
    Chapter(("fee",), OFFICE_CLERK, fee),
    Chapter(("extension",), REVIEWER, extension),
    Chapter(("consultation",), HOUSING_CLERK, consultation),
    Chapter(("sign-off",), OFFICE_CLERK, sign_off),
    Chapter(("review",), REVIEWER, review),
    Chapter(("letters", "letter"), OFFICE_CLERK, letter),
    Chapter(("notices",), OFFICE_CLERK, reminders),
    Chapter(("folder",), OFFICE_CLERK, folder),
    Chapter(("proceeding",), OFFICE_CLERK, proceeding),
    Chapter(("calendar",), SUPERVISOR, calendar),
    Chapter(("errors",), HOUSING_CLERK, wrong_form),
    Chapter(("confirm",), REVIEWER, confirm),
    Chapter(("list",), OFFICE_CLERK, lists),
    Chapter(("saved-list",), OFFICE_CLERK, keep_list),
    Chapter(("export",), OFFICE_CLERK, export),
    Chapter(("case", "strip", "term"), HOUSING_CLERK, why_this_day),
    Chapter(("import-upload", "import-preview"), HOUSING_CLERK, import_ledger),
    Chapter(("table", "cell"), SUPERVISOR, year_table),
    Chapter(("overview",), SUPERVISOR, overview),
    Chapter(("monday",), SUPERVISOR, monday_sheet),
    Chapter(("briefing",), SUPERVISOR, briefing),
)
TAKEN = ("sign-in", *(name for chapter in CHAPTERS for name in chapter.pictures))


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo() as base_url, sync_playwright() as playwright:
        browser = launch(playwright)
        with window(browser, base_url) as camera:
            sign_in(camera)
        for chapter in CHAPTERS:
            with window(browser, base_url, chapter.who) as camera:
                try:
                    chapter.play(camera)
                except Absent as missing:
                    print(f"· 没有这一页，跳过：{missing}", flush=True)
        browser.close()


@contextmanager
def demo() -> Iterator[str]:
    """The address of a fresh system with the demo in it."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="guide-") as var_dir:
        outside = {"DATABASE_URL", "REDIS_URL", "BIND", "DEMO", "HTTPS"}
        kept = {name: value for name, value in os.environ.items() if name not in outside}
        process = subprocess.Popen(
            [sys.executable, "-m", "disclosure.run"],
            cwd=ROOT,
            env=kept | {"VAR_DIR": var_dir, "PORT": str(port), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            if not any(LAST_LINE in line for line in process.stdout):
                raise SystemExit("系统没有启动起来")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


@contextmanager
def window(browser: Browser, base_url: str, who: Account | None = None) -> Iterator[Camera]:
    context, sums = new_context(browser, base_url), browser.new_context()
    page = context.new_page()
    if who:
        page.goto("/login/")
        page.get_by_label("用户名").fill(who.username)
        page.get_by_label("密码").fill(who.password)
        page.get_by_role("button", name="登录").click()
        page.get_by_text(who.display_name, exact=True).wait_for()
    yield Camera(page, sums.new_page())
    context.close()
    sums.close()


if __name__ == "__main__":
    main()
