"""Lists: columns and nothing else. Widths and colours are classes of static/css/lists.css."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from inspect import signature
from typing import Any, ClassVar

import django_tables2 as tables
from django.db.models import Case as Switch
from django.db.models import F, QuerySet, When
from django.db.models.functions import Length
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_tables2.rows import BoundRow

from cases.choices import Stage
from cases.lamps import Lamp, lamp_of, workdays_left
from cases.ledger.comparing import split_note
from cases.models import Case, Proceeding, User
from cases.permissions import Act, can_on, can_record
from cases.personal import without_personal
from cases.presenting import day_words, handler_words, state_words
from cases.proceeding_standing import RunningTerm, standing_of
from cases.states import is_stopped
from cases.workdays import Calendar
from cases.workflow import ACTS

WIDE = "wide"  # left out on narrow screens
NUMBER = "number"  # the column that opens the case: always shown
# What the list of cases shows to who has chosen nothing else.
USUAL_COLUMNS = (
    "lamp",
    NUMBER,
    "content",
    "applicant",
    "channel",
    "received_on",
    "due",
    "state",
    "department",
    "handler",
)

Ordered = tuple[QuerySet[Any], bool]

TO_DO_FIRST = Switch(When(stage=Stage.VOID, then=2), When(stage=Stage.CLOSED, then=1), default=0)


def column(css: str, cell: str = "nowrap", **options: Any) -> tables.Column:
    """A column of the width `css`; `cell` are the classes of its cells."""
    wide = f" {WIDE}" if WIDE in cell else ""
    attrs = {"col": {"class": css + wide}, "td": {"class": cell}, "th": {"class": wide.strip()}}
    return tables.Column(attrs=attrs, **options)


class DenseTable(tables.Table):
    """A list as templates/tables/dense.html draws it."""

    class Meta:
        template_name = "tables/dense.html"
        attrs: ClassVar = {"class": "list"}

    def drawn_rows(self) -> Iterator[tuple[SafeString, SafeString]]:
        """Of each row its attributes and its cells.

        Template nodes and django-tables2 take longer by the cell than what is in the cells: the
        attributes are drawn once a column, the cells of a row are put together here.
        """
        columns = [
            (column.attrs["td"].as_html(), self._drawer(column.name)) for column in self.columns
        ]
        for row in self.paginated_rows:
            cells = format_html_join(
                "", "<td {}>{}</td>", ((attrs, draw(row)) for attrs, draw in columns)
            )
            yield row.attrs.as_html(), cells

    def _drawer(self, name: str) -> Callable[[BoundRow], Any]:
        """What draws the cells of a column; a `render_` method of the record alone is asked itself.

        Such a method answers for empty values too. For any other, django-tables2 finds out by the
        cell what it takes.
        """
        render = getattr(self, f"render_{name}", None)
        if render and [*signature(render).parameters] == ["record"]:
            return lambda row: render(row.record)
        return lambda row: row.get_cell(name)


class CaseTable(DenseTable):
    """Cases in the order they are given in, unless the address asks for that of a column."""

    lamp = column("c-lamp", "", verbose_name="期限", empty_values=(), orderable=False)
    number = column("c-no", "", verbose_name="编号")
    content = column("", "what", verbose_name="申请内容", orderable=False)
    applicant = column("c-who", verbose_name="申请人", orderable=False)
    channel = column("c-way", "nowrap wide", verbose_name="方式", orderable=False)
    received_on = column("c-due", "nowrap wide", verbose_name="收到", empty_values=())
    due = column("c-due", "", verbose_name="到期", empty_values=(), accessor="ends_on")
    state = column(
        "c-state", verbose_name="状态或答复类型", empty_values=(), accessor="stage", orderable=False
    )
    department = column("c-dept", verbose_name="受理单位", orderable=False)
    handler = column("c-user", verbose_name="经办", empty_values=(), orderable=False)
    # shown to who chooses them
    applicant_kind = column("", verbose_name="申请人类别", orderable=False)
    arrived_on = column("", verbose_name="到件日期")
    left = column(
        "", "num", verbose_name="剩余工作日", empty_values=(), accessor="ends_on", orderable=False
    )
    outcome = column("", "what", verbose_name="答复类型", orderable=False)
    closed_on = column("", verbose_name="答复日期")
    reply_number = column("", verbose_name="答复文号", orderable=False)
    service_method = column("", verbose_name="送达方式", orderable=False)
    served_on = column("", verbose_name="送达日期")
    drafting = column(
        "", verbose_name="承办单位", empty_values=(), accessor="drafting_note", orderable=False
    )
    legal_representative = column(
        "", verbose_name="法定代表人", accessor="applicant__legal_representative", orderable=False
    )
    agent_name = column("", verbose_name="代理人", orderable=False)
    co_applicants = column("", verbose_name="共同申请人", orderable=False)
    purpose = column("", "what", verbose_name="用途", orderable=False)
    form_wanted = column("", verbose_name="所需形式", orderable=False)
    delivery_wanted = column("", verbose_name="获取方式", orderable=False)
    proceedings = column("", verbose_name="复议诉讼", empty_values=(), orderable=False)
    remarks = column("", "what", verbose_name="备注", orderable=False)

    class Meta(DenseTable.Meta):
        row_attrs: ClassVar = {
            "class": lambda record: "void" if record.stage == Stage.VOID else None
        }
        empty_text = "没有符合条件的申请件"

    def __init__(
        self,
        *args: Any,
        on: date,
        calendar: Calendar,
        columns: Sequence[str] = USUAL_COLUMNS,
        user: User | None = None,
        **options: Any,
    ) -> None:
        """Shows `columns`, in their order. A column that is not shown can still be sorted by.

        With a `user`, what nobody handles can be assigned in its row, if they may, and the cases of
        whom they stand in for are marked.
        """
        if set(columns) - set(USUAL_COLUMNS):
            options["attrs"] = {"class": "list own"}  # as wide as it takes, inside its own box
        super().__init__(*args, sequence=(*columns, "..."), **options)
        for name in self.base_columns.keys() - set(columns):
            self.columns.hide(name)
        self.on, self.calendar, self.user = on, calendar, user

    def render_lamp(self, record: Case) -> SafeString:
        return _drawn(lamp_of(record, on=self.on, calendar=self.calendar))

    def render_number(self, record: Case) -> SafeString:
        url = reverse("cases:detail", args=[record.pk])
        return format_html('<a class="no" href="{}">{}</a>', url, record.number)

    def render_content(self, record: Case) -> SafeString:
        return _cut(record.masked_content)

    def render_applicant(self, record: Case) -> SafeString:
        return format_html(
            '<span class="ellip" title="{}，{}">{}</span>',
            record.applicant.masked_name,
            record.get_applicant_kind_display(),
            record.applicant.masked_name,
        )

    def render_received_on(self, record: Case) -> str:
        return day_words(record.received_on, self.on)

    def render_due(self, record: Case) -> str | SafeString:
        stopped = record.stage == Stage.OPEN and is_stopped(record, self.on)
        if record.stage == Stage.VOID or stopped or record.ends_on is None:
            return "—"
        words = day_words(record.ends_on, self.on)
        if record.provisional and record.closed_on is None:
            return format_html('<span class="prov">{}</span> <span class="cap">暂定</span>', words)
        return words

    def render_state(self, record: Case) -> SafeString:
        title = record.get_outcome_display()
        return format_html(
            '<span class="ellip" title="{}">{}</span>', title, state_words(record, self.on)
        )

    def render_department(self, record: Case) -> SafeString:
        return _cut(str(record.department))

    def render_handler(self, record: Case) -> str | SafeString:
        words = handler_words(record)
        if words and self.user and record.handler_id in self.user.stands_in_for:
            return format_html('<span class="ellip" title="代{}">代 {}</span>', words, words)
        if not words and self.user and self._assignable(record, self.user):
            return render_to_string("cases/_assign_link.html", {"case": record})
        return words or "—"

    def _assignable(self, record: Case, user: User) -> bool:
        return record.stage in ACTS[Act.ASSIGN].stages and can_on(user, Act.ASSIGN, record)

    def render_arrived_on(self, value: date) -> str:
        return day_words(value, self.on)

    def render_left(self, record: Case) -> str:
        left = workdays_left(record, on=self.on, calendar=self.calendar)
        return "—" if left is None else f"{left}".replace("-", "−")

    def render_outcome(self, value: str) -> SafeString:
        return _cut(value)

    def render_closed_on(self, value: date) -> str:
        return day_words(value, self.on)

    def render_served_on(self, value: date) -> str:
        return day_words(value, self.on)

    def render_drafting(self, record: Case) -> str:
        noted = split_note(without_personal(record.drafting_note))[0]
        return str(record.drafting_department or noted or "—")

    def render_legal_representative(self, value: str) -> str:
        return without_personal(value)

    def render_agent_name(self, value: str) -> str:
        return without_personal(value)

    def render_co_applicants(self, value: str) -> str:
        return without_personal(value)

    def render_reply_number(self, value: str) -> str:
        return without_personal(value)

    def render_purpose(self, value: str) -> SafeString:
        return _cut(without_personal(value))

    def render_proceedings(self, record: Case) -> str:
        said = (
            f"{p.get_kind_display()} {p.get_result_display()}" for p in record.proceedings.all()
        )
        return "；".join(words.strip() for words in said) or "—"

    def render_remarks(self, value: str) -> SafeString:
        return _cut(without_personal(value))

    def order_due(self, queryset: QuerySet[Case], is_descending: bool) -> Ordered:
        """Open cases, then the closed, then the voided, each by the due day."""
        due = F("ends_on")
        by_day = due.desc(nulls_last=True) if is_descending else due.asc(nulls_last=True)
        return queryset.order_by(TO_DO_FIRST, by_day, "-received_on", "-pk"), True

    def order_number(self, queryset: QuerySet[Case], is_descending: bool) -> Ordered:
        sign = "-" if is_descending else ""
        ordered = queryset.annotate(digits=Length("number"))
        return ordered.order_by(
            f"{sign}number_year", f"{sign}digits", f"{sign}number", f"{sign}pk"
        ), True

    def order_received_on(self, queryset: QuerySet[Case], is_descending: bool) -> Ordered:
        return _by_day(queryset, "received_on", is_descending)

    def order_arrived_on(self, queryset: QuerySet[Case], is_descending: bool) -> Ordered:
        return _by_day(queryset, "arrived_on", is_descending)

    def order_closed_on(self, queryset: QuerySet[Case], is_descending: bool) -> Ordered:
        return _by_day(queryset, "closed_on", is_descending)

    def order_served_on(self, queryset: QuerySet[Case], is_descending: bool) -> Ordered:
        return _by_day(queryset, "served_on", is_descending)


def _by_day(cases: QuerySet[Case], field: str, is_descending: bool) -> Ordered:
    """Those without the day come last either way."""
    by_day = F(field).desc(nulls_last=True) if is_descending else F(field).asc(nulls_last=True)
    return cases.order_by(by_day, "-pk" if is_descending else "pk"), True


class ProceedingTable(DenseTable):
    """Reviews and suits; those that `user` may put right are links."""

    kind = column("c-state", verbose_name="类型", orderable=False)
    docket = column("c-no", "", verbose_name="案号", empty_values=(), orderable=False)
    filed_on = column("c-date", verbose_name="立案日期")
    due = column("c-lamp", verbose_name="期限", empty_values=(), orderable=False, accessor="pk")
    due_on = column(
        "c-date",
        "nowrap wide",
        verbose_name="到期",
        empty_values=(),
        orderable=False,
        accessor="pk",
    )
    department = column("c-unit", verbose_name="单位", orderable=False)
    case = column("", "what", verbose_name="申请件", empty_values=(), orderable=False)
    result = column("c-state", verbose_name="结果", empty_values=(), orderable=False)
    concluded_on = column("c-date", "nowrap wide", verbose_name="审结日期", empty_values=())

    class Meta(DenseTable.Meta):
        order_by = "-filed_on"
        empty_text = "没有符合条件的复议诉讼"

    def __init__(
        self, *args: Any, user: User, on: date, calendar: Calendar, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.user, self.on, self.calendar = user, on, calendar

    def _term(self, record: Proceeding) -> RunningTerm | None:
        return standing_of(record, on=self.on, calendar=self.calendar).latest

    def render_due(self, record: Proceeding) -> str | SafeString:
        term = self._term(record)
        return _drawn(term.lamp) if term else "—"

    def render_due_on(self, record: Proceeding) -> str | SafeString:
        term = self._term(record)
        if term is None or term.day is None:
            return "—"
        return format_html(
            '<span class="{}" title="{}，{}">{}</span>{}',
            "prov" if term.provisional else "",
            f"{term.label}期限",
            term.rule,
            day_words(term.day, self.on),
            " 暂定" if term.provisional else "",
        )

    def render_kind(self, record: Proceeding) -> SafeString:
        return _cut(record.get_kind_display())

    def render_docket(self, record: Proceeding) -> str | SafeString:
        words = without_personal(record.docket) or "（无案号）"
        if not can_record(self.user, record):
            return words
        url = reverse("cases:proceeding_amend", args=[record.pk])
        return format_html('<a class="no" href="{}">{}</a>', url, words)

    def render_case(self, record: Proceeding) -> str | SafeString:
        if record.case is None:
            return "—"
        return format_html(
            '<span class="ellip"><a class="no" href="{}">{}</a> {}</span>',
            reverse("cases:detail", args=[record.case.pk]),
            record.case.number,
            record.case.masked_content,
        )

    def render_filed_on(self, record: Proceeding) -> str:
        return str(record.filed_on)

    def render_result(self, record: Proceeding) -> SafeString:
        words = record.get_ruling_display() or record.get_result_display() or "尚未审结"
        return format_html('<span class="ellip" title="{}">{}</span>', words, words)

    def render_concluded_on(self, record: Proceeding) -> str:
        return str(record.concluded_on or "—")


@lru_cache(maxsize=256)  # the rows of a page have few different ones
def _drawn(lamp: Lamp) -> SafeString:
    return render_to_string("components/_lamp.html", {"lamp": lamp})


def _cut(text: str) -> SafeString:
    """One line; the rest is in the title."""
    return format_html('<span class="ellip" title="{}">{}</span>', text, text)
