"""What a department's supervisor sets for it."""

from django import forms

from cases.forms.base import RecordForm

NO_NUMBER = {"invalid": "请填一个整数。"}


class LampsForm(RecordForm):
    """Which numbers fit is for the workflow to say: one number has to be below the other."""

    green_from = forms.IntegerField(label="绿灯：剩几个工作日及以上", error_messages=NO_NUMBER)
    amber_from = forms.IntegerField(
        label="黄灯：剩几个工作日及以上",
        error_messages=NO_NUMBER,
        help_text="再少为红灯；过了到期日为黑底叉",
    )
    below = forms.BooleanField(label="下级单位一并按此设定", required=False)
