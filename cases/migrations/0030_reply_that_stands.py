"""The day a new reply was served; what is still to be served, a reply overtaken by another not.

Of the columns that the database computes two are made anew, with their indexes: an expression is
not altered.
"""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Q, Value, When
from django.db.models.functions import Coalesce, Greatest, Least

import cases.list_place

TO_SERVE = Q(
    Q(("service_method", ""), _negated=True),
    ("again_served_on", None),
    ("again_until", None),
    ("served_on", None),
)
INDEXES = (
    models.Index(fields=["list_place", "-id"], name="case_in_order"),
    models.Index(
        condition=Q(("drafting_department__isnull", False)),
        fields=["drafting_department", "list_place"],
        name="case_by_drafter",
    ),
    *(
        models.Index(fields=[first, "list_place", "-id", *more], name=f"case_by_{first}")
        for first, *more in (
            (
                *("department", "handler", "received_year", "outcome_group"),
                *("applicant_kind", "channel", "outcome", "settled_on"),
            ),
            ("handler", "department"),
            ("received_year", "outcome_group", "applicant_kind", "channel", "outcome"),
            ("outcome_group", "applicant_kind", "channel", "outcome"),
            ("applicant_kind", "channel"),
            ("channel",),
        )
    ),
)

UNSERVED = models.Index(
    condition=Q(("unserved_on__isnull", False)), fields=["unserved_on"], name="case_unserved"
)


def day(field: str, none: int) -> Any:
    number = Coalesce(cases.list_place.DayNumber(F(field)), Value(none))
    return Greatest(Value(0), Least(Value(99999), number))


def latest_first(field: str) -> Any:
    return Value(99999) - day(field, 0)


def list_place() -> models.Case:
    replied = latest_first("closed_on") * Value(10**5) + latest_first("received_on")
    to_do = Q(("received_on", None), ("closed_on", None), TO_SERVE, _connector="OR")
    return models.Case(
        When(voided_on__isnull=False, then=Value(2 * 10**15) + replied),
        When(to_do, then=day("ends_on", 99999) * Value(10**10) + replied),
        default=Value(10**15) + replied,
        output_field=models.BigIntegerField(),
    )


def unserved_on() -> models.Case:
    return models.Case(
        When(voided_on__isnull=False, then=None),
        When(TO_SERVE, then=F("closed_on")),
        default=F("again_replied_on"),
    )


def settled_on() -> models.Case:
    unsettled = Q(("closed_on", None), ("again_until__isnull", False), TO_SERVE, _connector="OR")
    return models.Case(
        When(unsettled, then=None),
        default=Greatest(
            Coalesce("served_on", "closed_on"), Coalesce("again_served_on", "closed_on")
        ),
    )


def stage() -> models.Case:
    return models.Case(
        When(voided_on__isnull=False, then=Value("void")),
        When(received_on=None, then=Value("unconfirmed")),
        When(closed_on=None, then=Value("open")),
        When(TO_SERVE, then=Value("unserved")),
        default=Value("closed"),
    )


def fill_served(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Nothing is ordered any more, and there is a new reply: it was served."""
    ended = apps.get_model("cases", "Case").objects.filter(again_until=None)
    for case in ended.filter(events__kind="replied_again").distinct():
        events = list(case.events.order_by("pk"))
        gone = {pk for event in events for pk in event.data.get("supersedes", ())}
        days = [
            event.data.get("served_on") or str(event.on)
            for event in events
            if event.pk not in gone
            and ("again" in event.data if event.kind == "served" else "served_on" in event.data)
        ]
        if days:
            case.again_served_on = days[-1]
            case.save(update_fields=["again_served_on"])


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0029_remind_of_reviews_and_suits"),
    ]

    operations = [
        *(migrations.RemoveIndex("case", index.name) for index in INDEXES),
        migrations.RemoveField("case", "list_place"),
        migrations.RemoveField("case", "stage"),
        migrations.AddField(
            "case",
            "again_served_on",
            models.DateField(blank=True, editable=False, null=True, verbose_name="重新答复送达"),
        ),
        migrations.AddField(
            "case",
            "stage",
            models.GeneratedField(
                db_persist=True,
                expression=stage(),
                output_field=models.CharField(
                    choices=[
                        ("unconfirmed", "待确认"),
                        ("open", "办理中"),
                        ("unserved", "待送达"),
                        ("closed", "已办结"),
                        ("void", "已作废"),
                    ],
                    max_length=20,
                    verbose_name="状态",
                ),
            ),
        ),
        migrations.AddField(
            "case",
            "list_place",
            models.GeneratedField(
                db_persist=True,
                expression=list_place(),
                output_field=models.BigIntegerField(),
            ),
        ),
        migrations.AddField(
            "case",
            "unserved_on",
            models.GeneratedField(
                db_persist=True,
                expression=unserved_on(),
                output_field=models.DateField(null=True, verbose_name="待送达"),
            ),
        ),
        migrations.AddField(
            "case",
            "settled_on",
            models.GeneratedField(
                db_persist=True,
                expression=settled_on(),
                output_field=models.DateField(null=True, verbose_name="全部办完的日期"),
            ),
        ),
        *(migrations.AddIndex("case", index) for index in (*INDEXES, UNSERVED)),
        migrations.RunPython(fill_served, migrations.RunPython.noop),
    ]
