"""Every page fits the screens of an office: 1280 and 1024 wide, without scrolling sideways."""

from typing import Any

import pytest
from playwright.sync_api import Page

from cases.choices import ApplicantKind, Outcome, Role
from tests.makers import PASSWORD, TODAY, Facts, make_case, make_proceeding, make_tree, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "甲路以东、乙路以南地块房屋征收补偿方案、第三方评估报告及全部附件、会议纪要和往来函件" * 3


@pytest.mark.parametrize("width", [1280, 1024])
def test_no_page_scrolls_sideways(page: Page, transactional_db: None, width: int) -> None:
    tree = make_tree()
    clerk = make_user(Role.CLERK, tree.government, name="经办员甲")
    consulted = Facts(consultation=(TODAY.replace(month=9, day=19), None))
    running = make_case(tree.housing, content=LONG, facts=consulted)
    make_case(tree.land, received_on=None, kind=ApplicantKind.ORG_PUBLIC_WELFARE)
    answered = make_case(
        tree.office, closed_on=TODAY, outcome=Outcome.PARTIAL, service_method="post"
    )
    proceeding = make_proceeding(tree.office, case=answered)

    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/login/")
    page.get_by_label("用户名").fill(clerk.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/")
    for address in (
        "/",
        "/cases/",
        "/cases/register/",
        f"/cases/{running.pk}/",
        f"/cases/{running.pk}/reply/",
        f"/cases/{running.pk}/amend/",
        f"/cases/{running.pk}/void/",
        f"/cases/{answered.pk}/serve/",
        "/proceedings/",
        "/proceedings/new/",
        f"/proceedings/{proceeding.pk}/amend/",
        f"/tables/?department={tree.government.pk}&year=2025&scope=all",
        f"/briefing/?department={tree.government.pk}&year=2025&scope=all",
    ):
        answer: Any = page.goto(address)
        assert answer.ok, address
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{address} is {wide} wide"
