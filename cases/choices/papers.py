"""Documents and letters of a case; jobs, uploads and notices about it."""

from django.db.models import TextChoices

from cases.choices.outcomes import Outcome


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
    DEFENCE_IN_5 = "defence_in_5", "五个工作日内提交答复、答辩"
    DEFENCE_IN_2 = "defence_in_2", "两个工作日内提交答复、答辩"
    DEFENCE_TODAY = "defence_today", "今日提交答复、答辩"
    DEFENCE_OVERDUE = "defence_overdue", "答复、答辩逾期"
    AGAIN_IN_5 = "again_in_5", "五个工作日内重新答复"
    AGAIN_IN_2 = "again_in_2", "两个工作日内重新答复"
    AGAIN_TODAY = "again_today", "今日重新答复"
    AGAIN_OVERDUE = "again_overdue", "重新答复逾期"
    CLOCK_MOVED = "clock_moved", "期限调整"


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
    DELAY = "delay", "延迟答复告知书"
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
    LetterKind.DELAY: "大量申请的理由合理而来不及的，告知延迟答复的日期（条例第三十五条）",
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
