"""The year that today is in: something at every stage, and a due day at every distance.

All days are working days before `today`, so that it looks alike on whatever day it is loaded;
early in a year part of it was received in the year before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cases.choices import Channel, Outcome, ProceedingKind, ProceedingResult
from cases.demo.playing import Dispute
from cases.demo.stories import (
    Step,
    Story,
    amends,
    asks_correction,
    asks_fee,
    consults,
    extends,
    gets_correction,
    gets_fee,
    gets_opinion,
    replies,
    voids,
    writes,
)
from cases.workdays import ONE_DAY, Calendar

LEAST_SPAN = 60  # working days that the closed cases reach back at least
LATEST_CLOSED = 23  # working days ago: receipt of the latest of them

POST, COURIER, MAIL = Channel.REGISTERED_MAIL, Channel.COURIER, Channel.ORDINARY_MAIL
PORTAL, EMAIL, FAX, DESK = Channel.PORTAL, Channel.EMAIL, Channel.FAX, Channel.IN_PERSON


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
    Row(20, "区政府办", "申请人己", PORTAL, "区政府常务会议纪要（第 7 期）"),
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
    Row(5, "区政府办", "某研究所戊", PORTAL, "区级非物质文化遗产专项资金分配方案"),
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
        (asks_correction(3, "请写明所需资金使用情况的年度和小区"),),
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
)
UNSERVED = (
    Row(
        19,
        "区政府办",
        "申请人辛",
        POST,
        "区政府重大行政决策听证记录",
        (writes(18, Outcome.GRANTED),),
    ),
    Row(15, "区住建局", "申请人寅", DESK, "己小区外墙改造合同", (writes(15, Outcome.PARTIAL),)),
)
UNCONFIRMED = (
    Row(4, "区资规分局", "申请人卯", MAIL, "戊村村庄规划修改方案", confirmed=False),
    Row(1, "区政府办", "申请人辰", PORTAL, "甲园区招商引资奖励办法", confirmed=False),
    Row(0, "区住建局", "某业主委员会乙", EMAIL, "乙小区消防改造招标文件", confirmed=False),
)
VOIDED = (
    Row(
        9,
        "区住建局",
        "申请人乙",
        PORTAL,
        "丁路雨污分流改造工程资金安排文件（重复登记）",
        (voids(1, "同一申请在两个渠道各登记了一次", "审核人庚"),),
    ),
)

_SLIP = "登记时录入有误"
# Answered, from the first received to the last; spread evenly over the time before LATEST_CLOSED.
CLOSED = (
    (
        "区资规分局",
        "申请人子",
        POST,
        "癸村土地征收启动公告及补偿方案",
        replies(15, Outcome.PARTIAL),
    ),
    (
        "区住建局",
        "申请人丑",
        PORTAL,
        "庚小区（三期）竣工图纸",
        (extends(17, 15, "图纸存于档案馆，需调档"), *replies(30, Outcome.GRANTED)),
    ),
    (
        "区住建局",
        "某律师事务所丁",
        COURIER,
        "丙小区旧改项目中标单位投标文件",
        (
            consults(3, "某施工企业丁"),
            gets_opinion(9, "不同意公开"),
            *replies(20, Outcome.THIRD_PARTY, served=1),
        ),
    ),
    ("区政府办", "申请人庚", PORTAL, "区级重大行政决策目录", replies(9, Outcome.ALREADY_PUBLIC)),
    (
        "区资规分局",
        "某商业企业丙",
        EMAIL,
        "己地块出让档案（共 120 页）",
        (asks_fee(6, pages=120), gets_fee(11), *replies(22, Outcome.GRANTED)),
    ),
    (
        "区农业农村局",
        "某商业企业丁",
        POST,
        "乙片区高标准农田项目验收报告",
        replies(22, Outcome.NOT_EXIST),
    ),
    (
        "区政府办",
        "申请人巳",
        PORTAL,
        "某年有关拆迁的全部文件",
        (
            asks_correction(5, "请写明文件的年度、文号或者所涉地块"),
            gets_correction(10),
            *replies(24, Outcome.GRANTED),
        ),
    ),
    ("区人社局", "申请人壬", PORTAL, "事业单位招聘面试评分细则", replies(17, Outcome.INTERNAL)),
    (
        "区综合执法局",
        "申请人乙",
        POST,
        "要求查处邻户搭建并答复处理结果",
        replies(12, Outcome.PETITION),
    ),
    ("区住建局", "申请人己", PORTAL, "丙路停车泊位特许经营协议", replies(19, Outcome.PARTIAL)),
    ("王江泾镇", "申请人午", DESK, "甲村村级工程招投标资料", replies(8, Outcome.GRANTED)),
    (
        "区教体局",
        "申请人未",
        POST,
        "丙中学食堂承包合同",
        (*replies(16, Outcome.GRANTED), amends(18, _SLIP, purpose="了解食堂承包期限")),
    ),
    ("区住建局", "申请人申", POST, "甲小区 5 幢不动产登记资料", replies(7, Outcome.ADMIN_QUERY)),
    (
        "区卫健局",
        "某社会组织己",
        EMAIL,
        "医疗机构设置规划（征求意见稿）",
        replies(14, Outcome.PROCESS),
    ),
    (
        "区政府办",
        "某研究所戊",
        PORTAL,
        "近十年各镇人口变动分析",
        replies(18, Outcome.NEEDS_CREATION),
    ),
    ("区资规分局", "申请人酉", DESK, "丁村设施农业用地备案材料", replies(11, Outcome.GRANTED)),
    (
        "区综合执法局",
        "申请人戌",
        PORTAL,
        "乙小区违建处罚决定书及案卷",
        replies(18, Outcome.ENFORCEMENT_FILE),
    ),
    (
        "区民政局",
        "某社会组织壬",
        POST,
        "养老服务设施建设补助办法",
        replies(6, Outcome.ALREADY_PUBLIC),
    ),
    (
        "区住建局",
        "申请人丑",
        PORTAL,
        "庚小区（三期）竣工图纸（再次申请）",
        replies(5, Outcome.REPEAT),
    ),
    ("洪合镇", "申请人亥", FAX, "戊村毛衫市场改造补偿政策", replies(13, Outcome.GRANTED)),
    (
        "区交通局",
        "某商业企业庚",
        COURIER,
        "乙公路养护工程结算审核报告",
        replies(19, Outcome.GRANTED),
    ),
    ("区政府办", "申请人甲子", PORTAL, "丙开发区规划环评批复", replies(10, Outcome.NOT_THIS_ORGAN)),
    ("区住建局", "申请人乙丑", MAIL, "丙小区 1996 年房改售房档案", replies(12, Outcome.NOT_EXIST)),
    (
        "区生态环境分局",
        "某业主委员会乙",
        EMAIL,
        "甲园区废气在线监测数据",
        replies(16, Outcome.GRANTED),
    ),
    (
        "秀洲高新区",
        "某商业企业辛",
        PORTAL,
        "标准厂房租金减免政策及名单",
        replies(15, Outcome.GRANTED),
    ),
    ("区资规分局", "申请人丙寅", POST, "庚路红线图及用地预审意见", replies(17, Outcome.GRANTED)),
    ("区市监局", "申请人丁卯", PORTAL, "本人投诉举报办理材料", replies(4, Outcome.WITHDRAWN)),
    ("区政府办", "申请人戊辰", DESK, "某部门责任清单及岗位设置", replies(6, Outcome.NOT_EXIST)),
)

_REVIEW = ProceedingKind.REVIEW
DISPUTES = (
    Dispute("癸村土地征收启动公告及补偿方案", _REVIEW, 4, 10, 30, ProceedingResult.UPHELD, 3, 8),
    Dispute("事业单位招聘面试评分细则", _REVIEW, 6, 6, 22, ProceedingResult.CORRECTED, 2, 9),
    Dispute("丙小区 1996 年房改售房档案", ProceedingKind.SUIT_DIRECT, 41, 15, None, None, 3, 7),
    Dispute("某部门责任清单及岗位设置", _REVIEW, 11, 9, received_after=2),
)


def stories_up_to(today: date, calendar: Calendar) -> Iterator[Story]:
    """Everything that has come in by `today`, oldest group first."""
    days = _Before(today, calendar)
    for row in (*_closed(days), *RUNNING, *STOPPED, *UNSERVED, *VOIDED, *UNCONFIRMED, *UNASSIGNED):
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
