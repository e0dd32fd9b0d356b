"""The ledger import as people do it, with the real worker, at both widths of office screens."""

import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from cases.choices import Outcome, Role
from cases.models import Applicant, Case, LedgerUpload, User
from tests.ledgers import case_row, make_ledger, proceeding_row, sheets_file
from tests.makers import PASSWORD, Tree, make_tree, make_user
from tests.uploads import files, forget_files

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.django_db(transaction=True)]

WIDTHS = pytest.mark.parametrize("width", [1280, 1024])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
YEAR = timezone.localdate().year - 1
RECEIVED = f"{YEAR}-03-02"
PHONE, OTHER_PHONE = "13800001234", "13900005678"


@pytest.fixture
def tree(transactional_db: None) -> Tree:
    forget_files()
    return make_tree()


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing, name="经办员戊")


def row(number: str, **values: Any) -> dict[str, Any]:
    return case_row(number, 收到日期=RECEIVED, 申请人=f"申请人{number}", **values)


def answered(number: str, **values: Any) -> dict[str, Any]:
    return row(number, 答复类型="部分公开", 答复日期=f"{YEAR}-03-20", **values)


def open_as(page: Page, user: User, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/login/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/cases/")
    page.get_by_role("link", name="导入台账").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("台账导入")


def choose(page: Page, content: bytes, name: str) -> None:
    payload: FilePayload = {"name": name, "mimeType": XLSX, "buffer": content}
    page.get_by_label("台账文件").set_input_files(payload)


def hand_in(page: Page, content: bytes, name: str) -> None:
    page.goto("/imports/")
    choose(page, content, name)
    page.get_by_role("button", name="上传并预览").click()
    page.wait_for_url("**/imports/*/")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def expect_counts(page: Page, **counts: int) -> None:
    for label, value in counts.items():
        tile = page.locator(".counts .tile", has=page.get_by_text(label, exact=True))
        expect(tile.locator(".v")).to_have_text(str(value), timeout=30_000)


def fits(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@WIDTHS
def test_from_the_first_ledger_to_the_next_month(
    page: Page, clerk: User, celery_worker_process: Any, width: int
) -> None:
    open_as(page, clerk, width)
    rows = [row("1", 联系电话=PHONE), row("2", 联系电话=PHONE), answered("3")]
    hand_in(page, make_ledger(rows, [proceeding_row(立案日期=f"{YEAR}-06-01")]), "三月台账.xlsx")
    expect_counts(page, 新增=4, 补登=0, 不一致=0, 有误=0, 未变=0)
    expect(page.locator("#rows")).to_contain_text("申请人3")
    fits(page, width)
    page.get_by_role("button", name="确认导入").click()
    table = page.locator("#beside-3")
    expect(table).to_be_visible(timeout=30_000)
    expect(page.locator("#compare")).to_contain_text("每一格都相同")
    assert Case.objects.count() == 3
    fits(page, width)
    table.get_by_role("link", name="三（二） × 自然人：1 件").click()
    expect(page.get_by_role("main")).to_contain_text("部分公开")

    # A month later the office comes back with the same Excel.
    rows[0] = answered("1", 联系电话=PHONE)
    rows[1] = row("2", 联系电话=OTHER_PHONE)
    hand_in(page, make_ledger([*rows, row("4")]), "四月台账.xlsx")
    expect_counts(page, 新增=1, 补登=1, 不一致=1, 有误=0, 未变=1)
    expect(page.locator("#rows")).to_contain_text("138****1234")
    page.get_by_role("link", name="补登").click()
    expect(page.locator("#rows")).to_contain_text("部分公开")
    page.get_by_role("button", name="确认导入").click()  # without the tick
    expect(page.get_by_role("alert").first).to_contain_text("以台账为准")
    page.get_by_label("以台账为准，改掉系统里的值").check()
    page.get_by_role("button", name="确认导入").click()  # without a reason
    expect(page.get_by_role("alert").first).to_contain_text("请写明以台账为准的理由")
    expect(page.get_by_label("以台账为准，改掉系统里的值")).to_be_checked()
    page.get_by_label("理由").fill("以纸质档案为准")
    fits(page, width)
    page.get_by_role("button", name="确认导入").click()
    expect(page.locator("#beside-3")).to_be_visible(timeout=30_000)
    assert Case.objects.get(number="1").outcome == Outcome.PARTIAL
    assert {applicant.phone for applicant in Applicant.objects.all()} == {PHONE, OTHER_PHONE, ""}

    page.goto("/imports/")
    expect(page.locator("#results")).to_contain_text("四月台账.xlsx")
    fits(page, width)
    page.get_by_role("link", name="三月台账.xlsx").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载原件").click()
    assert download.value.suggested_filename == "三月台账.xlsx"


@WIDTHS
def test_mistakes_are_told_and_mended(
    page: Page, clerk: User, celery_worker_process: Any, width: int
) -> None:
    open_as(page, clerk, width)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("main")).to_contain_text("请选择台账文件。")
    expect(page.locator(".errsum")).to_be_focused()
    fits(page, width)

    hand_in(page, b"%PDF-1.7 no ledger", "报告.pdf")
    expect(page.get_by_role("alert")).to_contain_text("不能导入", timeout=30_000)

    wrong = [row("1"), row("2") | {"收到日期": "3.4"}, row("3") | {"申请人类别": "火星人"}]
    hand_in(page, make_ledger(wrong), "有误.xlsx")
    expect_counts(page, 有误=2)
    expect(page.locator("#rows")).to_contain_text("没有写年份")
    expect(page.get_by_role("button", name="确认导入")).to_have_count(0)
    fits(page, width)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载错误清单").first.click()
    assert download.value.suggested_filename.startswith("错误清单")
    page.get_by_text("放弃", exact=True).click()
    page.get_by_role("button", name="确定放弃").click()
    expect(page.get_by_role("main")).to_contain_text("这份文件已删除")
    assert not Case.objects.exists()


@WIDTHS
def test_columns_in_the_offices_own_words(
    page: Page, clerk: User, celery_worker_process: Any, width: int
) -> None:
    header = ["序号", "来件人", "类别", "来件日期", "怎么答的", "何时答的"]
    lines = [["1", "申请人甲", "自然人", RECEIVED, "予以公开", f"{YEAR}-03-20"]]
    open_as(page, clerk, width)
    hand_in(page, sheets_file({"Sheet1": [header, *lines]}), "自己的台账.xlsx")
    expect(page.locator(".notes")).to_contain_text("没有找到台账", timeout=30_000)
    page.get_by_role("link", name="对应列名").click()
    expect(page.get_by_label("“序号”对应到")).to_be_visible()
    fits(page, width)
    for heading, column in (
        ("序号", "编号（必有）"),
        ("来件人", "申请人"),
        ("类别", "编号（必有）"),  # a slip
        ("来件日期", "收到日期（必有）"),
        ("怎么答的", "答复类型"),
        ("何时答的", "答复日期"),
    ):
        page.get_by_label(f"“{heading}”对应到").select_option(label=column)
    page.get_by_role("button", name="按此读取").click()
    expect(page.get_by_role("alert").first).to_contain_text("选了同一列")
    page.get_by_label("“类别”对应到").select_option(label="申请人类别（必有）")
    page.get_by_role("button", name="按此读取").click()
    expect_counts(page, 新增=1, 有误=0)

    lines.append(["2", "申请人乙", "自然人", RECEIVED, "", ""])
    hand_in(page, sheets_file({"Sheet1": [header, *lines]}), "下个月.xlsx")
    expect_counts(page, 新增=2, 有误=0)
    expect(page.locator(".notes")).to_contain_text("6 个列名按对应过的读取")


def test_a_file_too_large_is_not_even_sent(page: Page, clerk: User) -> None:
    open_as(page, clerk, 1280)
    page.evaluate("document.getElementById('id_file').dataset.maxBytes = 1000")
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    choose(page, make_ledger([row("1")]), "大.xlsx")
    expect(page.locator("#upload-said")).to_contain_text("超过上限")
    page.get_by_role("button", name="上传并预览").click()
    expect(page.locator("#upload-said")).to_contain_text("超过上限")
    assert not sent


def test_a_network_that_fails_is_told_and_the_file_stays_chosen(page: Page, clerk: User) -> None:
    open_as(page, clerk, 1280)
    choose(page, make_ledger([row("1")]), "台账.xlsx")
    page.route("**/imports/new/", lambda route: route.abort("connectionreset"))
    page.get_by_role("button", name="上传并预览").click()
    expect(page.locator("#upload-said")).to_contain_text("连接中断，没有上传")
    page.unroute("**/imports/new/")
    page.get_by_role("button", name="上传并预览").click()
    page.wait_for_url("**/imports/*/")
    assert LedgerUpload.objects.get().file_name == "台账.xlsx"


def test_a_connection_cut_in_the_middle_leaves_neither_row_nor_file(
    page: Page, clerk: User, live_server: Any
) -> None:
    """A browser that goes away while it sends: half the body, then nothing more."""
    open_as(page, clerk, 1280)
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    token = page.locator("#upload input[name=csrfmiddlewaretoken]").input_value()
    department = page.locator("#id_department").input_value()
    fields = {"csrfmiddlewaretoken": token, "department": department}
    body = "".join(
        f'--cut\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    body += '--cut\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
    host = urlsplit(live_server.url)
    head = (
        f"POST /imports/new/ HTTP/1.1\r\nHost: {host.netloc}\r\nConnection: close\r\n"
        f"Cookie: {'; '.join(f'{name}={value}' for name, value in cookies.items())}\r\n"
        "Content-Type: multipart/form-data; boundary=cut\r\nContent-Length: 9000000\r\n\r\n"
    )
    with socket.create_connection((host.hostname or "", host.port or 0)) as line:
        line.sendall((head + body).encode() + b"\0" * 1_000_000)
        for _ in range(100):
            if files():
                break
            page.wait_for_timeout(50)
        assert files()  # it has begun to arrive
    for _ in range(100):
        if not files():
            break
        page.wait_for_timeout(50)
    assert not files() and not LedgerUpload.objects.exists()
