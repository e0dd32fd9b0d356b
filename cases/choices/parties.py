"""Who applies to whom, and the ways in and out (条例29, 31; 国办公开办函〔2016〕235号)."""

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
