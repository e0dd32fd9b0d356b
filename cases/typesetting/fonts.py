"""A font that can set Chinese: from the folder that PDF_FONT_DIR names, else from the system.

A font is asked what it can set, not what it is called: some of those named after 宋体 hold half of
the characters, and some nobody here has heard of hold all.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import typst

from cases.choices import ApplicantKind, Outcome, OutcomeGroup, ProceedingKind

# What the pages say: a font that lacks one of these characters will not do. The rows and columns of
# the official tables are among them (tests/reports/test_briefing_pdf.py).
WORDS = (
    "年度新收申请件上结转共其余单位办结予以公开截至没有按时答复超过期限未记录送达日比率增加减少持平"
    "七二五六下区只审尚形情总收按掌握数果用的相纠纳续继维缴计转这通"
    "卷内目录序号题名责任者页码大小材料证据证明对象休假停等重逾班到期暂定征求意见补正延期工作日次日起算"
)
MARKS = ".0123456789%（）〔〕、，。；：“”—÷"
LABELS = "".join(
    str(label)
    for choices in (Outcome, OutcomeGroup, ApplicantKind, ProceedingKind)
    for label in choices.labels
)
PROBE = "".join(sorted({*WORDS, *MARKS, *LABELS}))
PROBE_SOURCE = b"#set text(font: sys.inputs.font, fallback: false)\n#sys.inputs.probe"
STRICT: Final = (
    "a-2b"  # a PDF that must show every character: setting one that is not there is an error
)

# In the order in which a document would have them: 仿宋 and 宋体 first, then what systems bring.
PREFERRED = (
    *("FangSong_GB2312", "FangSong", "仿宋", "STFangsong", "FZFangSong-Z02", "仿宋_GB2312"),
    *("SimSun", "宋体", "NSimSun", "Songti SC", "STSong", "FZShuSong-Z01"),
    *("Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN", "Noto Serif SC"),
    *("AR PL UMing CN", "AR PL SungtiL GB", "FandolSong"),
    *("Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans SC"),
    *("Microsoft YaHei", "PingFang SC", "SimHei", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei"),
)
NO_FONT = (
    "生成 PDF 需要一种中文字体，这台机器上没有找到：请管理员安装一种（如 fonts-noto-cjk），"
    "或用设置 PDF_FONT_DIR 指明字体文件所在的目录。"
)


@dataclass(frozen=True, slots=True)
class ChineseFont:
    """A family that sets all of `PROBE`, among the fonts it was found in."""

    family: str
    fonts: typst.Fonts


@lru_cache
def chinese_font(folder: Path | None = None) -> ChineseFont | None:
    """The best there is, a font of `folder` before any of the system; None where there is none.

    Looked for once in a process, for all fonts of the machine are read: a new one is found after a
    restart.
    """
    own = [_fonts(False, [folder])] if folder else []
    return next(filter(None, map(best_of, (*own, _fonts(True, [])))), None)


def best_of(fonts: typst.Fonts) -> ChineseFont | None:
    families = fonts.families()
    known = [family for family in PREFERRED if family in families]
    others = [family for family in families if family not in known]
    suitable = (family for family in (*known, *others) if sets_chinese(family, fonts))
    return next((ChineseFont(family, fonts) for family in suitable), None)


def sets_chinese(family: str, fonts: typst.Fonts) -> bool:
    said = {"font": family, "probe": PROBE}
    try:
        typst.compile(
            PROBE_SOURCE, font_paths=fonts, sys_inputs=said, pdf_standards=STRICT, timestamp=0
        )
    except typst.TypstError:
        return False
    return True


def _fonts(with_system: bool, folders: list[Path]) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=with_system, include_embedded_fonts=False, font_paths=folders
    )
