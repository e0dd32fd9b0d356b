"""The address to which reminders are sent as well."""

from cases.forms.base import ActForm, MailField


class AddressForm(ActForm):
    email = MailField(
        label="提醒邮箱",
        required=False,
        max_length=254,
        help_text="单位邮箱；每个工作日至多一封，只写编号和日期。留空则不发邮件",
    )
