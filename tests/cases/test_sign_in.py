"""Signing in, and what each user sees of the tree."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.choices import Role
from tests.makers import PASSWORD, make_case, make_tree, make_user

pytestmark = pytest.mark.django_db

PAGES = ["home", "list", "register", "proceedings", "proceeding_new"]
PAGES_OF_A_CASE = [
    *("detail", "confirm", "reply", "serve", "amend", "void"),
    *("draft", "submit", "review", "send_back", "recall", "record_signature"),
]


def test_a_clerk_signs_in_and_sees_the_organ_in_the_top_bar(client: Client) -> None:
    clerk = make_user(Role.CLERK, make_tree().housing, name="经办员戊")
    said = {"username": clerk.username, "password": PASSWORD}
    page = client.post(reverse("login"), said, follow=True)
    assert page.redirect_chain[-1][0] == reverse("cases:home")
    content = page.content.decode()
    assert "秀洲区住房和城乡建设局" in content
    assert "经办员戊" in content
    assert "退出登录" in content
    assert 'name="q"' in content  # the search box


def test_a_wrong_password_is_a_sentence(client: Client) -> None:
    clerk = make_user(Role.CLERK, make_tree().housing)
    page = client.post(reverse("login"), {"username": clerk.username, "password": "错"})
    assert page.status_code == 200
    assert page.context["form"].non_field_errors() == ["用户名或密码不对，请重试。"]


@pytest.mark.parametrize(
    ("wanted", "page"),
    [
        ("/tables/compute/", "/tables/"),
        ("/tables/workbook/", "/tables/"),
        ("/briefing/pdf/", "/briefing/"),
        ("/imports/5/plan/", "/imports/5/"),
        ("/imports/5/confirm/", "/imports/5/"),
        ("/imports/5/discard/", "/imports/5/"),
        ("/imports/5/file/", "/imports/5/"),
        ("/cases/5/applicant/", "/cases/5/"),
        ("/cases/saved/5/delete/", "/cases/saved/"),  # there is no page of one list
        ("/cases/?q=5", "/cases/?q=5"),
        ("/cases/5/reply/", "/cases/5/reply/"),  # a form stands there
        ("/nowhere/", "/nowhere/"),
        ("https://elsewhere.example/", "/"),
    ],
)
def test_who_signs_in_for_a_button_is_led_to_its_page(
    client: Client, wanted: str, page: str
) -> None:
    """The session had ended when it was pressed: its address answers to POST alone."""
    clerk = make_user(Role.CLERK, make_tree().housing)
    said = {"username": clerk.username, "password": PASSWORD, "next": wanted}
    assert client.post(reverse("login"), said).headers["Location"] == page


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"username": ""}, "username", "请填写用户名。"),
        ({"password": ""}, "password", "请填写密码。"),
        ({"username": "甲\0"}, "username", "含有无法保存的字符，请删去后重试。"),
        ({"password": "密\0码"}, "password", "含有无法保存的字符，请删去后重试。"),
        ({"username": "甲" * 61}, "username", "最多 60 个字，现有 61 个。"),
    ],
)
def test_what_cannot_be_a_sign_in_is_said_beside_its_field(
    client: Client, said: dict[str, str], field: str, sentence: str
) -> None:
    page = client.post(reverse("login"), {"username": "甲", "password": "错"} | said)
    assert page.status_code == 200
    assert page.context["form"].errors == {field: [sentence]}


def test_an_account_that_was_closed_does_not_open(client: Client) -> None:
    clerk = make_user(Role.CLERK, make_tree().housing)
    type(clerk).objects.filter(pk=clerk.pk).update(is_active=False)
    page = client.post(reverse("login"), {"username": clerk.username, "password": PASSWORD})
    assert page.context["form"].non_field_errors() == ["用户名或密码不对，请重试。"]


def test_a_page_asks_who_is_signed_in_before_it_sends_a_form(client: Client) -> None:
    """static/js/form.js asks; the answer is never kept by a browser or a proxy."""
    asked = client.get(reverse("session"))
    assert asked.json()["user"] == ""
    assert "no-store" in asked["Cache-Control"]
    clerk = make_user(Role.CLERK, make_tree().housing)
    client.force_login(clerk)
    asked = client.get(reverse("session"))
    assert asked.json()["user"] == str(clerk.pk)
    assert asked.json()["csrf_token"]
    assert client.post(reverse("session")).status_code == 405
    assert f'data-user="{clerk.pk}"' in client.get(reverse("cases:home")).content.decode()


def test_signing_out_ends_the_session(client: Client) -> None:
    client.force_login(make_user(Role.CLERK, make_tree().housing))
    assert client.post(reverse("logout")).status_code == 302
    assert client.get(reverse("cases:home")).url.startswith(reverse("login"))  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", PAGES)
def test_without_signing_in_no_page_opens(client: Client, name: str) -> None:
    answer = client.get(reverse(f"cases:{name}"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("login"))  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", PAGES_OF_A_CASE)
def test_without_signing_in_no_case_opens(client: Client, name: str) -> None:
    case = make_case(make_tree().housing)
    answer = client.get(reverse(f"cases:{name}", args=[case.pk]))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("login"))  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", PAGES_OF_A_CASE)
def test_another_departments_case_does_not_exist_for_a_clerk(client: Client, name: str) -> None:
    tree = make_tree()
    case = make_case(tree.land)
    client.force_login(make_user(Role.CLERK, tree.housing))
    url = reverse(f"cases:{name}", args=[case.pk])
    assert client.get(url).status_code == 404
    if name != "detail":
        assert client.post(url).status_code == 404


@pytest.mark.parametrize("name", PAGES_OF_A_CASE)
def test_an_id_that_was_made_up_is_404(client: Client, name: str) -> None:
    client.force_login(make_user(Role.CLERK, make_tree().government))
    for pk in (0, 999_999, 10**30):
        assert client.get(f"/cases/{pk}/").status_code == 404
        assert client.get(reverse(f"cases:{name}", args=[pk])).status_code == 404


def test_a_supervisor_of_the_district_sees_its_whole_tree_and_nothing_beside(
    client: Client, today: object
) -> None:
    tree = make_tree()
    mine = [make_case(department) for department in (tree.office, tree.housing, tree.town)]
    theirs = make_case(tree.neighbour)
    client.force_login(make_user(Role.SUPERVISOR, tree.government))
    page = client.get(reverse("cases:list")).content.decode()
    assert all(case.number in page for case in mine)
    assert theirs.number not in page


def test_an_administrator_administers_and_reads_no_cases(client: Client) -> None:
    tree = make_tree()
    case = make_case(tree.housing)
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    home = client.get(reverse("cases:home")).content.decode()
    assert "您的角色不查看申请件" in home
    assert 'name="q"' not in home  # no search that would lead to a refusal
    assert "用户管理" not in home  # there is no such page
    for url in (reverse("cases:list"), reverse("cases:detail", args=[case.pk])):
        refused = client.get(url)
        assert refused.status_code == 403
        assert "您的角色不查看申请件" in refused.content.decode()


def test_a_user_without_a_role_sees_nothing(client: Client) -> None:
    client.force_login(make_user(None))
    assert client.get(reverse("cases:home")).status_code == 200
    assert client.get(reverse("cases:list")).status_code == 403


def test_the_menu_offers_only_what_the_role_allows(client: Client) -> None:
    tree = make_tree()
    client.force_login(make_user(Role.AUDITOR, tree.government))
    page = client.get(reverse("cases:home"), follow=True).content.decode()
    assert reverse("cases:list") in page
    assert reverse("cases:register") not in page
