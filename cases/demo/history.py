"""2020 as published: 205 new and 2 carried over, 22 of them at the office, 185 elsewhere.

The figures are those of 秀洲区's annual report; which organ had which case, and what it was about,
is invented. Everything is answered by the end of the year.
"""

from collections.abc import Iterator
from datetime import date
from itertools import cycle, takewhile

from cases.choices import Channel, Outcome, ProceedingKind, Ruling
from cases.demo.people import MARKS
from cases.demo.playing import Dispute
from cases.demo.stories import (
    Step,
    Story,
    asks_correction,
    consults,
    extends,
    gets_correction,
    gets_opinion,
    replies,
)
from cases.demo.subjects import contents
from cases.workdays import ONE_DAY, Calendar

FIRST_RECEIPT, LAST_RECEIPT = date(2020, 1, 2), date(2020, 12, 1)

# New in 2020. Who is not here received nothing (零报告).
RECEIVED = {
    "区政府办": 20,
    "区住建局": 52,
    "区资规分局": 41,
    "区综合执法局": 18,
    "区农业农村局": 12,
    "区人社局": 9,
    "区教体局": 8,
    "王江泾镇": 7,
    "区卫健局": 6,
    "新塍镇": 5,
    "区公安分局": 4,
    "高照街道": 4,
    "区民政局": 3,
    "区生态环境分局": 3,
    "区市监局": 3,
    "区发改局": 2,
    "区交通局": 2,
    "区水利局": 2,
    "秀洲高新区": 2,
    "区司法局": 1,
    "油车港镇": 1,
}

# At the office, received in December 2019: content, day of receipt, working days to the reply.
CARRIED = (
    ("甲园区企业用地“标准地”改革实施意见", date(2019, 12, 10), 18),
    ("区级重大行政决策目录（2019 年）", date(2019, 12, 24), 14),
)

# Everything that was not simply granted, in the order of receipt at each organ.
REFUSED = {
    "区政府办": (
        (Outcome.NOT_EXIST, "丁镇 2005 年企业改制批复"),
        (Outcome.PARTIAL, "区政府与某企业签订的甲项目投资协议"),
        (Outcome.NOT_THIS_ORGAN, "癸小区电力设施改造方案"),
        (Outcome.NOT_EXIST, "乙工业园历年供地合同"),
    ),
    "区住建局": (
        (Outcome.THIRD_PARTY, "己项目投标单位报价明细"),
        (Outcome.PARTIAL, "甲路以东、乙路以南地块房屋征收补偿方案及第三方评估报告"),
        (Outcome.NOT_EXIST, "甲路改造工程 1998 年竣工图纸"),
        (Outcome.NOT_EXIST, "丙小区物业用房移交协议"),
        (Outcome.NOT_THIS_ORGAN, "庚小区人防工程验收意见"),
        (Outcome.NOT_EXIST, "乙小区 2003 年竣工验收备案表"),
        (Outcome.PARTIAL, "丙小区（二期）物业招投标文件"),
        (Outcome.WITHDRAWN, "丁小区 3 幢房屋安全鉴定报告"),
        (Outcome.NOT_EXIST, "癸片区 2002 年拆迁公告原件"),
        (Outcome.THIRD_PARTY, "戊小区开发企业资金监管账户明细"),
        (Outcome.NOT_THIS_ORGAN, "戊路红线图及规划许可附图"),
        (Outcome.NOT_EXIST, "丁桥 2003 年施工监理记录"),
        (Outcome.PARTIAL, "丁河路改造工程施工合同及结算资料"),
        (Outcome.NOT_EXIST, "癸小区绿化工程决算书"),
    ),
    "区资规分局": (
        (Outcome.PARTIAL, "乙村征地补偿登记表及补偿款支付凭证"),
        (Outcome.NOT_EXIST, "乙村 1990 年土地分户清册"),
        (Outcome.ADMIN_QUERY, "戊小区 3 幢不动产登记原始资料"),
        (Outcome.LAW_FORBIDDEN, "乙片区 1:500 基础测绘成果数据"),
        (Outcome.NOT_THIS_ORGAN, "辛村拆迁补偿款发放清单"),
        (Outcome.NOT_EXIST, "庚厂房 1994 年建房审批表"),
        (Outcome.ADMIN_QUERY, "己厂房不动产抵押登记资料"),
        (Outcome.THIRD_PARTY, "丁地块土地评估报告"),
        (Outcome.LAW_FORBIDDEN, "丙线测量控制点坐标成果表"),
        (Outcome.NOT_EXIST, "丙村 1986 年宅基地用地批文"),
        (Outcome.PARTIAL, "丙地块出让合同及补充协议"),
        (Outcome.ADMIN_QUERY, "甲村不动产登记簿"),
        (Outcome.NOT_THIS_ORGAN, "壬小区地下车位租售方案"),
    ),
    "区综合执法局": (
        (Outcome.ENFORCEMENT_FILE, "甲路临街违法建筑处罚案卷"),
        (Outcome.NOT_THIS_ORGAN, "丁工地夜间施工证明"),
        (Outcome.PARTIAL, "乙小区违法搭建巡查记录"),
        (Outcome.NOT_EXIST, "丙路 2010 年店招设置审批材料"),
    ),
    "区农业农村局": (
        (Outcome.NOT_EXIST, "庚村 1998 年承包地调整会议记录"),
        (Outcome.PARTIAL, "戊合作社项目申报书及验收材料"),
    ),
    "区人社局": ((Outcome.NOT_GOV_INFO_OR_OTHER, "咨询本人养老保险视同缴费年限如何认定"),),
    "区教体局": ((Outcome.THIRD_PARTY, "民办甲学校年度财务审计报告"),),
    "王江泾镇": (
        (Outcome.PARTIAL, "壬河道整治工程占地补偿发放清单"),
        (Outcome.NOT_EXIST, "己河道 2001 年整治补偿名册"),
    ),
    "新塍镇": ((Outcome.NOT_THIS_ORGAN, "癸桥重建工程施工许可"),),
    "区公安分局": ((Outcome.LAW_FORBIDDEN, "甲路口治安监控系统点位及参数"),),
    "区生态环境分局": ((Outcome.THIRD_PARTY, "乙企业排污设施工艺设计资料"),),
    "区市监局": ((Outcome.ADMIN_QUERY, "丙企业登记档案"),),
}

# Section four of 2020; what was pending at its end was decided in 2021.
_REVIEW, _DIRECT = ProceedingKind.REVIEW, ProceedingKind.SUIT_DIRECT
_AFTER = ProceedingKind.SUIT_AFTER_REVIEW
_UPHELD, _REVOKED, _DISMISSED = Ruling.UPHELD, Ruling.REVOKED, Ruling.CLAIM_DISMISSED
DISPUTES = (
    Dispute("己项目投标单位报价明细", _REVIEW, 2, 15, 42, _UPHELD),
    Dispute("己项目投标单位报价明细", _AFTER, 21, 64, 60, _DISMISSED),
    Dispute("乙村征地补偿登记表及补偿款支付凭证", _REVIEW, 3, 20, 40, _UPHELD),
    Dispute("乙村征地补偿登记表及补偿款支付凭证", _AFTER, 24, 70, 65, _DISMISSED),
    Dispute("丙小区物业用房移交协议", _REVIEW, 7, 12, 38, _REVOKED),
    Dispute("戊小区 3 幢不动产登记原始资料", _REVIEW, 8, 25, 41, _REVOKED),
    Dispute("丁桥 2003 年施工监理记录", _REVIEW, 15, 18, 40, _UPHELD),
    Dispute("乙村 1990 年土地分户清册", _DIRECT, 18, 30, 75, _DISMISSED),
    Dispute("庚小区人防工程验收意见", _DIRECT, 33, 35, 80, _REVOKED),
    Dispute("丙村 1986 年宅基地用地批文", _DIRECT, 52, 20, 90, _DISMISSED),
)

CHANNELS = (
    *(Channel.REGISTERED_MAIL, Channel.PORTAL, Channel.IN_PERSON, Channel.PORTAL),
    *(Channel.COURIER, Channel.EMAIL, Channel.REGISTERED_MAIL, Channel.PORTAL, Channel.FAX),
    *(Channel.REGISTERED_MAIL, Channel.IN_PERSON, Channel.ORDINARY_MAIL, Channel.PORTAL),
)
GRANTED = (Outcome.GRANTED, Outcome.ALREADY_PUBLIC, Outcome.GRANTED)
TAKEN = (13, 17, 8, 19, 15, 11, 18, 16, 5, 14, 10, 19, 12, 17, 3, 15, 9)  # working days to a reply
# Which of the year's 205, in the order of receipt, took another course.
EXTENDED, CORRECTED, LATE = range(20, 160, 35), range(30, 160, 45), (66, 133)


def stories_of_2020(calendar: Calendar) -> Iterator[Story]:
    """Receipts spread evenly over the year's working days."""
    for place, (content, received_on, taken) in enumerate(CARRIED):
        steps = replies(taken, Outcome.GRANTED)
        yield _story("区政府办", content, received_on, place, steps)
    later = calendar.workdays_after(FIRST_RECEIPT - ONE_DAY)
    days = list(takewhile(lambda day: day <= LAST_RECEIPT, later))
    asked = sorted(_asked())
    for place, (_, organ, outcome, content) in enumerate(asked):
        received_on = days[place * len(days) // len(asked)]
        yield _story(organ, content, received_on, place, _course(place, outcome))


def _asked() -> Iterator[tuple[float, str, Outcome, str]]:
    """Where in the year (0 to 1), at which organ, with which outcome, what."""
    for organ, count in RECEIVED.items():
        refused = REFUSED.get(organ, ())
        granted = list(zip(cycle(GRANTED), contents(organ, count - len(refused)), strict=False))
        for row in (refused, granted):
            for nth, (outcome, content) in enumerate(row):
                yield (nth + 0.5) / len(row), organ, outcome, content


def _course(place: int, outcome: Outcome) -> tuple[Step, ...]:
    taken = TAKEN[place % len(TAKEN)]
    if outcome in (Outcome.THIRD_PARTY, Outcome.PARTIAL):
        opinion = gets_opinion(12, "不同意公开，并说明理由")
        return (consults(4, "某第三方"), opinion, *replies(18, outcome))
    if place in EXTENDED:
        return (extends(18, 15, "资料年代久远，需调档核对"), *replies(29, outcome))
    if place in CORRECTED:
        asked = asks_correction(3, "请写明所需信息的名称、文号或者其他特征")
        return (asked, gets_correction(8), *replies(8 + taken, outcome))
    return replies(23 if place in LATE else taken, outcome)


def _story(
    organ: str, content: str, received_on: date, place: int, steps: tuple[Step, ...]
) -> Story:
    """Each was received on the day it arrived."""
    return Story(
        organ=organ,
        applicant=f"申请人{MARKS[place * 7 % len(MARKS)]}",
        channel=CHANNELS[place % len(CHANNELS)],
        content=content,
        arrived_on=received_on,
        received_on=received_on,
        steps=steps,
    )
