"""The figures that annual reports usually tell in section one, offered to who asks for them. Pure.

Domain section 2 and 国办公开办函〔2021〕30号 name the five headings; which figures stand under them
is practice. A figure that has a key here keeps its name and unit: sentences are made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class UsualFact(NamedTuple):
    """`said` stands before the figure in a sentence; `read` are the ways of prose to say the same.

    What is not summed is told for the whole area by the government's office.
    """

    label: str
    unit: str
    passage: str  # key of the passage of section one
    said: str
    read: str
    is_summed: bool = True


USUAL_FACTS: Mapping[str, UsualFact] = {
    "items_published": UsualFact(
        "主动公开政府信息", "条", "disclosure", "主动公开政府信息", r"主动公开(?:各类)?政府信息"
    ),
    "normative_documents": UsualFact(
        "公开行政规范性文件",
        "件",
        "disclosure",
        "公开行政规范性文件",
        r"(?:主动)?公开(?:行政)?规范性文件",
    ),
    "interpretations": UsualFact(
        "政策解读",
        "篇",
        "disclosure",
        "发布政策解读",
        r"发布(?:各类)?政策解读(?:材料|文件|信息)?",
    ),
    "responses": UsualFact(
        "回应关切", "次", "disclosure", "回应社会关切", r"回应(?:社会|公众|群众)?关切"
    ),
    "major_decisions": UsualFact(
        "重大行政决策", "项", "disclosure", "公开重大行政决策", r"公开重大(?:行政)?决策(?:事项)?"
    ),
    "projects": UsualFact(
        "重大建设项目",
        "个",
        "disclosure",
        "公开重大建设项目",
        r"公开重大建设项目(?:信息)?",
    ),
    "reply_templates": UsualFact(
        "印发答复文书模板",
        "个",
        "requests",
        "印发答复文书模板",
        r"印发(?:依申请公开)?答复(?:文书)?模板",
        is_summed=False,
    ),
    "area_directories": UsualFact(
        "重点领域公开标准目录",
        "个",
        "management",
        "编制重点领域公开标准目录",
        r"编制(?:基层)?(?:政务公开)?重点领域(?:政务|信息)?公开(?:标准)?目录",
    ),
    "special_columns": UsualFact(
        "公开专题", "个", "platform", "开设公开专题", r"开设(?:政务公开|信息公开|公开)专题"
    ),
    "media_accounts": UsualFact(
        "政务新媒体账号",
        "个",
        "platform",
        "运行政务新媒体账号",
        r"(?:运行|开设|管理)?政务新媒体账号",
    ),
    "gazette_issues": UsualFact(
        "政府公报",
        "期",
        "platform",
        "编印政府公报",
        r"(?:编印|编发|出版|发行)政府公报",
        is_summed=False,
    ),
    "reading_points": UsualFact(
        "政府信息查阅点",
        "个",
        "platform",
        "设立政府信息查阅点",
        r"(?:设立|设置)?政府信息(?:公开)?查阅(?:点|场所)",
    ),
    "trainings": UsualFact(
        "业务培训",
        "次",
        "supervision",
        "组织业务培训",
        r"(?:组织|举办|开展)(?:政务公开|政府信息公开)?(?:工作)?(?:业务)?培训会?",
    ),
    "bulletins": UsualFact(
        "通报",
        "期",
        "supervision",
        "印发通报",
        r"(?:印发|下发|发布)(?:政务公开|政府信息公开)?(?:工作)?通报",
        is_summed=False,
    ),
    "problems_found": UsualFact(
        "通报指出问题",
        "个",
        "supervision",
        "通报指出问题",
        r"通报(?:指出)?问题",
        is_summed=False,
    ),
    "problems_corrected": UsualFact(
        "通报问题完成整改",
        "个",
        "supervision",
        "通报问题完成整改",
        r"通报问题(?:完成整改|整改到位)",
        is_summed=False,
    ),
    "questionnaires": UsualFact(
        "社会评议问卷",
        "份",
        "supervision",
        "收回社会评议问卷",
        r"(?:收回|回收)(?:有效)?社会评议(?:调查)?问卷",
    ),
    "assessments": UsualFact(
        "工作考核",
        "次",
        "supervision",
        "开展工作考核",
        r"(?:组织|开展)(?:政务公开|政府信息公开)?工作考核",
    ),
    "accountability": UsualFact(
        "责任追究", "人次", "supervision", "责任追究", r"(?:实施)?责任追究"
    ),
}
