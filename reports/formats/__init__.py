"""The official formats by version and by report year. A new format is one new file, named here."""

from reports.formats.base import Format
from reports.formats.format_2019 import FORMAT_2019
from reports.formats.format_2021 import FORMAT_2021

FORMATS = {fmt.version: fmt for fmt in (FORMAT_2019, FORMAT_2021)}


class NoFormat(ValueError):
    """No official format has this version or covers this year; the sentence is for the user."""


def get_format(version: str) -> Format:
    if version not in FORMATS:
        raise NoFormat(f"没有“{version}”这一格式，可用的有：{'、'.join(FORMATS)}。")
    return FORMATS[version]


def format_for_year(year: int) -> Format:
    """The format in force for a report year."""
    for fmt in FORMATS.values():
        if fmt.covers(year):
            return fmt
    first = min(fmt.first_year for fmt in FORMATS.values())
    raise NoFormat(f"{year} 年度没有法定报告格式，现行统计表自 {first} 年度起使用。")
