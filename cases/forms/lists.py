"""The name of a saved list, and what an export is to hold."""

from __future__ import annotations

from django import forms

from cases.forms.base import ActForm
from cases.models import SavedList

LONGEST_NAME = SavedList._meta.get_field("name").max_length


class ListNameForm(ActForm):
    name = forms.CharField(
        label="清单名称",
        max_length=LONGEST_NAME,
        help_text="如“住建局今年的不予公开”；只有您自己看得到",
    )


class ExportForm(ActForm):
    personal = forms.BooleanField(
        label="含个人信息：证件号码、联系电话、通信地址、电子邮箱",
        required=False,
        help_text="每次导出都记入操作记录；只写入您有权查看个人信息的单位的申请件",
    )
