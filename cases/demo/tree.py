"""秀洲区: its government, its office, 28 departments, 8 towns and streets, 3 platforms."""

from collections.abc import Iterable, Iterator

from cases.choices import DepartmentKind
from cases.demo.accounts import GOVERNMENT, OFFICE
from cases.departments import DepartmentRow

# name, short name, what its case numbers begin with before 公开申
DEPARTMENTS = (
    ("秀洲区发展和改革局", "区发改局", "秀发改"),
    ("秀洲区经济和信息化局", "区经信局", "秀经信"),
    ("秀洲区教育体育局", "区教体局", "秀教"),
    ("秀洲区科学技术局", "区科技局", "秀科"),
    ("秀洲区民族宗教事务局", "区民宗局", "秀民宗"),
    ("嘉兴市公安局秀洲区分局", "区公安分局", "秀公"),
    ("秀洲区民政局", "区民政局", "秀民"),
    ("秀洲区司法局", "区司法局", "秀司"),
    ("秀洲区财政局", "区财政局", "秀财"),
    ("秀洲区人力资源和社会保障局", "区人社局", "秀人社"),
    ("嘉兴市自然资源和规划局秀洲分局", "区资规分局", "秀资规"),
    ("嘉兴市生态环境局秀洲分局", "区生态环境分局", "秀环"),
    ("秀洲区住房和城乡建设局", "区住建局", "秀建"),
    ("秀洲区交通运输局", "区交通局", "秀交"),
    ("秀洲区水利局", "区水利局", "秀水"),
    ("秀洲区农业农村局", "区农业农村局", "秀农"),
    ("秀洲区商务局", "区商务局", "秀商"),
    ("秀洲区文化和旅游局", "区文旅局", "秀文"),
    ("秀洲区卫生健康局", "区卫健局", "秀卫"),
    ("秀洲区退役军人事务局", "区退役军人局", "秀退役"),
    ("秀洲区应急管理局", "区应急局", "秀应急"),
    ("秀洲区审计局", "区审计局", "秀审"),
    ("秀洲区市场监督管理局", "区市监局", "秀市监"),
    ("秀洲区统计局", "区统计局", "秀统"),
    ("秀洲区医疗保障局", "区医保局", "秀医保"),
    ("秀洲区综合行政执法局", "区综合执法局", "秀综执"),
    ("秀洲区政务服务和数据资源管理办公室", "区政务数据办", "秀政数"),
    ("秀洲区信访局", "区信访局", "秀信访"),
)
TOWNS = (
    ("王江泾镇人民政府", "王江泾镇", "秀王"),
    ("油车港镇人民政府", "油车港镇", "秀油"),
    ("新塍镇人民政府", "新塍镇", "秀新"),
    ("王店镇人民政府", "王店镇", "秀王店"),
    ("洪合镇人民政府", "洪合镇", "秀洪"),
    ("新城街道办事处", "新城街道", "秀新城"),
    ("嘉北街道办事处", "嘉北街道", "秀嘉北"),
    ("高照街道办事处", "高照街道", "秀高"),
)
PLATFORMS = (
    ("秀洲国家高新技术产业开发区管理委员会", "秀洲高新区", "秀高新"),
    ("嘉兴运河文化省级旅游度假区管理委员会", "运河度假区", "秀运"),
    ("嘉兴秀水新区管理委员会", "秀水新区", "秀水新"),
)


def department_rows() -> Iterator[DepartmentRow]:
    """Parents first, as they are added."""
    yield DepartmentRow("秀洲区人民政府", GOVERNMENT, "", DepartmentKind.GOVERNMENT, "秀洲区")
    office = [("秀洲区人民政府办公室", "区政府办", "秀政")]
    yield from _numbered(int(OFFICE), DepartmentKind.OFFICE, office)
    yield from _numbered(330411101, DepartmentKind.DEPARTMENT, DEPARTMENTS)
    yield from _numbered(330411201, DepartmentKind.TOWN, TOWNS)
    yield from _numbered(330411301, DepartmentKind.PLATFORM, PLATFORMS)


def _numbered(
    first: int, kind: DepartmentKind, organs: Iterable[tuple[str, str, str]]
) -> Iterator[DepartmentRow]:
    for code, (name, short_name, prefix) in enumerate(organs, start=first):
        yield DepartmentRow(name, str(code), GOVERNMENT, kind, short_name, f"{prefix}公开申")
