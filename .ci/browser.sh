#!/bin/sh
# Sees to a Chromium with Chinese fonts for the browser tests: the one on PATH; else, as root on
# Debian, from apt; else Playwright's own. A browser that cannot say its version does not count:
# Ubuntu's package of that name is a stub.
set -u
cd "$(dirname "$0")/.." || exit 1
. .ci/common.sh

works() { chromium --version >/dev/null 2>&1; }

works && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "安装 Chromium 和中文字体……"
    apt_install chromium fonts-noto-cjk
    works && exit 0
fi
[ -e .venv/installed-chromium ] && exit 0
say "下载 Chromium（playwright install chromium）……"
.venv/bin/python -m playwright install chromium >>"$LOG" 2>&1 ||
    fail "没有可用的 Chromium：请安装 chromium 和 fonts-noto-cjk 后再试。详情见 $LOG。"
touch .venv/installed-chromium
