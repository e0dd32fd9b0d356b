"""The words of the replies: one finding for every outcome, with the article it rests on.

A reply says what was asked and when it was received, what came of it and by which article,
the reasons, how it is supplied, and the remedies (条例 33, 36–40; 行政复议法 23).
"""

from __future__ import annotations

from cases.choices import Outcome, OutcomeGroup

LAW = "《中华人民共和国政府信息公开条例》"
APPLIED = (
    "{{称谓}}以{{申请方式}}方式向本机关提出政府信息公开申请（编号：{{申请编号}}），申请获取："
    "{{申请内容}}。本机关于{{收到日期}}收到。"
)
COURSE = "{{办理经过}}"
REASONS = "{{理由}}"
SUPPLY = "{{提供方式}}"
FINDING = "{{处理结论}}"
REMEDY = "{{救济途径}}"

_REFUSED = f"根据{LAW}" + "第{article}的规定，本机关决定不予公开。"

FINDINGS: dict[Outcome, str] = {
    Outcome.ALREADY_PUBLIC: (
        "经审查，{{称谓}}申请获取的政府信息已经主动公开。"
        f"根据{LAW}第三十六条第一项的规定，现告知获取该信息的方式、途径：{{{{获取途径}}}}。"
    ),
    Outcome.GRANTED: (
        f"经审查，{{{{称谓}}}}申请获取的政府信息属于公开范围。根据{LAW}第三十六条第二项的规定，"
        "本机关决定予以公开，现提供以下信息：{{提供的信息}}。"
    ),
    Outcome.PARTIAL: (
        "经审查，{{称谓}}申请获取的政府信息中含有不应当公开的内容，但是能够作区分处理。"
        f"根据{LAW}第三十七条的规定，本机关提供可以公开的以下内容：{{{{提供的信息}}}}。"
        "其中以下内容不予公开：{{不予公开的内容}}，依据为{{不予公开的依据}}。"
    ),
    Outcome.STATE_SECRET: (
        "经审查，{{称谓}}申请获取的政府信息属于依法确定的国家秘密（{{密级和定密依据}}）。"
        + _REFUSED.format(article="十四条")
    ),
    Outcome.LAW_FORBIDDEN: (
        "经审查，{{称谓}}申请获取的政府信息属于{{禁止公开的规定}}禁止公开的政府信息。"
        + _REFUSED.format(article="十四条")
    ),
    Outcome.SAFETY: (
        "经审查，{{称谓}}申请获取的政府信息公开后可能危及国家安全、公共安全、经济安全、社会稳定。"
        + _REFUSED.format(article="十四条")
    ),
    Outcome.THIRD_PARTY: (
        "经审查，{{称谓}}申请获取的政府信息涉及第三方的商业秘密、个人隐私等，公开会对第三方合法权益"
        "造成损害。{{第三方意见}}。" + _REFUSED.format(article="十五条、第三十二条")
    ),
    Outcome.INTERNAL: (
        "经审查，{{称谓}}申请获取的政府信息属于本机关的内部事务信息（人事管理、后勤管理、内部工作流程等"
        "方面的信息）。" + _REFUSED.format(article="十六条第一款")
    ),
    Outcome.PROCESS: (
        "经审查，{{称谓}}申请获取的政府信息属于本机关在履行行政管理职能过程中形成的过程性信息（讨论记录、"
        "过程稿、磋商信函、请示报告等）。" + _REFUSED.format(article="十六条第二款")
    ),
    Outcome.ENFORCEMENT_FILE: (
        "经审查，{{称谓}}申请获取的政府信息属于行政执法案卷信息。"
        + _REFUSED.format(article="十六条第二款")
    ),
    Outcome.ADMIN_QUERY: (
        "经审查，{{称谓}}申请获取的信息属于工商登记、不动产登记等登记资料一类的行政查询事项，有关法律、"
        f"行政法规对信息的获取有特别规定。根据{LAW}第三十六条第七项的规定，请依照{{{{查询规定}}}}办理，"
        "办理途径：{{查询途径}}。"
    ),
    Outcome.NOT_EXIST: (
        f"经检索，本机关没有{{{{称谓}}}}申请获取的政府信息。根据{LAW}第三十六条第四项的规定，现告知"
        "{{称谓}}该政府信息不存在。检索情况：{{检索情况}}。"
    ),
    Outcome.NOT_THIS_ORGAN: (
        f"经审查，{{{{称谓}}}}申请获取的政府信息不属于本机关负责公开。根据{LAW}第三十六条第五项的规定，"
        "现予以告知。{{负责机关}}"
    ),
    Outcome.NEEDS_CREATION: (
        "经审查，本机关没有现成的{{称谓}}申请获取的政府信息，需要另行对现有政府信息进行加工、分析才能"
        f"形成。根据{LAW}第三十八条的规定，本机关不予提供。"
    ),
    Outcome.STILL_UNCLEAR: (
        f"{{{{称谓}}}}的申请内容不明确，本机关已根据{LAW}第三十条的规定要求补正，补正后的申请内容仍不能"
        "指向具体的政府信息，本机关无法提供。"
    ),
    Outcome.PETITION: (
        f"经审查，{{{{称谓}}}}以政府信息公开申请的形式进行信访、投诉、举报等活动。根据{LAW}第三十九条"
        "第一款的规定，本机关不作为政府信息公开申请处理，请通过以下渠道提出：{{相应渠道}}。"
    ),
    Outcome.REPEAT: (
        "经审查，{{称谓}}曾就相同内容提出申请，本机关已经答复（{{原答复}}），此次属于重复申请。"
        f"根据{LAW}第三十六条第六项的规定，本机关不予重复处理。"
    ),
    Outcome.PUBLICATION: (
        f"经审查，{{{{称谓}}}}的申请内容为要求提供政府公报、报刊、书籍等公开出版物。根据{LAW}第三十九条"
        "第二款的规定，现告知获取的途径：{{获取途径}}。"
    ),
    Outcome.EXCESSIVE: (
        "{{称谓}}申请公开政府信息的数量、频次明显超过合理范围，本机关已要求说明理由，经审查认为申请理由"
        f"不合理。根据{LAW}第三十五条的规定，本机关不予处理。"
    ),
    Outcome.RECONFIRM: (
        "经审查，{{称谓}}申请的内容为要求本机关对已经获取的信息（{{已获取的信息}}）进行确认或者重新出具，"
        "不是对政府信息的获取申请，本机关不予处理。"
    ),
    Outcome.NO_CORRECTION: (
        "本机关已要求{{称谓}}对申请内容作出补正，{{称谓}}无正当理由逾期未补正。"
        f"根据{LAW}第三十条的规定，视为放弃申请，本机关不再处理该政府信息公开申请。"
    ),
    Outcome.FEE_UNPAID: (
        "本机关已向{{称谓}}发出信息处理费收费通知，{{称谓}}未在规定期限内缴纳。"
        f"根据{LAW}第四十二条和国办函〔2020〕109号文件的规定，视为放弃申请，本机关不再处理该政府信息"
        "公开申请。"
    ),
    Outcome.WITHDRAWN: ("{{称谓}}于{{撤回日期}}撤回该政府信息公开申请，本机关不再处理该申请。"),
    Outcome.NOT_GOV_INFO_OR_OTHER: (
        "经审查，{{称谓}}提出的事项不属于政府信息公开申请的处理范围（{{其他情形}}），"
        "本机关不作为政府信息公开申请处理。"
    ),
}

# All others refuse, or give nothing: their reasons are part of the letter (条例36(3)–(6)).
_WITHOUT_REASONS = frozenset(
    {
        Outcome.ALREADY_PUBLIC,
        Outcome.GRANTED,
        Outcome.NOT_EXIST,  # the search is told in the finding
        Outcome.PUBLICATION,
        Outcome.NO_CORRECTION,
        Outcome.FEE_UNPAID,
        Outcome.WITHDRAWN,
    }
)


def asks_reasons(outcome: Outcome) -> bool:
    """Whether a reply of this outcome without reasons would be incomplete."""
    return outcome not in _WITHOUT_REASONS


def supplies(outcome: Outcome) -> bool:
    return outcome.rule.group in {OutcomeGroup.GRANTED, OutcomeGroup.PARTIAL} and (
        outcome != Outcome.ALREADY_PUBLIC
    )


def body(outcome: Outcome | None) -> tuple[str, ...]:
    """The paragraphs between addressee and organ; None: for any outcome, by the field 处理结论."""
    if outcome is None:
        return (APPLIED, COURSE, FINDING, REASONS, SUPPLY, REMEDY)
    supply = (SUPPLY,) if supplies(outcome) else ()
    return (APPLIED, COURSE, FINDINGS[outcome], REASONS, *supply, REMEDY)
