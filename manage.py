#!/usr/bin/env python
"""Django's command line, with setting errors said in one sentence."""

import os
import sys

try:
    from django.core.management import execute_from_command_line

    from disclosure.env import BadSetting
except ModuleNotFoundError as error:
    sys.exit(f"✗ 没有安装 {error.name}：请先执行 make install，再用 .venv/bin/python manage.py ……")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "disclosure.settings")
    try:
        execute_from_command_line(sys.argv)
    except BadSetting as error:
        sys.exit(f"✗ {error}")


if __name__ == "__main__":
    main()
