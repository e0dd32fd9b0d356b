"""Invented applicants: 甲, 乙, 丙 … where a name would stand, and numbers that nobody can have."""

from cases.choices import ApplicantKind, Channel
from cases.models import Applicant

STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
CYCLE = [f"{STEMS[n % 10]}{BRANCHES[n % 12]}" for n in range(60)]  # 甲子, 乙丑 … 癸亥
MARKS = (*STEMS, *BRANCHES, *CYCLE)  # what stands where a name would

KINDS = {
    "申请人": ApplicantKind.NATURAL_PERSON,
    "某商业企业": ApplicantKind.ORG_COMMERCIAL,
    "某物业企业": ApplicantKind.ORG_COMMERCIAL,
    "某研究所": ApplicantKind.ORG_RESEARCH,
    "某社会组织": ApplicantKind.ORG_PUBLIC_WELFARE,
    "某律师事务所": ApplicantKind.ORG_LEGAL_SERVICE,
    "某合作社": ApplicantKind.ORG_OTHER,
    "某业主委员会": ApplicantKind.ORG_OTHER,
}
PURPOSES = {
    ApplicantKind.NATURAL_PERSON: "了解与本人生产、生活有关的情况",
    ApplicantKind.ORG_COMMERCIAL: "生产经营",
    ApplicantKind.ORG_RESEARCH: "课题研究",
    ApplicantKind.ORG_PUBLIC_WELFARE: "公益服务",
    ApplicantKind.ORG_LEGAL_SERVICE: "办理委托事务",
    ApplicantKind.ORG_OTHER: "了解与本组织成员有关的情况",
}


def make_applicant(name: str, channel: Channel) -> Applicant:
    """The applicant called `name`, unsaved: the same name always has the same particulars."""
    what = next(prefix for prefix in KINDS if name.startswith(prefix))
    mark = name.removeprefix(what)
    place = MARKS.index(mark)
    applicant = Applicant(
        kind=KINDS[what],
        name=name,
        phone=f"1380000{place:04}",
        address=f"嘉兴市秀洲区某路 {place + 1} 号",
        email=f"applicant{place + 1}@example.cn" if channel.needs_confirmation else "",
    )
    if applicant.kind == ApplicantKind.NATURAL_PERSON:
        applicant.id_number = f"33041119000000{place:03}X"  # there is no month 00
    else:
        applicant.credit_code = f"91330411MA00000{place:03}"
        applicant.legal_representative = f"法定代表人{mark}"
        applicant.contact_name = f"联系人{mark}"
    return applicant
