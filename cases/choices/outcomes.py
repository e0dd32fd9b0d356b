"""How a case ends: one value for each legal outcome, in the groups of section three."""

from dataclasses import dataclass

from django.db.models import TextChoices


class OutcomeGroup(TextChoices):
    """The groups （一） to （六） of section three, in their order."""

    GRANTED = "granted", "予以公开"
    PARTIAL = "partial", "部分公开"
    DENIED = "denied", "不予公开"
    UNABLE = "unable", "无法提供"
    NOT_PROCESSED = "not_processed", "不予处理"
    OTHER = "other", "其他处理"


class Outcome(TextChoices):
    """One value per legal outcome; several may count in one row of the report."""

    ALREADY_PUBLIC = "already_public", "已主动公开，告知获取方式、途径"
    GRANTED = "granted", "予以公开"
    PARTIAL = "partial", "部分公开"
    STATE_SECRET = "state_secret", "属于国家秘密"
    LAW_FORBIDDEN = "law_forbidden", "其他法律行政法规禁止公开"
    SAFETY = "safety", "危及“三安全一稳定”"
    THIRD_PARTY = "third_party", "保护第三方合法权益"
    INTERNAL = "internal", "属于三类内部事务信息"
    PROCESS = "process", "属于四类过程性信息"
    ENFORCEMENT_FILE = "enforcement_file", "属于行政执法案卷"
    ADMIN_QUERY = "admin_query", "属于行政查询事项"
    NOT_EXIST = "not_exist", "经检索没有，信息不存在"
    NOT_THIS_ORGAN = "not_this_organ", "不属于本机关负责公开"
    NEEDS_CREATION = "needs_creation", "没有现成信息需要另行制作"
    STILL_UNCLEAR = "still_unclear", "补正后申请内容仍不明确"
    PETITION = "petition", "信访举报投诉类申请"
    REPEAT = "repeat", "重复申请"
    PUBLICATION = "publication", "要求提供公开出版物"
    EXCESSIVE = "excessive", "无正当理由大量反复申请"
    RECONFIRM = "reconfirm", "要求确认或重新出具已获取信息"
    NO_CORRECTION = "no_correction", "逾期不补正，不再处理"
    FEE_UNPAID = "fee_unpaid", "逾期未缴费，不再处理"
    WITHDRAWN = "withdrawn", "申请人撤回"
    NOT_GOV_INFO_OR_OTHER = "not_gov_info_or_other", "咨询、非政府信息等其他处理"

    @property
    def rule(self) -> "OutcomeRule":
        return OUTCOME_RULES[self]


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """What a clerk must know of an outcome before choosing it."""

    group: OutcomeGroup
    place: str  # its number in the group as printed in the 2021 format; "" where the group is a row
    gist: str
    article: str
    review_first: bool = False  # 复议前置; since when, and in which words: RemedyText


_G = OutcomeGroup
OUTCOME_RULES: dict[Outcome, OutcomeRule] = {
    Outcome.ALREADY_PUBLIC: OutcomeRule(
        _G.GRANTED, "", "网站、公报等已有，写明在哪里能查到", "第三十六条第一项"
    ),
    Outcome.GRANTED: OutcomeRule(
        _G.GRANTED, "", "提供信息，或告知获取的方式、途径和时间", "第三十六条第二项"
    ),
    Outcome.PARTIAL: OutcomeRule(
        _G.PARTIAL, "", "能公开的提供，其余说明理由；不再计入（三）至（六）", "第三十七条", True
    ),
    Outcome.STATE_SECRET: OutcomeRule(
        _G.DENIED, "1", "已依法定密，写明密级和依据", "第十四条", True
    ),
    Outcome.LAW_FORBIDDEN: OutcomeRule(
        _G.DENIED, "2", "写明禁止公开的法律、行政法规名称和条款", "第十四条", True
    ),
    Outcome.SAFETY: OutcomeRule(
        _G.DENIED, "3", "可能危及国家安全、公共安全、经济安全、社会稳定", "第十四条", True
    ),
    Outcome.THIRD_PARTY: OutcomeRule(
        _G.DENIED, "4", "商业秘密、个人隐私等；应先书面征求第三方意见", "第十五条、第三十二条", True
    ),
    Outcome.INTERNAL: OutcomeRule(
        _G.DENIED, "5", "人事管理、后勤管理、内部工作流程", "第十六条第一款", True
    ),
    Outcome.PROCESS: OutcomeRule(
        _G.DENIED, "6", "讨论记录、过程稿、磋商信函、请示报告", "第十六条第二款", True
    ),
    Outcome.ENFORCEMENT_FILE: OutcomeRule(
        _G.DENIED, "7", "处罚、检查、强制等案卷中的信息", "第十六条第二款", True
    ),
    Outcome.ADMIN_QUERY: OutcomeRule(
        _G.DENIED, "8", "工商、不动产登记等资料，告知依专门规定查询", "第三十六条第七项"
    ),
    Outcome.NOT_EXIST: OutcomeRule(
        _G.UNABLE, "1", "写明检索的范围和方法，保留检索记录", "第三十六条第四项"
    ),
    Outcome.NOT_THIS_ORGAN: OutcomeRule(
        _G.UNABLE, "1", "说明理由；能确定负责机关的，告知名称和联系方式", "第三十六条第五项"
    ),
    Outcome.NEEDS_CREATION: OutcomeRule(
        _G.UNABLE, "2", "需要汇总、加工或者重新分析才能形成", "第三十八条"
    ),
    Outcome.STILL_UNCLEAR: OutcomeRule(
        _G.UNABLE, "3", "已要求补正，仍不能指向具体信息", "第三十条"
    ),
    Outcome.PETITION: OutcomeRule(
        _G.NOT_PROCESSED, "1", "以申请公开的形式信访、投诉、举报，告知相应渠道", "第三十九条第一款"
    ),
    Outcome.REPEAT: OutcomeRule(
        _G.NOT_PROCESSED, "2", "已答复过同一申请人的同一内容", "第三十六条第六项"
    ),
    Outcome.PUBLICATION: OutcomeRule(
        _G.NOT_PROCESSED, "3", "公报、报刊、书籍等，告知获取途径", "第三十九条第二款"
    ),
    Outcome.EXCESSIVE: OutcomeRule(
        _G.NOT_PROCESSED, "4", "数量、频次明显超过合理范围，说明的理由不合理", "第三十五条"
    ),
    Outcome.RECONFIRM: OutcomeRule(
        _G.NOT_PROCESSED, "5", "信息已经取得，只要求盖章、确认或再出一份", "—"
    ),
    Outcome.NO_CORRECTION: OutcomeRule(_G.OTHER, "1", "无正当理由，超过补正期限", "第三十条"),
    Outcome.FEE_UNPAID: OutcomeRule(_G.OTHER, "2", "超过收费通知载明的期限", "第四十二条"),
    Outcome.WITHDRAWN: OutcomeRule(_G.OTHER, "3", "申请人书面或当面撤回，留存凭据", "—"),
    Outcome.NOT_GOV_INFO_OR_OTHER: OutcomeRule(
        _G.OTHER, "3", "以上都不符合的情形，如咨询、非政府信息", "—"
    ),
}

# The applicant has withdrawn or given up: nothing is answered, so that nothing need be served.
UNANSWERED = frozenset({Outcome.NO_CORRECTION, Outcome.FEE_UNPAID, Outcome.WITHDRAWN})


def outcomes_in(group: OutcomeGroup) -> list[Outcome]:
    return [outcome for outcome, rule in OUTCOME_RULES.items() if rule.group == group]
