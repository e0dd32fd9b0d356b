"""The year that today is in: something at every stage, and a due day at every distance.

All days are working days before `today`, so that it looks alike on whatever day it is loaded;
early in a year part of it was received in the year before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cases.choices import Channel, DocumentKind, LetterKind, Outcome, ProceedingKind, Ruling
from cases.demo.answered import CLOSED, COURIER, DESK, EMAIL, FAX, MAIL, PORTAL, POST
from cases.demo.playing import Dispute
from cases.demo.stories import (
    Step,
    Story,
    asks_correction,
    asks_fee,
    asks_reasons,
    calls_in_vain,
    consults,
    delivers_fee_notice,
    extends,
    gets_opinion,
    introduces_sign_off,
    keeps_scan,
    makes_letter,
    makes_reply,
    replies,
    seals_reply,
    searches,
    signs,
    splits,
    submits,
    voids,
    writes,
)
from cases.workdays import ONE_DAY, Calendar

LEAST_SPAN = 60  # working days that the closed cases reach back at least
LATEST_CLOSED = 23  # working days ago: receipt of the latest of them


@dataclass(frozen=True, slots=True)
class Row:
    """A case received `ago` working days before today."""

    ago: int
    organ: str
    applicant: str
    channel: Channel
    content: str
    steps: tuple[Step, ...] = ()
    assigned: bool = True
    drafted_by: str = ""
    confirmed: bool = True


# What is open, by what is to be done next. A term of 20 leaves 20 - ago working days.
RUNNING = (
    Row(23, "区资规分局", "申请人丁", POST, "丙村 2019 年土地征收批复及勘测定界图"),
    Row(21, "王江泾镇", "申请人壬", DESK, "壬河道整治工程占地补偿发放清单（第二批）"),
    Row(
        20,
        "区政府办",
        "申请人己",
        PORTAL,
        "区政府常务会议纪要（第 7 期）",
        (
            searches(12, "区政府办文书档案", "常务会议 第 7 期", "经办员甲", "纪要一份，共 6 页"),
            introduces_sign_off(19),
            *submits(
                19,
                Outcome.PARTIAL,
                "议定事项可以公开，予以提供；其余为会议讨论记录，属于过程性信息，不予公开。",
            ),
            signs(19, "拟同意部分公开"),
        ),
    ),
    Row(19, "区住建局", "申请人丙", POST, "乙小区（二期）2003 年竣工验收备案表"),
    Row(18, "区综合执法局", "申请人戊", PORTAL, "甲路临街违法建筑处罚决定及案卷"),
    Row(
        26,
        "区住建局",
        "申请人甲",
        POST,
        "甲路以东、乙路以南地块房屋征收补偿方案及评估报告（第三版）",
        (consults(4, "某评估机构甲"), gets_opinion(14, "不同意公开评估报告第三章")),
    ),
    Row(13, "区农业农村局", "某合作社甲", FAX, "区级农业产业扶持资金拨付明细"),
    Row(
        13,
        "区政府办",
        "申请人乙",
        PORTAL,
        "丁路雨污分流改造工程资金安排文件",
        drafted_by="区住建局",
    ),
    Row(11, "区卫健局", "某商业企业乙", POST, "辛镇卫生院迁建工程初步设计批复"),
    Row(11, "区人社局", "某律师事务所丁", COURIER, "癸园区企业用工补贴发放名单"),
    Row(7, "区资规分局", "申请人癸", DESK, "甲村宅基地确权登记档案"),
    Row(
        7,
        "区政府办",
        "申请人午",
        POST,
        "2016 年以来区政府全部会议纪要及讨论材料",
        (asks_reasons(2, "一次要求提供十年的全部纪要和材料，数量明显超过合理范围"),),
    ),
    Row(
        5,
        "区政府办",
        "某研究所戊",
        PORTAL,
        "区级非物质文化遗产专项资金分配方案；传承人名录及评审意见",
        (
            splits(
                0, "区级非物质文化遗产专项资金分配方案", "区级非物质文化遗产传承人名录及评审意见"
            ),
        ),
    ),
    Row(4, "新塍镇", "申请人乙", EMAIL, "乙工业区环境影响评价批复及公示情况"),
    Row(3, "区市监局", "某商业企业丁", POST, "丁产品监督抽查结果及不合格名单"),
)
UNASSIGNED = (
    Row(2, "区政府办", "申请人丙", POST, "本人反映的甲路改造事项办理情况", assigned=False),
    Row(1, "区政府办", "申请人丁", PORTAL, "公共租赁住房申请条件及配租名单", assigned=False),
    Row(0, "区政府办", "某社会组织己", DESK, "残疾人就业保障金征收使用情况", assigned=False),
)
STOPPED = (
    Row(
        8,
        "区政府办",
        "申请人辛",
        PORTAL,
        "全区物业维修资金使用情况",
        (
            makes_letter(0, LetterKind.RECEIPT),
            asks_correction(3, "请写明所需资金使用情况的年度和小区"),
            makes_letter(3, LetterKind.CORRECTION),
        ),
    ),
    Row(
        6,
        "高照街道",
        "申请人甲",
        PORTAL,
        "微型消防站设备采购合同",
        (asks_correction(4, "请写明采购的年度或者站点"),),
    ),
    Row(10, "区教体局", "申请人庚", PORTAL, "戊小学学区论证会材料", (consults(5, "某专家组"),)),
    Row(
        18,
        "区住建局",
        "某物业企业丙",
        PORTAL,
        "老旧小区加装电梯补贴标准及补贴名单",
        (extends(11, 20, "涉及三个年度的名单，需逐一核对"), consults(12, "某业主大会")),
    ),
    Row(
        14,
        "区资规分局",
        "某商业企业乙",
        EMAIL,
        "丙地块历次规划调整图纸（共 68 页）",
        (asks_fee(10, pages=68),),
    ),
    # The term of payment has passed: it may be closed for want of it (条例第四十二条).
    Row(
        31,
        "区政府办",
        "某商业企业丁",
        POST,
        "丁园区历年招商项目备案材料（共 84 页）",
        (asks_fee(6, pages=84), makes_letter(6, LetterKind.FEE), delivers_fee_notice(8)),
    ),
)
UNSERVED = (
    Row(
        19,
        "区政府办",
        "申请人辛",
        POST,
        "区政府重大行政决策听证记录",
        (
            keeps_scan(0, "申请表和身份证明", DocumentKind.APPLICATION),
            makes_letter(0, LetterKind.RECEIPT),
            writes(17, Outcome.GRANTED),
            makes_reply(17),
            seals_reply(18),
        ),
    ),
    Row(15, "区住建局", "申请人寅", DESK, "己小区外墙改造合同", (writes(15, Outcome.PARTIAL),)),
)
UNCONFIRMED = (
    Row(4, "区资规分局", "申请人卯", MAIL, "戊村村庄规划修改方案", confirmed=False),
    Row(
        1,
        "区政府办",
        "申请人辰",
        PORTAL,
        "甲园区招商引资奖励办法",
        (calls_in_vain(0, "经办员甲"),),
        confirmed=False,
    ),
    Row(0, "区住建局", "某业主委员会乙", EMAIL, "乙小区消防改造招标文件", confirmed=False),
)
VOIDED = (
    Row(
        9,
        "区住建局",
        "申请人乙",
        PORTAL,
        "丁路雨污分流改造工程资金安排文件（重复登记）",
        (voids(1, "同一申请在两个渠道各登记了一次"),),
    ),
)
# Revoked in a review: to be answered again within a term of its own.
REVOKED = "乙片区拆迁安置房分配结果"
TO_REPLY_AGAIN = (Row(45, "区政府办", "申请人丙", POST, REVOKED, replies(14, Outcome.PROCESS)),)

_REVIEW = ProceedingKind.REVIEW
DISPUTES = (
    Dispute("癸村土地征收启动公告及补偿方案", _REVIEW, 4, 10, 30, Ruling.UPHELD, 3, 8),
    Dispute("事业单位招聘面试评分细则", _REVIEW, 6, 6, 22, Ruling.UNLAWFUL, 2, 9),
    Dispute("丙小区 1996 年房改售房档案", ProceedingKind.SUIT_DIRECT, 41, 15, None, None, 3, 7),
    Dispute("某部门责任清单及岗位设置", _REVIEW, 11, 9, received_after=2),
    Dispute(REVOKED, _REVIEW, 9, 3, 15, Ruling.REVOKED, 2, 6, ordered_after=2, ordered_workdays=20),
)


def stories_up_to(today: date, calendar: Calendar) -> Iterator[Story]:
    """Everything that has come in by `today`, oldest group first."""
    days = _Before(today, calendar)
    open_rows = (*RUNNING, *STOPPED, *UNSERVED, *UNCONFIRMED, *UNASSIGNED)
    for row in (*_closed(days), *TO_REPLY_AGAIN, *open_rows, *VOIDED):
        received_on = days.ago(row.ago)
        waited = row.confirmed and row.channel.needs_confirmation
        yield Story(
            organ=row.organ,
            applicant=row.applicant,
            channel=row.channel,
            content=row.content,
            arrived_on=days.ago(row.ago + 1) if waited else received_on,
            received_on=received_on if row.confirmed else None,
            steps=row.steps,
            assigned=row.assigned,
            drafted_by=row.drafted_by,
        )


def _closed(days: "_Before") -> Iterator[Row]:
    """Over the year so far, or as far back as LEAST_SPAN."""
    span = max(LEAST_SPAN, days.of_this_year - 2) - LATEST_CLOSED
    for place, row in enumerate(CLOSED):
        yield Row(LATEST_CLOSED + span - place * span // (len(CLOSED) - 1), *row)


class _Before:
    """The working days up to `today`, counted back."""

    def __init__(self, today: date, calendar: Calendar) -> None:
        self._days: list[date] = []
        self._next, self._calendar = today, calendar
        self.of_this_year = calendar.workdays_between(date(today.year, 1, 1) - ONE_DAY, today)

    def ago(self, count: int) -> date:
        """The working day after which `count` more have come, today included; 0: the latest."""
        while len(self._days) <= count:
            if self._calendar.is_workday(self._next):
                self._days.append(self._next)
            self._next -= ONE_DAY
        return self._days[count]
