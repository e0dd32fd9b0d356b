"""Lists that a user saves under a name: used, renamed, deleted, seen by nobody else."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.choices import Role
from cases.crypto import lookup_hash
from cases.models import SavedList, User
from cases.saved_lists import MOST_LISTS
from tests.makers import Tree, make_case, make_user, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
LIST, NEW = reverse("cases:list"), reverse("cases:saved_list_new")
MANAGE = reverse("cases:saved_lists")


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.government)


@pytest.fixture
def clerk_client(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def save(client: Client, name: str, query: str = "state=closed") -> Any:
    return client.post(f"{NEW}?{query}", {"name": name})


def saved_of(user: User, name: str = "办结的", query: str = "state=closed") -> SavedList:
    return SavedList.objects.create(user=user, name=name, query=query)


def rename_url(saved: SavedList) -> str:
    return reverse("cases:saved_list_rename", args=[saved.pk])


def delete_url(saved: SavedList) -> str:
    return reverse("cases:saved_list_delete", args=[saved.pk])


def test_conditions_are_saved_and_shown_as_a_view(clerk_client: Client, clerk: User) -> None:
    form = clerk_client.get(f"{NEW}?state=closed&q=补偿").content.decode()
    assert "状态：已办结" in form and "查找：补偿" in form
    assert form.count("</span>；<span") == 1  # between the two
    answer = save(clerk_client, "办结的补偿", "state=closed&q=补偿&sort=-due&page=2&per_page=50")
    saved = SavedList.objects.get(user=clerk)
    assert saved.query == "q=%E8%A1%A5%E5%81%BF&state=closed&sort=-due"
    assert answer["Location"] == f"{LIST}?{saved.query}"
    (view,) = clerk_client.get(answer["Location"]).context["own_views"]
    assert (view.label, view.url, view.current) == ("办结的补偿", answer["Location"], True)
    (view,) = clerk_client.get(LIST).context["own_views"]
    assert not view.current


def test_a_telephone_condition_may_be_saved(clerk_client: Client, clerk: User) -> None:
    hashed = lookup_hash("13800000001")
    save(clerk_client, "老申请人", f"phone={hashed}")
    assert SavedList.objects.get(user=clerk).query == f"phone={hashed}"


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("13800000001 的", "state=closed"),
        ("甲", "q=33041119700101000X"),
        ("甲", "q=甲 13800000001"),
    ],
)
def test_no_personal_data_are_saved(clerk_client: Client, name: str, query: str) -> None:
    page = save(clerk_client, name, query)
    assert page.status_code == 200
    assert "清单不能存个人信息" in page.content.decode()
    assert not SavedList.objects.exists()


def test_the_same_name_twice_is_a_sentence_and_what_was_typed_stays(
    clerk_client: Client, clerk: User
) -> None:
    saved_of(clerk)
    page = save(clerk_client, "办结的", "state=void").content.decode()
    assert "您已有名为“办结的”的清单，请换一个名称。" in page
    assert 'value="办结的"' in page and "状态：已作废" in page
    other = saved_of(clerk, "另一个")
    page = clerk_client.post(rename_url(other), {"name": "办结的"}).content.decode()
    assert "您已有名为“办结的”的清单" in page
    assert SavedList.objects.get(pk=other.pk).name == "另一个"


def test_handed_in_twice_it_is_one_list(clerk_client: Client) -> None:
    assert save(clerk_client, "办结的").status_code == 302
    assert save(clerk_client, "办结的").status_code == 302
    assert SavedList.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("", "请填写清单名称。"), (" ", "请填写清单名称。"), ("长" * 21, "最多 20 个字，现有 21 个。"),
     ("甲\0", "含有无法保存的字符")],
)  # fmt: skip
def test_a_bad_name_is_a_sentence(clerk_client: Client, name: str, sentence: str) -> None:
    page = save(clerk_client, name)
    assert page.status_code == 200 and sentence in page.content.decode()
    assert not SavedList.objects.exists()


@pytest.mark.parametrize("query", ["", "page=2", "sort=due", "state=nonsense", "phone=abc"])
def test_without_a_condition_there_is_nothing_to_save(clerk_client: Client, query: str) -> None:
    page = clerk_client.post(f"{NEW}?{query}", {"name": "甲"}, follow=True)
    assert "还没有条件可以保存" in page.content.decode()
    assert not SavedList.objects.exists()
    assert "保存为清单" not in clerk_client.get(LIST).content.decode()


def test_there_is_room_for_so_many(clerk_client: Client, clerk: User) -> None:
    for n in range(MOST_LISTS):
        saved_of(clerk, f"清单{n}")
    page = save(clerk_client, "再一个").content.decode()
    assert f"最多保存 {MOST_LISTS} 个清单" in page


def test_a_list_is_renamed_and_deleted(clerk_client: Client, clerk: User) -> None:
    saved = saved_of(clerk)
    page = clerk_client.get(MANAGE).content.decode()
    assert "办结的" in page and "状态：已办结" in page and rename_url(saved) in page
    assert "办结的" in clerk_client.get(rename_url(saved)).content.decode()
    page = clerk_client.post(rename_url(saved), {"name": "已办"}, follow=True).content.decode()
    assert "清单已改名为“已办”。" in page
    page = clerk_client.post(delete_url(saved), follow=True).content.decode()
    assert "已删除清单“已办”。" in page and "还没有保存清单" in page
    assert clerk_client.post(delete_url(saved)).status_code == 302  # gone all the same


def test_a_condition_that_no_longer_exists_is_told_where_it_is_used(
    clerk_client: Client, clerk: User, tree: Tree
) -> None:
    saved_of(clerk, query=f"department={tree.neighbour.pk}&state=closed")
    sentence = f"没有“{tree.neighbour.pk}”这样的受理单位，未按它筛选。"
    assert sentence in clerk_client.get(MANAGE).content.decode()
    (view,) = clerk_client.get(LIST).context["own_views"]
    assert sentence in clerk_client.get(view.url).content.decode()


def test_a_stranger_neither_sees_nor_touches_it(
    clerk_client: Client, clerk: User, tree: Tree
) -> None:
    saved = saved_of(clerk)
    clerk_client.force_login(make_user(Role.CLERK, tree.government))
    assert clerk_client.get(LIST).context["own_views"] == []
    assert "办结的" not in clerk_client.get(MANAGE).content.decode()
    assert clerk_client.get(rename_url(saved)).status_code == 404
    assert clerk_client.post(rename_url(saved), {"name": "我的"}).status_code == 404
    clerk_client.post(delete_url(saved))
    assert SavedList.objects.get().name == "办结的"
    assert save(clerk_client, "办结的").status_code == 302  # names are each user's own


def test_a_shared_address_shows_the_same_conditions_in_a_colleagues_scope(
    clerk_client: Client, clerk: User, tree: Tree
) -> None:
    make_case(tree.housing)
    case = make_case(tree.land)
    save(clerk_client, "未分派的", "state=unassigned")
    address = clerk_client.get(LIST).context["own_views"][0].url
    clerk_client.force_login(make_user(Role.CLERK, tree.land))
    rows = clerk_client.get(address).context["table"].paginated_rows
    assert [row.record.number for row in rows] == [case.number]


def test_only_who_reads_cases_saves_lists(client: Client, tree: Tree, clerk: User) -> None:
    saved = saved_of(clerk)
    addresses = (f"{NEW}?state=closed", MANAGE, rename_url(saved))
    assert {client.get(address).status_code for address in addresses} == {302}
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert {client.get(address).status_code for address in addresses} == {403}
    assert client.post(delete_url(saved)).status_code == 403


def test_other_methods_are_refused(clerk_client: Client, clerk: User) -> None:
    saved = saved_of(clerk)
    assert clerk_client.post(MANAGE).status_code == 405
    assert clerk_client.get(delete_url(saved)).status_code == 405
    assert (
        clerk_client.put(NEW).status_code == clerk_client.put(rename_url(saved)).status_code == 405
    )


def test_many_lists_cost_the_list_of_cases_no_more_queries(
    clerk_client: Client, clerk: User
) -> None:
    saved_of(clerk)
    clerk_client.get(LIST)  # caches of the process
    with_one = queries_of(lambda: clerk_client.get(LIST))
    for n in range(10):
        saved_of(clerk, f"清单{n}", f"department={n}")
    assert queries_of(lambda: clerk_client.get(LIST)) == with_one


def test_many_lists_cost_their_page_no_more_queries(clerk_client: Client, clerk: User) -> None:
    saved_of(clerk)
    clerk_client.get(MANAGE)  # caches of the process
    with_one = queries_of(lambda: clerk_client.get(MANAGE))
    for n in range(10):
        saved_of(clerk, f"清单{n}", "due=5&q=补偿")
    assert queries_of(lambda: clerk_client.get(MANAGE)) == with_one
