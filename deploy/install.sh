#!/usr/bin/env bash
# 离线安装：不访问网络。用法：./install.sh [安装目录，默认 /opt/dingban]
# 选用别的解释器：PYTHON=/usr/local/bin/python3.11 ./install.sh
# 以 root 运行时另建系统用户、数据目录、设置文件和 systemd 服务；否则只装程序。
set -euo pipefail
umask 022
target=$(realpath -m "${1:-/opt/dingban}")
cd "$(dirname "$0")"
fail() { echo "安装没有完成：$1" >&2; exit 1; }

. ./TARGET
[[ $(uname -m) == "$arch" ]] || fail "这个安装包是给 $arch 的，本机是 $(uname -m)，请换对应的安装包。"
interpreter=${PYTHON:-$(command -v "python$python" || command -v python3 || true)}
[[ -n $interpreter ]] || fail "没有找到 Python $python，请先安装，或用 PYTHON=路径 指明。"
found=$("$interpreter" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
[[ $found == "$python" ]] || fail "需要 Python $python，找到的是 $found（$interpreter）。"
"$interpreter" -c 'import venv, ensurepip' 2>/dev/null || fail "Python 缺少 venv 组件，请安装 python$python-venv。"
sha256sum --check --quiet SHA256SUMS || fail "校验不一致，安装包不完整或被改动，请重新拷贝。"

# 每次装进新目录，能运行了才换链接：失败不影响在用的版本，退回只需换回链接（见 runbook.md）。
place=$target/releases/$release-$(date +%Y%m%d-%H%M%S)
mkdir -p "$target/releases"
trap 'rm -rf "$place"' ERR EXIT
"$interpreter" -m venv "$place"
"$place/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-index --find-links wheels \
    -r versions.txt wheels/dingban-*.whl || fail "安装组件时出错，见上面的提示。"
"$place/bin/dingban" --help >/dev/null || fail "程序装好了但不能运行，请把上面的提示发给开发者。"
cp runbook.md "$target/"
ln -sfn "$place" "$target/current"
trap - ERR EXIT

if [[ $(id -u) == 0 && -z ${NO_SYSTEM:-} ]]; then
    id dingban >/dev/null 2>&1 || useradd --system --home-dir /var/lib/dingban --shell /usr/sbin/nologin dingban
    install -d -o dingban -g dingban -m 750 /var/lib/dingban
    install -d -g dingban -m 750 /etc/dingban
    if [[ ! -e /etc/dingban/env ]]; then
        install -g dingban -m 640 env.example /etc/dingban/env
        sed -i -e 's|^#DINGBAN_DATABASE_URL=.*|DINGBAN_DATABASE_URL=sqlite+aiosqlite:////var/lib/dingban/dingban.db|' \
            -e 's|^#DINGBAN_FILES_DIR=.*|DINGBAN_FILES_DIR=/var/lib/dingban/files|' /etc/dingban/env
    fi
    sed "s#/opt/dingban#$target#g" dingban.service >/etc/systemd/system/dingban.service
    sed "s#/opt/dingban#$target#g" dingban.sh >/usr/local/bin/dingban
    chmod 755 /usr/local/bin/dingban
    runuser -u dingban -- "$target/current/bin/python" -c '' 2>/dev/null ||
        fail "程序装好了，但用户 dingban 运行不了它：检查 $(readlink -f "$interpreter") 和 $target 的权限。"
    systemctl daemon-reload 2>/dev/null || true
    echo "已安装 $release。下一步：填写 /etc/dingban/env，运行 dingban doctor，再 systemctl enable --now dingban。"
else
    echo "已安装 $release 到 $target/current。下一步：填写设置，运行 $target/current/bin/dingban doctor。"
fi
