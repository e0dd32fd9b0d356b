"""A session that ends while a form stands open takes nothing that was typed with it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from cases.choices import Role
from cases.models import Case, User
from tests.makers import PASSWORD, Tree, make_tree, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIGNED_OUT = "登录已过期。请在新标签页登录后再提交，本页内容仍在。"
ANOTHER = "现在登录的是另一个账号。"


@pytest.fixture
def tree(transactional_db: None) -> Tree:
    return make_tree()


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing, name="经办员戊")


@pytest.fixture
def second_tab(page: Page) -> Iterator[Page]:
    tab = page.context.new_page()
    yield tab
    tab.close()


def sign_in(page: Page, user: User) -> None:
    page.goto("/login/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的工作")


def sign_out(page: Page, user: User) -> None:
    page.goto("/")
    page.get_by_text(user.display_name, exact=True).click()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/login/")


def fill_in(page: Page, content: str) -> None:
    page.goto("/cases/register/")
    page.get_by_label("自然人").check()
    page.get_by_label("姓名或名称").fill("申请人甲")
    page.get_by_label("当面").check()
    page.locator("#id_received_on").fill(page.locator("#id_arrived_on").input_value())
    page.locator("#id_content").fill(content)


def test_what_was_typed_stays_until_the_user_has_signed_in_again(
    page: Page, second_tab: Page, clerk: User
) -> None:
    sign_in(page, clerk)
    fill_in(page, "写了半天的申请内容")
    sign_out(second_tab, clerk)

    page.get_by_role("button", name="登记并再登一件").click()
    expect(page.get_by_role("alert")).to_contain_text(SIGNED_OUT)
    expect(page.locator("#id_content")).to_have_value("写了半天的申请内容")
    assert not Case.objects.exists()

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="打开登录页").click()
    sign_in(opened.value, clerk)
    page.get_by_role("button", name="登记并再登一件").click()
    page.wait_for_url("**/cases/register/?like=*")  # the button that was pressed was sent too
    assert Case.objects.get().content == "写了半天的申请内容"


def test_nobody_sends_what_another_typed(
    page: Page, second_tab: Page, tree: Tree, clerk: User
) -> None:
    sign_in(page, clerk)
    fill_in(page, "甲路补偿方案")
    sign_out(second_tab, clerk)
    sign_in(second_tab, make_user(Role.CLERK, tree.housing, name="经办员己"))
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(ANOTHER)
    assert not Case.objects.exists()


def test_an_impatient_hand_still_sends_once(page: Page, clerk: User) -> None:
    sign_in(page, clerk)
    fill_in(page, "甲路补偿方案")
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    page.locator("form.register button.btn-primary").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("甲路补偿方案")
    assert sum(url.endswith("/cases/register/") for url in sent) == 1
    assert Case.objects.count() == 1


def test_a_server_that_does_not_say_leaves_the_form_as_without_a_script(
    page: Page, clerk: User
) -> None:
    sign_in(page, clerk)
    fill_in(page, "甲路补偿方案")
    page.route("**/session/", lambda route: route.abort())
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("甲路补偿方案")
    assert Case.objects.count() == 1
