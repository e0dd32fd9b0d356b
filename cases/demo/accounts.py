"""Who signs in to the demonstration. Data only: it is read before Django is set up."""

from dataclasses import dataclass

from cases.choices import Role

PASSWORD = "demo-2026"  # no secret: it is printed wherever the demonstration is started


@dataclass(frozen=True, slots=True)
class Account:
    username: str
    password: str
    display_name: str
    roles: tuple[tuple[Role, str], ...]  # the role, and the code of the department it is held at
    label: str  # what the account shows, for the list that is printed


GOVERNMENT, OFFICE, HOUSING = "330411", "330411001", "330411113"  # codes in cases.demo.tree

# 区政府办 is the organ that sees to disclosure in the whole district (条例第四条), so that its
# clerk reads every case of the area and works on those of the office.
OFFICE_CLERK = Account(
    "jia",
    PASSWORD,
    "经办员甲",
    ((Role.CLERK, OFFICE), (Role.AUDITOR, GOVERNMENT)),
    "区政府办经办人，可查看全区",
)
HOUSING_CLERK = Account("wu", PASSWORD, "经办员戊", ((Role.CLERK, HOUSING),), "区住建局经办人")
REVIEWER = Account(
    "geng",
    PASSWORD,
    "审核人庚",
    ((Role.REVIEWER, OFFICE), (Role.REVIEWER, HOUSING)),
    "区政府办和区住建局审核人",
)
SUPERVISOR = Account(
    "yi", PASSWORD, "政务公开主管乙", ((Role.SUPERVISOR, GOVERNMENT),), "全区政务公开主管"
)
ADMINISTRATOR = Account(
    "admin", PASSWORD, "系统管理员", ((Role.ADMINISTRATOR, GOVERNMENT),), "系统管理员，不查看申请件"
)
ACCOUNTS = (OFFICE_CLERK, HOUSING_CLERK, REVIEWER, SUPERVISOR, ADMINISTRATOR)
