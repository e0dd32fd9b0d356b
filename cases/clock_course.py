"""The course of a case as the clock takes it: facts in order, letters with their answers.

Pure. Before the days are counted the facts are sorted, those that no term can take in are
reported, and each letter that asks for an opinion is matched with its delivery and its answer:
how long a letter pauses the clock may depend on a delivery that was recorded much later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from cases.clock_days import DayMark, Phase
from cases.clock_facts import FOLD_ORDER, Fact, FactKind, Irregularity, in_fold_order, irregularity
from cases.workdays import ONE_DAY, Calendar

OPINION_WORKDAYS = 15  # 条例第三十二条、第三十四条: from the day after the letter is received
HORIZON = timedelta(days=3660)  # ten years: a date further from receipt is a slip of the pen

# What answers a letter or a notice: in time by that one's term, not by the due day.
ANSWERS = (FactKind.CORRECTION_RECEIVED, FactKind.CONSULTATION_RETURNED, FactKind.FEE_PAID)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whose opinion is asked, within which term, and what the law makes of silence."""

    label: str
    letter: str
    article: str
    workdays: int | None  # None: no term in law, the pause ends only with the answer
    silence: str = ""


ADDRESSEES = {
    "third_party": Addressee(
        label="第三方",
        letter="第三方征求意见书",
        article="条例第三十二条",
        workdays=OPINION_WORKDAYS,
        silence="第三方意见期满未答复，由本机关依法决定",
    ),
    "co_producer": Addressee(
        label="共同制作机关",
        letter="共同制作机关征求意见函",
        article="条例第三十四条",
        workdays=OPINION_WORKDAYS,
        silence="共同制作机关期满未答复，视为同意公开",
    ),
    "other_organ": Addressee(
        label="其他机关", letter="其他机关征求意见函", article="条例第三十三条", workdays=None
    ),
}


@dataclass(slots=True)
class Letter:
    """A letter asking for an opinion: the days after it do not count until it is ended."""

    sent: Fact
    addressee: Addressee
    silent_on: date | None  # the last day of the opinion's term; None: it has none
    delivered_on: date | None = None  # None: the term is reckoned from the sending
    returned_on: date | None = None  # the day the opinion came, or nobody waited for it any more
    heard: bool = True  # False: nothing came, the organ went on without it

    @property
    def sent_on(self) -> date:
        return self.sent.on

    @property
    def delivered(self) -> bool:
        return self.delivered_on is not None

    @property
    def ended_on(self) -> date | None:
        """The day the opinion came back or its term ran out; None while neither is known."""
        if self.returned_on and self.silent_on:
            return min(self.returned_on, self.silent_on)
        return self.returned_on or self.silent_on

    def pauses(self, day: date) -> bool:
        """Whether the day falls after the sending, up to and including the end."""
        return self.sent_on < day and (self.ended_on is None or day <= self.ended_on)

    def notes_on(self, day: date) -> list[str]:
        """What the day strip says of this letter on a day."""
        notes = [f"发出{self.addressee.letter}"] if day == self.sent_on else []
        if day == self.ended_on:
            back = day == self.returned_on
            silence = self.addressee.silence + self.assumption
            answer = f"{'收到' if self.heard else '不再等待'}{self.addressee.label}意见"
            notes.append(answer if back else silence)
        return notes

    @property
    def story(self) -> str:
        """The pause in one clause, for the table of the calculation."""
        sent = f"{self.sent_on:%m-%d} 发出{self.addressee.letter}"
        if self.ended_on is None:
            return f"{sent}，尚未收到意见"
        if self.ended_on == self.returned_on:
            return f"{sent}，{self.ended_on:%m-%d} {'收到意见' if self.heard else '不再等待'}"
        return f"{sent}，{self.ended_on:%m-%d} 意见期满{self.assumption}"

    @property
    def assumption(self) -> str:
        """Said of an opinion's term that is reckoned from the sending, for want of a delivery."""
        return "" if self.delivered else "（送达日未记录，自发出次日推定）"


def paused_by(letters: list[Letter]) -> Phase:
    """One reason for a day, however many opinions are asked for at once."""
    addressees = dict.fromkeys(letter.addressee for letter in letters)
    labels = "、".join(addressee.label for addressee in addressees)
    story = "；".join(letter.story for letter in letters) + "，其间不计"
    article = "、".join(addressee.article for addressee in addressees)
    return Phase(DayMark.PAUSE, f"征求{labels}意见，不计入", story, article)


def awaited_until(letters: Sequence[Letter]) -> tuple[date | None, bool]:
    """Of several opinions the last term to end counts, if all have one; whether it is assumed."""
    terms = [(letter.silent_on, not letter.delivered) for letter in letters if letter.silent_on]
    return max(terms) if len(terms) == len(letters) else (None, False)


def run_out(left: int, *, after: date, letters: Iterable[Letter], calendar: Calendar) -> date:
    """Where a term of `left` working days ends if nothing is told after that day; an opinion
    without a term is taken not to pause, since nobody knows for how long."""
    pauses, day = [letter for letter in letters if letter.ended_on], after
    while left:
        day += ONE_DAY
        if calendar.is_workday(day) and not any(pause.pauses(day) for pause in pauses):
            left -= 1
    return day


@dataclass(slots=True)
class Course:
    """What the clock folds: steps by day, letters, and when the case was answered."""

    received_on: date
    calendar: Calendar
    steps: dict[date, list[Fact]] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    replied_on: date | None = None
    unanswered: bool = False  # it was closed without an answer: nothing to be late with
    served_on: date | None = None
    irregularities: list[Irregularity] = field(default_factory=list)
    kept: list[Fact] = field(default_factory=list)  # in time by the schedule of their day
    _letter_of: dict[str, Letter] = field(default_factory=dict)  # the latest of each key

    @property
    def closed_on(self) -> date | None:
        """The day that stops the counting: the reply's ."""
        return self.replied_on or self.served_on

    @property
    def answered_on(self) -> date | None:
        """The day that decides whether the answer was in time (国办公开办函〔2016〕235号)."""
        return self.served_on or self.replied_on

    @property
    def last_on(self) -> date:
        """The last day on which anything of this course takes effect."""
        sent = (letter.sent_on for letter in self.letters)
        answers = (day for day in (self.replied_on, self.served_on) if day)
        return max((self.received_on, *self.steps, *sent, *answers))

    def days_of_note(self) -> frozenset[date | None]:
        """The days on which anything happens."""
        letters = (day for letter in self.letters for day in (letter.sent_on, letter.ended_on))
        return frozenset({*self.steps, *letters, self.replied_on, self.served_on})

    def report(self, code: str, fact: Fact, **words: object) -> None:
        self.irregularities.append(irregularity(code, fact, **words))

    def take(self, fact: Fact) -> None:
        """Put the next fact, in fold order, where it belongs."""
        if fact.was_in_time:
            self.kept.append(fact)
        match fact.kind:
            case FactKind.REPLIED:
                self.replied_on = self.replied_on or fact.on
                self.unanswered = fact.unanswered
                if self.served_on and self.served_on < self.replied_on:
                    self.report("served_before_reply", fact, served=self.served_on)
            case FactKind.SERVED:
                self.served_on = self.served_on or fact.on
            case (
                FactKind.CONSULTATION_DELIVERED
                | FactKind.CONSULTATION_RETURNED
                | FactKind.CONSULTATION_ENDED
            ):
                self._answer_letter(fact)
            case _ if self.closed_on and fact.on > self.closed_on:
                self.report("after_reply", fact, replied=self.closed_on)
            case FactKind.CONSULTATION_SENT:
                self._send_letter(fact)
            case _:
                self.steps.setdefault(fact.on, []).append(fact)

    def _send_letter(self, fact: Fact) -> None:
        addressee = ADDRESSEES.get(fact.addressee, ADDRESSEES["third_party"])
        before = self._letter_of.get(fact.key)
        if before and (before.ended_on is None or fact.on < before.ended_on):
            self.report("consultation_repeated", fact)
            return
        letter = Letter(fact, addressee, self._silent_on(addressee, fact.on))
        self._letter_of[fact.key] = letter
        self.letters.append(letter)

    def _answer_letter(self, fact: Fact) -> None:
        letter = self._letter_of.get(fact.key)
        if letter is None or letter.returned_on:
            self.report("consultation_not_sent", fact)
        elif fact.kind == FactKind.CONSULTATION_DELIVERED:
            letter.delivered_on = fact.on
            letter.silent_on = self._silent_on(letter.addressee, fact.on)
        else:
            letter.returned_on = fact.on
            letter.heard = fact.kind == FactKind.CONSULTATION_RETURNED
            if fact.was_in_time:
                letter.silent_on = fact.in_time_by
            elif letter.silent_on and fact.on > letter.silent_on:
                self.report("consultation_overdue", fact, last=letter.silent_on)

    def kept_open_by(self, due: date, taken: Fact | None) -> Fact | None:
        """The first fact, but the one `taken`, that is late by `due` and was in time by the due day
        of its own schedule."""
        kept = (it for it in self.kept if it.kind not in ANSWERS and it is not taken)
        return next((fact for fact in kept if _too_late(fact, due)), None)

    def end_waits(self) -> None:
        """Once it has answered, the organ waits no more for an opinion that has no term."""
        for letter in self.letters:
            if self.closed_on and letter.ended_on is None:
                letter.returned_on, letter.heard = self.closed_on, False

    def _silent_on(self, addressee: Addressee, received_on: date) -> date | None:
        if addressee.workdays is None:
            return None
        return self.calendar.nth_workday_after(received_on, addressee.workdays)


def _too_late(fact: Fact, due: date) -> bool:
    """A letter that goes out on the due day itself stops nothing any more."""
    return fact.on >= due if fact.kind == FactKind.CONSULTATION_SENT else fact.on > due


def read_course(received_on: date, facts: Iterable[Fact], calendar: Calendar) -> Course:
    """Sort the facts of a case, in whatever order they are given, into its course."""
    course, horizon = Course(received_on, calendar), received_on + HORIZON
    for fact in sorted(facts, key=in_fold_order):
        if fact.kind not in FOLD_ORDER:
            course.report("unknown_kind", fact)
        elif fact.on < received_on:
            course.report("before_receipt", fact, received=received_on)
        elif max(fact.on, fact.day or fact.on) > horizon or (fact.days or 0) > HORIZON.days:
            course.report("out_of_range", fact)
        else:
            course.take(fact)
    course.end_waits()
    return course
