"""Lets the stories happen: every act through `cases.workflow`, in the order of the days."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from cases import workflow
from cases.choices import ApplicantKind, ProceedingKind, Ruling
from cases.demo.papers import write_letter
from cases.demo.people import PURPOSES, make_applicant
from cases.demo.stories import Step, Story, confirms
from cases.forms.letters import WITHOUT_NUMBER
from cases.models import Case, Department, Proceeding, User
from cases.workdays import Calendar

CONFIRMED = "电话核对，申请人认可。"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who works where, by the organ's short name."""

    organs: dict[str, Department]
    handlers: dict[str, User]
    head: User
    reviewer: User


@dataclass(frozen=True, slots=True)
class Dispute:
    """A review or suit against what was done on the case of that content; days are working days."""

    content: str
    kind: ProceedingKind
    serial: int  # of its docket, in the year it was filed
    filed_after: int  # the reply
    concluded_after: int | None = None  # the filing; None: still pending
    ruling: Ruling | None = None
    received_after: int | None = None  # the filing: when the notice came in
    answered_after: int | None = None  # the notice
    ordered_after: int | None = None  # the conclusion: when the order of a new reply came in
    ordered_workdays: int = 0  # the term it sets

    def docket(self, year: int) -> str:
        if self.kind == ProceedingKind.REVIEW:
            return f"秀政复〔{year}〕{self.serial}号"
        return f"（{year}）浙0411行初{self.serial}号"


@dataclass(slots=True)
class Stage:
    """The cases that have come in so far, by their content; no two stories have the same."""

    cast: Cast
    calendar: Calendar
    cases: dict[str, Case] = field(default_factory=dict)
    _letters: Counter[tuple[int, int]] = field(default_factory=Counter)

    def play(self, stories: Iterable[Story]) -> None:
        """Numbers of cases and letters rise with the days, since the acts follow each other so."""
        for _, _, story, step in sorted(self._acts(stories), key=lambda act: act[:2]):
            if step is None:
                self._register(story)
            else:
                self._do(story, step)

    def _acts(self, stories: Iterable[Story]) -> Iterator[tuple[date, int, Story, Step | None]]:
        """Day, place within the story, and the act; None: its registration."""
        for story in stories:
            later = story.confirmed_later
            steps = (confirms(CONFIRMED), *story.steps) if later else story.steps
            yield self._entered_on(story), 0, story, None
            for place, step in enumerate(steps, start=1):
                yield self._day(story, step), place, story, step

    def _entered_on(self, story: Story) -> date:
        if story.received_on is None or story.confirmed_later:
            return story.arrived_on
        return story.received_on

    def _day(self, story: Story, step: Step) -> date:
        return self.calendar.nth_workday_after(story.received_on or story.arrived_on, step.after)

    def _register(self, story: Story) -> None:
        entered_on, habit, organs = self._entered_on(story), story.habit, self.cast.organs
        handler = self.cast.handlers[story.organ]
        applicant = make_applicant(story.applicant, story.channel)
        case = Case(
            department=organs[story.organ],
            channel=story.channel,
            arrived_on=story.arrived_on,
            received_on=None if story.confirmed_later else story.received_on,
            content=story.content,
            purpose=PURPOSES[ApplicantKind(applicant.kind)],
            form_wanted=habit.form,
            delivery_wanted=habit.delivery,
            handler=handler if story.assigned else None,
            drafting_department=organs[story.drafted_by] if story.drafted_by else None,
        )
        self.cases[story.content] = workflow.register(case, applicant, by=handler, today=entered_on)

    def _do(self, story: Story, step: Step) -> None:
        day, case = self._day(story, step), self.cases[story.content]
        by = self.cast.head if step.by_head else self.cast.handlers[story.organ]
        by = self.cast.reviewer if step.by_reviewer else by
        values = dict(step.values)
        if step.act is workflow.reply:
            values |= {"reply_number": self._letter_number(case, day.year)}
        if step.act is write_letter and values["kind"] not in WITHOUT_NUMBER:
            values |= {"number": self._letter_number(case, day.year)}
        if step.act in (workflow.reply, workflow.serve):
            values |= {"service_method": story.habit.service}
        if step.day_field:
            values[step.day_field] = day
        self.cases[story.content] = step.act(case, by=by, today=day, **values)

    def _letter_number(self, case: Case, year: int) -> str:
        """××公开〔年〕×号, counted apart from the applications."""
        self._letters[case.department_id, year] += 1
        prefix = case.department.number_prefix.removesuffix("申")
        return f"{prefix}〔{year}〕{self._letters[case.department_id, year]}号"

    def dispute(self, disputes: Sequence[Dispute]) -> None:
        """Each is entered once, as it stands at its end."""
        for row in disputes:
            case = self.cases[row.content]
            assert case.closed_on is not None  # only a reply is challenged here
            filed_on = self.calendar.nth_workday_after(case.closed_on, row.filed_after)
            concluded_on = None
            if row.concluded_after is not None:
                concluded_on = self.calendar.nth_workday_after(filed_on, row.concluded_after)
            received_on, sent_on = self._notice(row, filed_on)
            proceeding = Proceeding(
                department=case.department,
                case=case,
                kind=row.kind,
                docket=row.docket(filed_on.year),
                filed_on=filed_on,
                received_on=received_on,
                defence_sent_on=sent_on,
                ruling=row.ruling or "",
                result=row.ruling.result if row.ruling else "",
                concluded_on=concluded_on,
            )
            latest = max(day for day in (filed_on, received_on, sent_on, concluded_on) if day)
            workflow.record_proceeding(proceeding, by=self.cast.head, today=latest)
            if row.ordered_after is not None:
                self._order(proceeding, row.ordered_after, row.ordered_workdays)

    def _order(self, proceeding: Proceeding, after: int, workdays: int) -> None:
        """The decision that came in `after` so many days orders a new reply."""
        assert proceeding.case and proceeding.concluded_on  # only a decision orders one
        on = self.calendar.nth_workday_after(proceeding.concluded_on, after)
        by = self.cast.handlers[proceeding.department.short_name]
        workflow.reopen(
            proceeding.case, by=by, today=on, proceeding=proceeding, on=on, workdays=workdays
        )

    def _notice(self, row: Dispute, filed_on: date) -> tuple[date | None, date | None]:
        """When the notice came in, and when the organ answered it."""
        if row.received_after is None:
            return None, None
        received_on = self.calendar.nth_workday_after(filed_on, row.received_after)
        if row.answered_after is None:
            return received_on, None
        return received_on, self.calendar.nth_workday_after(received_on, row.answered_after)
