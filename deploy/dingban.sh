#!/bin/sh
# 用服务的设置、以服务的用户运行 dingban 的命令；需要 root。install.sh 把它放到 /usr/local/bin/dingban。
# 交给它的文件要让用户 dingban 读得到（放在 /var/lib/dingban 或 /tmp 最省事）。
[ "$(id -u)" = 0 ] || { echo "请用 sudo 运行" >&2; exit 1; }
while IFS= read -r line || [ -n "$line" ]; do
    case $line in
        [A-Z]*=*) export "$line" ;;
    esac
done </etc/dingban/env
exec runuser -u dingban -- /opt/dingban/current/bin/dingban "$@"
