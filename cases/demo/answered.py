"""What was answered this year, from the first received to the last; `current` spreads it out.

Every group of outcomes is there, and one reply that came late.
"""

from cases.choices import Channel, Outcome
from cases.demo.stories import (
    amends,
    asks_correction,
    asks_fee,
    consults,
    extends,
    gets_correction,
    gets_fee,
    gets_opinion,
    replies,
)

POST, COURIER, MAIL = Channel.REGISTERED_MAIL, Channel.COURIER, Channel.ORDINARY_MAIL
PORTAL, EMAIL, FAX, DESK = Channel.PORTAL, Channel.EMAIL, Channel.FAX, Channel.IN_PERSON

_SLIP = "登记时录入有误"
# Organ, applicant, channel, content, steps.
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
