"""What looks like a telephone, an identity number or an e-mail address, and what does not."""

import pytest

from cases.personal import found_in, holds_personal, kept, without_personal


@pytest.mark.parametrize(
    "number",
    [
        "13800000000",
        "138 0000 0000",
        "138-0000-0000",
        "(138)0000 0000",
        "１３８００００００００",
        "+86 138 0000 0000",
        "33041119700101000X",
        "330411 19700101 000x",
        "0573-82710000",
        "0573-8271 0000",
        "0573 8271000",
        "（0573）82710000",
        "057382710000",
        "010-60000000",
        "+86 573 8271 0000",
        "jia.shen@example.cn",
        "ｊｉａ＠example.cn",
    ],
)
def test_a_number_is_found_however_it_is_written(number: str) -> None:
    for text in (number, f"请联系{number}。", f"甲，{number}，乙路", f"2025-10-27 {number}"):
        assert holds_personal(text), text
        assert number.strip("+（()") not in without_personal(text)


@pytest.mark.parametrize("text", ["电话82710000", "座机：8271 0000", "电话号码是 8271000"])
def test_a_local_number_is_found_by_the_word_before_it(text: str) -> None:
    assert without_personal(text).endswith("（号码略）")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "秀建公开申〔2025〕12号",
        "国办公开办函〔2021〕30号",
        "2025-10-27 2025-11-28 12 件",
        "2025-09-15至2025-10-17，2025-12-20至2026-01-19",
        "20251027",
        "2025年10月27日14时30分",
        "金额 1380000 元、82710000 元、13,800,000,000 元",
        "1300\n2500\n345",
        "邮单号 1234567890123",
        "EMS 1100000000000",
        "（2025）浙0411行初12号",
        "面积 0.573 平方公里，第 8271 号地块",
        "统一社会信用代码 91330411MA2B000000",
        "@甲局",
        "c13800000000d9f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718",  # a checksum
    ],
)
def test_other_figures_are_none(text: str) -> None:
    assert found_in(text) == []
    assert without_personal(text) == text


def test_the_rest_of_a_text_stays_as_it_is() -> None:
    text = "甲路（东）１３号，电话：138 0000 0000，邮箱 jia@example.cn；2025-10-27 收到"
    told = "甲路（东）１３号，电话：（号码略），邮箱 （邮箱略）；2025-10-27 收到"
    assert without_personal(text) == told


def test_what_is_kept_for_ever_is_so_to_its_depth() -> None:
    data = {"changes": {"用途": ["电话 13800000000", "自用"]}, "ids": (1, None), "on": "2025-10-27"}
    assert kept(data) == {
        "changes": {"用途": ["电话 （号码略）", "自用"]},
        "ids": [1, None],
        "on": "2025-10-27",
    }
