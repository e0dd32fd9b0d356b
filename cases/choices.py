"""Every code list of an application, with the words the regulation uses for it.

Values are stored and exported; labels are shown. The values of `ApplicantKind` are the column keys
and those of `Outcome` the outcome codes of the statutory report formats (国办公开办函〔2021〕30号).
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices


class DepartmentKind(TextChoices):
    GOVERNMENT = "government", "人民政府"
    OFFICE = "office", "政府办公室"
    DEPARTMENT = "department", "工作部门"
    TOWN = "town", "镇、街道"
    PLATFORM = "platform", "开发区、平台"


class Role(TextChoices):
    CLERK = "clerk", "经办人"
    REVIEWER = "reviewer", "审核人"
    SUPERVISOR = "supervisor", "政务公开主管"
    AUDITOR = "auditor", "只读"
    ADMINISTRATOR = "administrator", "系统管理员"


class ApplicantKind(TextChoices):
    NATURAL_PERSON = "natural_person", "自然人"
    ORG_COMMERCIAL = "org_commercial", "商业企业"
    ORG_RESEARCH = "org_research", "科研机构"
    ORG_PUBLIC_WELFARE = "org_public_welfare", "社会公益组织"
    ORG_LEGAL_SERVICE = "org_legal_service", "法律服务机构"
    ORG_OTHER = "org_other", "其他组织"


class Channel(TextChoices):
    IN_PERSON = "in_person", "当面"
    REGISTERED_MAIL = "registered_mail", "邮寄"
    COURIER = "courier", "快递"
    ORDINARY_MAIL = "ordinary_mail", "平信"
    PORTAL = "portal", "网络"
    EMAIL = "email", "电子邮件"
    FAX = "fax", "传真"
    OTHER = "other", "其他"

    @property
    def needs_confirmation(self) -> bool:
        """Received only on the day the applicant confirms it (条例31, 207号)."""
        return self in {Channel.ORDINARY_MAIL, Channel.PORTAL, Channel.EMAIL, Channel.FAX}

    @property
    def receipt_rule(self) -> str:
        """Which day is the statutory day of receipt (条例31, 国办公开办函〔2015〕207号)."""
        return _RECEIPT_RULES[self]


_RECEIPT_RULES = {
    Channel.IN_PERSON: "当面提交的，提交之日为收到日。",
    Channel.REGISTERED_MAIL: "挂号、特快专递等需要签收的邮件，签收之日为收到日。",
    Channel.COURIER: "快递需要签收，签收之日为收到日。",
    Channel.ORDINARY_MAIL: "平信无需签收，与申请人确认之日为收到日；未联系上的先登记为待确认。",
    Channel.PORTAL: "网上提交的，双方确认之日为收到日；未确认的先登记为待确认。",
    Channel.EMAIL: "电子邮件提交的，双方确认之日为收到日；未确认的先登记为待确认。",
    Channel.FAX: "传真提交的，双方确认之日为收到日；未确认的先登记为待确认。",
    Channel.OTHER: "其他方式，以本机关确实收到之日为收到日。",
}


class FormWanted(TextChoices):
    PAPER = "paper", "纸质"
    ELECTRONIC = "electronic", "电子"


class DeliveryWanted(TextChoices):
    POST = "post", "邮寄"
    EMAIL = "email", "电子邮件"
    IN_PERSON = "in_person", "当面领取"


class ServiceMethod(TextChoices):
    """How a reply was served; the day that counts differs (国办公开办函〔2016〕235号)."""

    POST = "post", "邮寄（邮政企业）"
    IN_PERSON = "in_person", "当面领取"
    EMAIL = "email", "电子邮件"
    PORTAL = "portal", "网站平台"

    @property
    def day_label(self) -> str:
        return {
            ServiceMethod.POST: "交邮日期",
            ServiceMethod.IN_PERSON: "签收日期",
            ServiceMethod.EMAIL: "发出日期",
            ServiceMethod.PORTAL: "发布日期",
        }[self]


class WithdrawalManner(TextChoices):
    """How an applicant withdrew; each leaves something to keep in the file."""

    LETTER = "letter", "书面"
    IN_PERSON = "in_person", "当面（签字确认）"
    EMAIL = "email", "电子邮件"
    PORTAL = "portal", "网站平台"


class Stage(TextChoices):
    """Where a case stands by its own record; pauses follow from the facts (see querysets)."""

    UNCONFIRMED = "unconfirmed", "待确认"
    OPEN = "open", "办理中"
    UNSERVED = "unserved", "待送达"
    CLOSED = "closed", "已办结"
    VOID = "void", "已作废"


class Waiting(TextChoices):
    """What stops the clock; the values are those of `clock.Clock.waiting_for`."""

    CONFIRMATION = "confirmation", "待确认"
    CORRECTION = "correction", "等待补正"
    CONSULTATION = "consultation", "征求意见中"
    FEE = "fee", "等待缴费"


class Addressee(TextChoices):
    """Whose opinion is asked (条例32, 34, 33)."""

    THIRD_PARTY = "third_party", "第三方"
    CO_PRODUCER = "co_producer", "共同制作机关"
    OTHER_ORGAN = "other_organ", "其他机关"


class Stance(TextChoices):
    """What who was asked says to the disclosure (条例32, 34, 33)."""

    AGREES = "agrees", "同意公开"
    PARTLY = "partly", "部分同意公开"
    REFUSES = "refuses", "不同意公开"


class FeeScheme(TextChoices):
    """By which of the two an application is charged, never by both (国办函〔2020〕109号)."""

    PIECES = "pieces", "按件计收"
    PAGES = "pages", "按页计收"


class EventKind(TextChoices):
    """What happened to a case. Those in `CLOCK_FACTS` move the statutory term (条例30–42)."""

    REGISTERED = "registered", "登记"
    CONFIRMED = "confirmed", "与申请人确认"
    CORRECTION_ASKED = "correction_asked", "要求补正"
    CORRECTION_RECEIVED = "correction_received", "收到补正"
    CONSULTATION_SENT = "consultation_sent", "发出征求意见函"
    CONSULTATION_DELIVERED = "consultation_delivered", "征求意见函送达"
    CONSULTATION_RETURNED = "consultation_returned", "收到意见"
    CONSULTATION_LAPSED = "consultation_lapsed", "逾期未提出意见"
    CONSULTATION_ENDED = "consultation_ended", "不再等待意见"
    EXTENDED = "extended", "延期"
    REASONS_ASKED = "reasons_asked", "要求说明理由"
    REASONS_RECEIVED = "reasons_received", "收到理由说明"
    DELAYED = "delayed", "确定延迟答复日期"
    FEE_ASKED = "fee_asked", "通知缴费"
    FEE_NOTICE_DELIVERED = "fee_notice_delivered", "收费通知送达"
    FEE_PAID = "fee_paid", "缴费"
    SUBMITTED = "submitted", "送审"
    STEP_SIGNED = "step_signed", "审核同意"
    SENT_BACK = "sent_back", "退回修改"
    RECALLED = "recalled", "撤回送审"
    REPLIED = "replied", "答复"
    SERVED = "served", "送达"
    MAIL_SIGNED = "mail_signed", "妥投"
    MAIL_RETURNED = "mail_returned", "退件"
    REOPENED = "reopened", "责令重新答复"
    REPLIED_AGAIN = "replied_again", "重新答复"
    ARCHIVED = "archived", "归档"
    AMENDED = "amended", "更正"
    ASSIGNED = "assigned", "分派"
    HANDED_OVER = "handed_over", "移交"
    ASSIGNMENT_REFUSED = "assignment_refused", "退回分派"
    ACCEPTED = "accepted", "受理"
    VOIDED = "voided", "作废"
    IMPORTED = "imported", "台账导入"
    COMPLETED = "completed", "台账补登"
    CLOCK_MOVED = "clock_moved", "期限调整"
    CALLED = "called", "沟通记录"
    SECTION_ASKED = "section_asked", "征询科室"
    SECTION_ANSWERED = "section_answered", "科室答复"
    SEARCHED = "searched", "检索记录"
    SPLIT = "split", "拆分"
    LINKED = "linked", "关联"
    UNLINKED = "unlinked", "解除关联"
    DOCUMENT_KEPT = "document_kept", "存入材料"
    DOCUMENT_WITHDRAWN = "document_withdrawn", "撤下材料"
    LETTER_MADE = "letter_made", "制作文书"


# The reply and its service are columns of the case (they may be put right); the rest is read here.
CLOCK_FACTS = (
    EventKind.CORRECTION_ASKED,
    EventKind.CORRECTION_RECEIVED,
    EventKind.CONSULTATION_SENT,
    EventKind.CONSULTATION_DELIVERED,
    EventKind.CONSULTATION_RETURNED,
    EventKind.CONSULTATION_ENDED,
    EventKind.EXTENDED,
    EventKind.DELAYED,
    EventKind.FEE_ASKED,
    EventKind.FEE_NOTICE_DELIVERED,
    EventKind.FEE_PAID,
)


class NoticeKind(TextChoices):
    """What a user is reminded of; the values but the last are those of `reminders.Reminding`."""

    DUE_IN_5 = "due_in_5", "五个工作日内到期"
    DUE_IN_2 = "due_in_2", "两个工作日内到期"
    DUE_TODAY = "due_today", "今日到期"
    OVERDUE = "overdue", "逾期"
    OPINION_PASSED = "opinion_passed", "意见期满"
    CORRECTION_PASSED = "correction_passed", "补正期满"
    FEE_PASSED = "fee_passed", "缴费期满"
    EXTENSION = "extension", "延期须告知"
    CLOCK_MOVED = "clock_moved", "期限调整"


class LinkKind(TextChoices):
    """How two cases belong together; the later one is said to be so of the earlier."""

    SPLIT = "split", "拆分"
    REPEAT = "repeat", "重复申请"
    RELATED = "related", "相关"


class SignOffKind(TextChoices):
    """What a reply may have to pass before it goes out (条例17), in the usual order."""

    SECTION = "section", "科室拟办"
    LEGAL = "legal", "法制审核"
    SECRECY = "secrecy", "保密审查"
    LEADER = "leader", "领导签发"


class Signers(TextChoices):
    """Who may sign a step unless it names users."""

    HANDS = "hands", "经办人、审核人或主管"
    HEADS = "heads", "审核人或主管"
    SUPERVISORS = "supervisors", "政务公开主管"

    @property
    def roles(self) -> frozenset[Role]:
        heads = frozenset({Role.REVIEWER, Role.SUPERVISOR})
        return {
            Signers.HANDS: heads | {Role.CLERK},
            Signers.HEADS: heads,
            Signers.SUPERVISORS: frozenset({Role.SUPERVISOR}),
        }[self]


class RoundState(TextChoices):
    """How far a draft that was submitted has come; one of the first two is live."""

    PENDING = "pending", "审核中"
    SIGNED = "signed", "已签发"
    SENT_BACK = "sent_back", "已退回"
    RECALLED = "recalled", "已撤回"


class Verdict(TextChoices):
    SIGNED = "signed", "同意"
    ON_PAPER = "on_paper", "线下已批"
    SENT_BACK = "sent_back", "退回修改"


class ProceedingKind(TextChoices):
    REVIEW = "review", "行政复议"
    SUIT_DIRECT = "suit_direct", "未经复议直接起诉"
    SUIT_AFTER_REVIEW = "suit_after_review", "复议后起诉"


class ProceedingResult(TextChoices):
    UPHELD = "upheld", "结果维持"
    CORRECTED = "corrected", "结果纠正"
    OTHER = "other", "其他结果"


class ReviewProcedure(TextChoices):
    """How a review is heard; the term of the written answer differs (行政复议法48, 54)."""

    ORDINARY = "ordinary", "普通程序"
    SUMMARY = "summary", "简易程序"


class Ruling(TextChoices):
    """How a review or suit really ended; `RULING_RESULTS` says as what the table counts it."""

    UPHELD = "upheld", "维持"
    CLAIM_DISMISSED = "claim_dismissed", "驳回复议请求、诉讼请求"
    REVOKED = "revoked", "撤销"
    CHANGED = "changed", "变更"
    UNLAWFUL = "unlawful", "确认违法"
    VOID = "void", "确认无效"
    TO_PERFORM = "to_perform", "责令履行"
    NOT_ADMITTED = "not_admitted", "驳回复议申请、驳回起诉"
    WITHDRAWN = "withdrawn", "撤回"
    MEDIATED = "mediated", "调解、和解"
    ENDED = "ended", "终止"
    OTHER = "other", "其他"

    @property
    def result(self) -> ProceedingResult:
        return RULING_RESULTS[self]


# Section four has three results (国办公开办函〔2021〕30号). What decides nothing on the merits,
# a refusal to hear the case included, is 其他结果.
RULING_RESULTS: dict[Ruling, ProceedingResult] = {
    Ruling.UPHELD: ProceedingResult.UPHELD,
    Ruling.CLAIM_DISMISSED: ProceedingResult.UPHELD,
    Ruling.REVOKED: ProceedingResult.CORRECTED,
    Ruling.CHANGED: ProceedingResult.CORRECTED,
    Ruling.UNLAWFUL: ProceedingResult.CORRECTED,
    Ruling.VOID: ProceedingResult.CORRECTED,
    Ruling.TO_PERFORM: ProceedingResult.CORRECTED,
    Ruling.NOT_ADMITTED: ProceedingResult.OTHER,
    Ruling.WITHDRAWN: ProceedingResult.OTHER,
    Ruling.MEDIATED: ProceedingResult.OTHER,
    Ruling.ENDED: ProceedingResult.OTHER,
    Ruling.OTHER: ProceedingResult.OTHER,
}


def rulings_counted_as(result: ProceedingResult) -> list[Ruling]:
    return [ruling for ruling, counted in RULING_RESULTS.items() if counted == result]


class JobState(TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"


class UploadState(TextChoices):
    """How far a ledger that was handed in by page has come."""

    UPLOADED = "uploaded", "已上传"
    PLANNED = "planned", "待确认"
    IMPORTED = "imported", "已导入"
    DISCARDED = "discarded", "已放弃"
    REFUSED = "refused", "不能导入"


class DocumentKind(TextChoices):
    """What a file is to its case."""

    APPLICATION = "application", "申请书"
    EVIDENCE = "evidence", "证明材料"
    SCAN = "scan", "扫描件"
    LETTER = "letter", "文书"
    OTHER = "other", "其他材料"


class LetterKind(TextChoices):
    """The letters of an application (条例30–37, 42; 国办函〔2020〕109号)."""

    REPLY = "reply", "答复书"
    RECEIPT = "receipt", "登记回执"
    CORRECTION = "correction", "补正告知书"
    EXTENSION = "extension", "延期答复告知书"
    THIRD_PARTY_OPINION = "third_party_opinion", "第三方征求意见书"
    THIRD_PARTY_NOTICE = "third_party_notice", "征求第三方意见告知书"
    THIRD_PARTY_DISCLOSURE = "third_party_disclosure", "公开告知书（给第三方）"
    CO_PRODUCER = "co_producer", "共同制作机关征求意见函"
    ASSISTANCE = "assistance", "协办函"
    FEE = "fee", "收费通知书"
    REASONS = "reasons", "说明理由告知书"
    SERVICE = "service", "送达回证"

    @property
    def purpose(self) -> str:
        """Whom it tells what, and the article, for who chooses a letter."""
        return _PURPOSES[self]


_PURPOSES = {
    LetterKind.REPLY: "答复申请人：结论、依据、理由、救济途径（条例第三十三条、第三十六条）",
    LetterKind.RECEIPT: "告知申请人已收到申请和答复期限（条例第三十一条）",
    LetterKind.CORRECTION: "一次性告知申请人补正事项、期限和后果（条例第三十条）",
    LetterKind.EXTENSION: "在到期日前告知申请人延长答复期限（条例第三十三条）",
    LetterKind.THIRD_PARTY_OPINION: "书面征求第三方的意见，15 个工作日内答复（条例第三十二条）",
    LetterKind.THIRD_PARTY_NOTICE: "告知申请人正在征求第三方意见，时间不计入期限（条例第三十三条）",
    LetterKind.THIRD_PARTY_DISCLOSURE: "第三方不同意而决定公开的，告知内容和理由（条例第三十二条）",
    LetterKind.CO_PRODUCER: "征求共同制作机关意见，15 个工作日内提出（条例第三十四条）",
    LetterKind.ASSISTANCE: "请其他单位协助查找、核对或者提出意见（条例第三十三条）",
    LetterKind.FEE: "告知收费依据、标准、金额和缴费方式（国办函〔2020〕109号）",
    LetterKind.REASONS: "数量、频次明显超过合理范围的，要求说明理由（条例第三十五条）",
    LetterKind.SERVICE: "送达时由收件人签收，随卷归档",
}


class RemedyScope(TextChoices):
    """Which outcomes a text of remedies is for (行政复议法 23; 法释〔2025〕8号)."""

    DENIED = "denied", "不予公开第 1 至 7 项"
    PARTIAL = "partial", "部分公开"
    ADMIN_QUERY = "admin_query", "不予公开第 8 项（行政查询事项）"
    OTHER = "other", "其他各类答复"

    @classmethod
    def of(cls, outcome: "Outcome") -> "RemedyScope":
        if outcome == Outcome.ADMIN_QUERY:
            return cls.ADMIN_QUERY
        if outcome == Outcome.PARTIAL:
            return cls.PARTIAL
        return cls.DENIED if outcome.rule.review_first else cls.OTHER


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
    review_first: bool = False  # 复议前置 from 2024-01-01 (行政复议法 23, 法释〔2025〕8号)


REVIEW_FIRST_FROM = date(2024, 1, 1)  # 行政复议法 (2023 年修订) 第二十三条: 复议前置
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


def outcomes_in(group: OutcomeGroup) -> list[Outcome]:
    return [outcome for outcome, rule in OUTCOME_RULES.items() if rule.group == group]
