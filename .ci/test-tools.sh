#!/bin/sh
# Sees to what the tests need beside Python packages: a Chromium, a Chinese font, and a Redis where
# the virtual environment brings none. Installs nothing that is there.
set -u
cd "$(dirname "$0")/.." || exit 1
. .ci/common.sh

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

# The Chromium on PATH; else, as root on Debian, the one from apt; else Playwright's own. One that
# cannot say its version does not count: Ubuntu's package of that name is a stub.
chromium_works() { chromium --version >/dev/null 2>&1 || chromium-browser --version >/dev/null 2>&1; }

see_to_chromium() {
    chromium_works && return
    if can_apt; then
        say "安装 Chromium 和中文字体……"
        apt_install chromium fonts-noto-cjk
        chromium_works && return
    fi
    [ -e .venv/installed-chromium ] && return
    say "下载 Chromium（playwright install chromium）……"
    .venv/bin/python -m playwright install chromium >>"$LOG" 2>&1 ||
        fail "没有可用的 Chromium：请安装 chromium 和 fonts-noto-cjk 后再试。详情见 $LOG。"
    touch .venv/installed-chromium
}

font_found() {
    .venv/bin/python -c 'import sys; from cases.typesetting import fonts; sys.exit(not fonts.chinese_font())'
}

see_to_font() {
    font_found && return
    if can_apt; then
        say "安装中文字体……"
        apt_install fonts-noto-cjk
        font_found && return
    fi
    fail "测试 PDF 需要一种中文字体：请安装 fonts-noto-cjk 或另一种后再试。"
}

redis_found() {
    .venv/bin/python -c 'import sys; from disclosure import broker; sys.exit(not broker.find_redis_server())'
}

see_to_redis() {
    redis_found && return
    if can_apt; then
        say "安装 redis-server……"
        apt_install redis-server
        redis_found && return
    fi
    fail "测试需要 Redis，这个 Python 没有自带的：请安装 redis-server 后再试。"
}

see_to_chromium
see_to_font
see_to_redis
