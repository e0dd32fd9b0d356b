"""The seven questions that lead from an application to its outcome, as one decision table.

补不补—是不是—谁负责—有没有—给不给—怎么给—怎么答: how reviewers are taught to think. The guide is
optional and decides nothing: each answer leads to another question, to an outcome with its article,
or to an act that has to come first, and to the letter of either. The answers so far are the whole
state; no case is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cases.choices import Addressee, LetterKind, Outcome
from cases.permissions import Act

SEVEN = ("补不补", "是不是", "谁负责", "有没有", "给不给", "怎么给", "怎么答")


@dataclass(frozen=True, slots=True)
class Ending:
    """Where a branch ends: an outcome, or an act that comes first, and the letter that tells of it.

    An outcome with an `act` has one of its own besides the reply. `before` are the acts that make
    room for `act`, the last step first. `addressee` is whose opinion is to be asked.
    """

    outcome: Outcome | None = None
    act: Act | None = None
    before: tuple[Act, ...] = ()
    letter: LetterKind | None = LetterKind.REPLY
    advice: str = ""
    addressee: Addressee | None = None

    @property
    def starts_with(self) -> dict[str, str]:
        """What the page of the act starts with."""
        said = {"outcome": self.outcome, "addressee": self.addressee}
        return {name: str(value) for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Answer:
    """`key` stands in the address, once a question; `leads` is a question's key or an ending."""

    key: str
    label: str
    leads: str | Ending
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    key: str
    step: int  # place in SEVEN, from 0
    ask: str
    gist: str  # what the article says of it, in plain words
    article: str
    answers: tuple[Answer, ...]


def _to(outcome: Outcome, advice: str = "", act: Act | None = None) -> Ending:
    return Ending(outcome=outcome, advice=advice, act=act)


# Grounds on which information is refused, each with what to look at (条例14–16).
_GROUNDS: dict[Outcome, tuple[str, str]] = {
    Outcome.STATE_SECRET: ("secret", "已依法定密的文件；没有定密的不能以此为由。"),
    Outcome.LAW_FORBIDDEN: ("forbidden", "须能写出法律或行政法规的名称和条款，规章不够。"),
    Outcome.SAFETY: ("safety", "公开后可能危及国家安全、公共安全、经济安全、社会稳定。"),
    Outcome.THIRD_PARTY: ("third", "含商业秘密、个人隐私等，公开会损害第三方。"),
    Outcome.INTERNAL: ("internal", "人事管理、后勤管理、内部工作流程三类。"),
    Outcome.PROCESS: ("process", "讨论记录、过程稿、磋商信函、请示报告四类。"),
    Outcome.ENFORCEMENT_FILE: ("file", "处罚、检查、强制等案卷中的信息。"),
}
_THIRD_KEY = _GROUNDS[Outcome.THIRD_PARTY][0]


def _ground_answers() -> tuple[Answer, ...]:
    """Third parties are asked first; all other grounds go on to whether the rest can be given."""
    return tuple(
        Answer(key, str(outcome.label), key if key == _THIRD_KEY else f"part-{key}", hint)
        for outcome, (key, hint) in _GROUNDS.items()
    )


def _part_questions() -> tuple[Question, ...]:
    """Whether what may not be given can be told apart from what may (条例37), by ground."""
    return tuple(
        Question(
            f"part-{key}",
            5,
            "不能公开的内容，能不能和能公开的内容分开？",
            "申请的信息里有不应公开的内容，但能作区分处理的，公开其余部分，并说明不公开部分的理由。",
            "第三十七条",
            (
                Answer("split", "能分开，其余部分可以给", _to(Outcome.PARTIAL)),
                Answer("whole", "不能分开，整体不公开", _to(outcome)),
            ),
        )
        for outcome, (key, _) in _GROUNDS.items()
    )


_QUESTIONS = (
    Question(
        "start",
        0,
        "申请内容写清楚了吗？要素齐全吗？",
        "写明姓名或名称、身份证明、联系方式，信息的名称、文号或其他特征，以及获取的形式和途径。"
        "不明确的，收到之日起 7 个工作日内一次性告知补正。",
        "第二十九条、第三十条",
        (
            Answer("clear", "清楚，或者补正后已经清楚", "nature"),
            Answer(
                "ask",
                "不清楚，还没有要求过补正",
                Ending(
                    act=Act.ASK_CORRECTION,
                    letter=LetterKind.CORRECTION,
                    advice="先一次性告知要补正的事项和合理期限，收到补正后期限重新计算。",
                ),
            ),
            Answer("unclear", "补正了，仍然指不出要哪一份信息", _to(Outcome.STILL_UNCLEAR)),
            Answer(
                "silent",
                "超过补正期限没有补正，也没有正当理由",
                _to(Outcome.NO_CORRECTION, act=Act.GIVE_UP_CORRECTION),
            ),
            Answer("withdrawn", "申请人已撤回申请", _to(Outcome.WITHDRAWN, act=Act.WITHDRAW)),
        ),
    ),
    Question(
        "nature",
        1,
        "这是不是申请公开政府信息？",
        "政府信息是行政机关在履行行政管理职能过程中制作或者获取、以一定形式记录保存的信息。"
        "看实质要求，不看用了什么表格。",
        "第二条、第三十九条",
        (
            Answer("yes", "是，要的是一份政府信息", "often"),
            Answer("petition", "是在信访、投诉、举报", _to(Outcome.PETITION)),
            Answer("publication", "要的是公报、报刊、书籍等公开出版物", _to(Outcome.PUBLICATION)),
            Answer(
                "registers",
                "要的是工商、不动产登记等另有查询规定的资料",
                _to(Outcome.ADMIN_QUERY),
            ),
            Answer("confirm", "信息已经有了，只要求确认或重新出具", _to(Outcome.RECONFIRM)),
            Answer("other", "是咨询，或者不是政府信息", _to(Outcome.NOT_GOV_INFO_OR_OTHER)),
        ),
    ),
    Question(
        "often",
        1,
        "是不是重复申请，或者数量、频次明显过多？",
        "同一申请人就同一内容已经答复过的，告知不予重复处理；数量、频次明显超过合理范围的，"
        "可以要求说明理由。",
        "第三十五条、第三十六条第六项",
        (
            Answer("no", "都不是", "organ"),
            Answer("repeat", "已经答复过同一申请人的同一内容", _to(Outcome.REPEAT)),
            Answer(
                "reasons",
                "明显过多，还没有要求说明理由",
                Ending(
                    act=Act.ASK_REASONS,
                    letter=LetterKind.REASONS,
                    advice="先书面要求申请人说明理由，说明之前不要答复。等待说明不停止计算期限。",
                ),
            ),
            Answer("unreasonable", "说明的理由不合理", _to(Outcome.EXCESSIVE)),
            Answer("reasonable", "理由合理，期限内能答复，或者已告知延迟答复的日期", "organ"),
            Answer(
                "delay",
                "理由合理，但期限内不能答复",
                Ending(
                    act=Act.DELAY,
                    before=(Act.RECEIVE_REASONS, Act.ASK_REASONS),
                    letter=None,
                    advice="确定延迟答复的合理期限，在到期日之前告知申请人。",
                ),
            ),
        ),
    ),
    Question(
        "organ",
        2,
        "这份信息由谁负责公开？",
        "谁制作谁公开；从公民、法人和其他组织获取的由保存的机关公开；从别的机关获取的由制作或"
        "最初获取的机关公开；共同制作的由牵头制作的机关公开。",
        "第十条、第三十四条、第三十六条第五项",
        (
            Answer("own", "本机关", "search"),
            Answer(
                "other",
                "别的机关",
                _to(Outcome.NOT_THIS_ORGAN, "知道负责机关的，写明名称和联系方式。"),
            ),
            Answer(
                "ask",
                "本机关牵头、与别的机关共同制作，还没有征求意见",
                Ending(
                    act=Act.CONSULT,
                    letter=LetterKind.CO_PRODUCER,
                    addressee=Addressee.CO_PRODUCER,
                    advice="书面征求共同制作机关意见；对方收到之日起 15 个"
                    "工作日内答复，逾期未答复视为同意公开。征求的时间不计入期限。",
                ),
            ),
            Answer("asked", "共同制作的，已征求过意见", "search"),
        ),
    ),
    Question(
        "search",
        3,
        "本机关有没有这份信息？",
        "先检索并留下检索记录：在哪里找、用哪些词、谁找的、找到什么。条例不要求为申请人另行"
        "汇总、加工或者重新分析。",
        "第三十六条第一项、第四项，第三十八条",
        (
            Answer("found", "有，还没有主动公开", "grounds"),
            Answer("public", "有，已经主动公开", _to(Outcome.ALREADY_PUBLIC)),
            Answer("none", "检索过，没有", _to(Outcome.NOT_EXIST)),
            Answer("make", "没有现成的，要汇总、加工或重新分析", _to(Outcome.NEEDS_CREATION)),
        ),
    ),
    Question(
        "grounds",
        4,
        "有没有不能给的法定理由？",
        "公开为常态，不公开为例外。不公开要有法定理由，并且针对申请的这一份信息。",
        "第十四条至第十六条",
        (Answer("none", "没有，可以给", "fee"), *_ground_answers()),
    ),
    Question(
        _THIRD_KEY,
        4,
        "书面征求过第三方意见吗？意见如何？",
        "可能损害第三方合法权益的，书面征求意见，第三方收到之日起 15 个工作日内答复；逾期未答复的，"
        "由行政机关决定。不公开会对公共利益造成重大影响的，可以公开并告知第三方。",
        "第十五条、第三十二条",
        (
            Answer(
                "ask",
                "还没有征求",
                Ending(
                    act=Act.CONSULT,
                    letter=LetterKind.THIRD_PARTY_OPINION,
                    addressee=Addressee.THIRD_PARTY,
                    advice="先书面征求第三方意见，征求的时间不计入期限。",
                ),
            ),
            Answer("agrees", "第三方同意公开", "fee"),
            Answer("refuses", "第三方有合理理由不同意", f"part-{_THIRD_KEY}"),
            Answer("silent", "没有答复，或理由不合理，本机关认为可以公开", "fee"),
            Answer(
                "weighed",
                "不公开会对公共利益造成重大影响",
                "fee",
                "决定公开的内容和理由要书面告知第三方",
            ),
        ),
    ),
    *_part_questions(),
    Question(
        "fee",
        5,
        "怎么给？要不要收信息处理费？",
        "按申请人要求的形式给；不能按要求的，安排查阅、提供复制件等。数量、频次明显超过合理范围的，"
        "可以收取信息处理费。",
        "第四十条、第四十二条",
        (
            Answer("free", "不收费，或者费用已经缴清", _to(Outcome.GRANTED)),
            Answer(
                "ask",
                "要收费，还没有通知",
                Ending(
                    act=Act.ASK_FEE,
                    letter=LetterKind.FEE,
                    advice="在答复期限内通知收费的依据、标准、金额和缴纳办法。",
                ),
            ),
            Answer(
                "unpaid",
                "通知缴费后逾期没有缴",
                _to(Outcome.FEE_UNPAID, act=Act.GIVE_UP_FEE),
            ),
        ),
    ),
)
QUESTIONS = {question.key: question for question in _QUESTIONS}
FIRST = _QUESTIONS[0].key


class Given(NamedTuple):
    """An answer that was given."""

    question: Question
    answer: Answer


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answers lead: `question` to ask next, or the `ending`; `given` those so far.

    `lost` when an answer was not one of those offered: the guide stands at the last one understood.
    """

    given: tuple[Given, ...]
    question: Question | None
    ending: Ending | None
    lost: bool = False


def walk(keys: Sequence[str]) -> Place:
    """From the first question along the answers `keys`."""
    given: list[Given] = []
    question: Question | None = QUESTIONS[FIRST]
    for key in keys:
        answer = next((a for a in question.answers if a.key == key), None) if question else None
        if question is None or answer is None:
            return _place(given, lost=True)
        given.append(Given(question, answer))
        question = QUESTIONS[answer.leads] if isinstance(answer.leads, str) else None
    return _place(given)


def _place(given: list[Given], *, lost: bool = False) -> Place:
    leads = given[-1].answer.leads if given else FIRST
    if isinstance(leads, Ending):
        return Place(tuple(given), None, leads, lost)
    return Place(tuple(given), QUESTIONS[leads], None, lost)


def endings(key: str = FIRST) -> Iterator[Ending]:
    """Every ending that can be reached from a question."""
    for answer in QUESTIONS[key].answers:
        if isinstance(answer.leads, Ending):
            yield answer.leads
        else:
            yield from endings(answer.leads)
