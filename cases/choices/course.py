"""What happens to a case, and where it stands."""

from django.db.models import TextChoices

from cases.choices.parties import Role


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
    REVOKED = "revoked", "撤销记录"
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


# The reply and its service are columns of the case (they may be put right); the rest is read here,
# with what revokes it, and what was in time by the schedule of its day (see workflow.in_time).
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
    EventKind.REVOKED,
    EventKind.CLOCK_MOVED,
)


# What may be put right or revoked by itself, the day on which it happened foremost.
CORRIGIBLE = (
    *(kind for kind in CLOCK_FACTS if kind not in (EventKind.REVOKED, EventKind.CLOCK_MOVED)),
    EventKind.CONSULTATION_LAPSED,
    EventKind.REASONS_ASKED,
    EventKind.REASONS_RECEIVED,
    EventKind.SERVED,
    EventKind.MAIL_SIGNED,
    EventKind.MAIL_RETURNED,
    EventKind.REPLIED_AGAIN,
)

# An order to reply again is said anew to put it right; only that there was none is told so.
REVOCABLE = (*CORRIGIBLE, EventKind.REOPENED)

ASSIGNMENTS = (EventKind.ASSIGNED, EventKind.HANDED_OVER)
# The last of these says whose the case is, and whether they have said so.
TAKEN_UP = (*ASSIGNMENTS, EventKind.ACCEPTED, EventKind.ASSIGNMENT_REFUSED)


class Assignment(TextChoices):
    """Assignments that somebody has still to see to."""

    WAITING = "waiting", "已分派未接收"
    RETURNED = "returned", "退回待重新分派"


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
    SPENT = "spent", "已答复"  # its reply is out, and a decision orders another


class Verdict(TextChoices):
    SIGNED = "signed", "同意"
    ON_PAPER = "on_paper", "线下已批"
    SENT_BACK = "sent_back", "退回修改"
