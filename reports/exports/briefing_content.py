"""What stands on the one page of a period's figures, for the page and for the writers of its files.

Data and words alone. Pure.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from reports.checks import Check, by_rule, findings
from reports.formats.base import Format, Tables
from reports.rates import SMALL, Rate
from reports.sentences import Paragraph, days

TITLE = "政府信息公开申请办理情况"
RATES_NOTE = (
    f"比率下为分子/分母；分母不足{SMALL}件的仅供参考，为0的不计。"
    "是否按时看送达日期，到期未送达的不算；未记录送达的看答复日期。"
)


@dataclass(frozen=True, slots=True)
class Briefing:
    """`organ`, `period` and `scope` as printed; `at` in the time of the office."""

    format: Format
    tables: Tables
    checks: list[Check]
    paragraphs: tuple[Paragraph, ...]
    rates: tuple[Rate, ...]
    organ: str
    period: str
    scope: str
    at: datetime

    @property
    def as_at(self) -> str:
        day = self.at.date()
        return f"数据截至{days(day, day)} {self.at:%H:%M}"

    @property
    def source(self) -> str:
        return f"表式：{self.format.doc_no}"

    @property
    def verdict(self) -> str:
        """勾稽关系5项全部相符; or which do not agree, and at how many places."""
        rules = by_rule(self.checks)
        broken = [
            f"{rule.title}{len(findings(checks))}{rule.unit}"
            for rule, checks in rules
            if findings(checks)
        ]
        if not broken:
            return f"勾稽关系{len(rules)}项全部相符。"
        return f"勾稽关系{len(rules)}项，{len(broken)}项不符：{'、'.join(broken)}。"

    @property
    def fingerprint(self) -> str:
        """The same for the same figures and words, whenever they were put together."""
        said = {
            "head": [self.organ, self.period, self.scope, self.format.version],
            "tables": self.tables.to_json(),
            "paragraphs": [paragraph.text for paragraph in self.paragraphs],
            "rates": [[rate.name, rate.part, rate.whole] for rate in self.rates],
        }
        content = json.dumps(said, ensure_ascii=False)
        return sha256(content.encode()).hexdigest()
