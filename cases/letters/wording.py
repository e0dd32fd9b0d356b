"""The words of every letter but the replies (those are `replies`), field names between braces.

A paragraph that is nothing but a field without a value falls out of the letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cases.choices import LetterKind, Outcome
from cases.letters import replies
from cases.letters.replies import APPLIED


class Style(StrEnum):
    """How a paragraph is set, after the layout of official documents (GB/T 9704)."""

    TITLE = "title"
    NUMBER = "number"
    ADDRESSEE = "addressee"
    BODY = "body"
    SIGN = "sign"
    ROW = "row"  # of a form: label｜what stands beside it


@dataclass(frozen=True, slots=True)
class Paragraph:
    style: Style
    text: str


CONTACT = "联系方式：{{机关联系方式}}"

TITLES: dict[LetterKind, str] = {
    LetterKind.RECEIPT: "政府信息公开申请登记回执",
    LetterKind.CORRECTION: "政府信息公开申请补正告知书",
    LetterKind.REASONS: "政府信息公开申请说明理由告知书",
    LetterKind.EXTENSION: "政府信息公开申请延期答复告知书",
    LetterKind.DELAY: "政府信息公开申请延迟答复告知书",
    LetterKind.THIRD_PARTY_OPINION: "政府信息公开征求第三方意见书",
    LetterKind.THIRD_PARTY_NOTICE: "政府信息公开申请征求第三方意见告知书",
    LetterKind.THIRD_PARTY_DISCLOSURE: "政府信息公开告知书",
    LetterKind.CO_PRODUCER: "政府信息公开征求意见函",
    LetterKind.ASSISTANCE: "政府信息公开申请协办函",
    LetterKind.FEE: "政府信息公开信息处理费收费通知书",
    LetterKind.SERVICE: "政府信息公开文书送达回证",
    LetterKind.REPLY: "政府信息公开申请答复书",
}

# To whom; the applicant unless it is said here.
_ADDRESSEES = {
    LetterKind.THIRD_PARTY_OPINION: "{{第三方}}：",
    LetterKind.THIRD_PARTY_DISCLOSURE: "{{第三方}}：",
    LetterKind.CO_PRODUCER: "{{共同制作机关}}：",
    LetterKind.ASSISTANCE: "{{协办单位}}：",
}

_BODIES: dict[LetterKind, tuple[str, ...]] = {
    LetterKind.RECEIPT: (
        APPLIED,
        "根据《中华人民共和国政府信息公开条例》第三十一条、第三十三条的规定，本机关自收到申请之日的"
        "次日起计算答复期限，将于{{答复期限}}前作出答复；需要补正、征求意见、收取信息处理费或者延长"
        "答复期限的，将另行告知。",
        "特此回执。",
        CONTACT,
    ),
    LetterKind.CORRECTION: (
        APPLIED,
        "经审查，上述申请内容不明确，根据《中华人民共和国政府信息公开条例》第三十条的规定，现一次性"
        "告知{{称谓}}补正以下事项：",
        "{{补正事项}}",
        "请于收到本告知书之日起{{补正期限}}内，将补正后的申请提交本机关。答复期限自本机关收到补正的"
        "申请之日起计算。无正当理由逾期不补正的，视为放弃申请，本机关不再处理该申请。",
        CONTACT,
    ),
    LetterKind.REASONS: (
        APPLIED,
        "经统计，{{数量频次}}。{{称谓}}申请公开政府信息的数量、频次明显超过合理范围，根据"
        "《中华人民共和国政府信息公开条例》第三十五条的规定，请于收到本告知书之日起{{说明期限}}内，"
        "书面向本机关说明理由。",
        "本机关认为申请理由不合理的，将告知不予处理；认为申请理由合理，但是无法在规定的期限内答复的，"
        "将确定延迟答复的合理期限并告知{{称谓}}。",
        CONTACT,
    ),
    LetterKind.EXTENSION: (
        APPLIED,
        "因{{延期理由}}，本机关不能在{{原到期日}}前作出答复。根据《中华人民共和国政府信息公开条例》"
        "第三十三条第二款的规定，经本机关政府信息公开工作机构负责人同意，延长答复期限{{延长天数}}，"
        "将于{{延长后到期日}}前作出答复。",
        "特此告知。",
    ),
    LetterKind.DELAY: (
        APPLIED,
        "{{称谓}}申请公开政府信息的数量、频次明显超过合理范围，已按本机关的要求说明理由。经审查，本机关"
        "认为申请理由合理，但是因{{延迟理由}}，无法在规定的期限内答复。根据"
        "《中华人民共和国政府信息公开条例》第三十五条的规定，确定延迟至{{延迟至}}前作出答复。",
        "特此告知。",
    ),
    LetterKind.THIRD_PARTY_OPINION: (
        "本机关于{{收到日期}}收到政府信息公开申请（编号：{{申请编号}}），其中申请公开的"
        "{{征求意见的信息}}，公开可能损害{{第三方称谓}}的合法权益。根据《中华人民共和国政府信息公开条例》"
        "第三十二条的规定，现书面征求{{第三方称谓}}的意见。",
        "请自收到本征求意见书之日起15个工作日内，书面答复是否同意公开；不同意公开的，请说明理由。逾期"
        "未提出意见的，由本机关依照该条例的规定决定是否公开。{{第三方称谓}}不同意公开且有合理理由的，"
        "本机关不予公开；本机关认为不公开可能对公共利益造成重大影响的，可以决定予以公开，并将决定公开的"
        "政府信息内容和理由书面告知{{第三方称谓}}。",
        CONTACT,
    ),
    LetterKind.THIRD_PARTY_NOTICE: (
        APPLIED,
        "{{称谓}}申请公开的政府信息中，{{征求意见的信息}}公开可能损害第三方合法权益。根据"
        "《中华人民共和国政府信息公开条例》第三十二条的规定，本机关已于{{征求意见日期}}书面征求第三方的"
        "意见。根据该条例第三十三条第三款的规定，征求第三方意见所需时间不计算在答复期限内。",
        "特此告知。",
    ),
    LetterKind.THIRD_PARTY_DISCLOSURE: (
        "本机关就政府信息公开申请（编号：{{申请编号}}）书面征求{{第三方称谓}}意见，涉及的信息为："
        "{{征求意见的信息}}。{{第三方意见}}。",
        "经审查，本机关认为不公开上述信息可能对公共利益造成重大影响。根据"
        "《中华人民共和国政府信息公开条例》第三十二条的规定，本机关决定予以公开。决定公开的内容和理由如下：",
        "{{公开的内容和理由}}",
        "{{救济途径}}",
    ),
    LetterKind.CO_PRODUCER: (
        "本机关于{{收到日期}}收到政府信息公开申请（编号：{{申请编号}}），申请公开的"
        "{{征求意见的信息}}由本机关与贵单位共同制作，由本机关牵头制作。根据"
        "《中华人民共和国政府信息公开条例》第三十四条的规定，现征求贵单位的意见。",
        "请自收到本函之日起15个工作日内，书面提出是否同意公开的意见并说明理由。逾期未提出意见的，"
        "视为同意公开。",
        CONTACT,
    ),
    LetterKind.ASSISTANCE: (
        "本机关于{{收到日期}}收到政府信息公开申请（编号：{{申请编号}}），申请获取：{{申请内容}}。",
        "因办理该申请的需要，请贵单位就以下事项予以协助：",
        "{{协办事项}}",
        "该申请的答复期限为{{答复期限}}，请于{{协办期限}}前书面函复本机关，并附相关材料。",
        CONTACT,
    ),
    LetterKind.FEE: (
        APPLIED,
        "根据《中华人民共和国政府信息公开条例》第四十二条和《政府信息公开信息处理费管理办法》"
        "（国办函〔2020〕109号）的规定，{{计费依据}}，应收取信息处理费{{收费金额}}元。",
        "请自收到本通知次日起20个工作日内，按以下方式缴纳：{{缴费方式}}。逾期未缴纳的，视为放弃申请，"
        "本机关不再处理该申请。答复期限自缴清信息处理费次日起重新计算。",
        "对收取信息处理费的决定有异议的，不能单独就该决定申请行政复议或者提起行政诉讼，可以在缴费期满后，"
        "就本机关不再处理该申请的行为，依法申请行政复议或者提起行政诉讼。",
        CONTACT,
    ),
}

_SERVICE = (
    "受送达人｜{{申请人}}",
    "送达文书｜{{送达文书}}",
    "申请编号｜{{申请编号}}",
    "送达方式｜{{送达方式}}",
    "送达地点｜",
    "收件人签名或者盖章｜　　　　　　　　　　年　　月　　日",
    "代收人及代收理由｜　　　　　　　　　　年　　月　　日",
    "送达人签名｜　　　　　　　　　　年　　月　　日",
    "备注｜",
)


def paragraphs(kind: LetterKind, outcome: Outcome | None = None) -> list[Paragraph]:
    """The letter from its title to its date; `outcome` is that of a reply, None for one of any."""
    number = Paragraph(Style.NUMBER, "{{文号}}")
    title = Paragraph(Style.TITLE, TITLES[kind])
    sign = [Paragraph(Style.SIGN, "{{机关}}"), Paragraph(Style.SIGN, "{{日期}}")]
    if kind == LetterKind.SERVICE:
        return [title, number, *(Paragraph(Style.ROW, row) for row in _SERVICE), sign[0]]
    addressee = Paragraph(Style.ADDRESSEE, _ADDRESSEES.get(kind, "{{申请人}}："))
    body = replies.body(outcome) if kind == LetterKind.REPLY else _BODIES[kind]
    return [title, number, addressee, *(Paragraph(Style.BODY, text) for text in body), *sign]
