"""The Chinese lines of commands and of failures at the edge. What features say stands with them."""

from __future__ import annotations

from collections.abc import Mapping


class Say:
    FIRST_CODE = (
        "还没有人登记为办公室。请把启用码 {code} 打电话告诉办公室的同志，由她单独发给机器人：启用 {code}"
        "（72小时内有效，只能用一次）"
    )
    MISSING = "缺少设置：{names}。请在环境变量或 .env 里填写；只想试用请运行 dingban sandbox。"
    WRONG = "设置不对：{names}。写法见 deploy/env.example。"
    LOOPBACK = "设置不对：{names} 只能在本机（127.0.0.1）使用。"
    UNREADABLE = "数据库打不开：{path}。请检查 DINGBAN_DATABASE_URL、文件权限，或用 dingban doctor 查原因。"
    SCHEMA_OLD = "数据库的表是旧版本（{found}）。请先备份，再运行 dingban db upgrade。"
    SCHEMA_NEW = "数据库的表比程序新（{found}）。请升级程序，或恢复旧的备份。"
    LOCKED = "已有一个钉办在使用这个数据库（{path}）。请先停掉那一个。"
    NO_FILE = "找不到文件：{path}。"
    CANNOT_LISTEN = (
        "不能在 {host}:{port} 监听。请检查 DINGBAN_WEB_HOST（一般是 127.0.0.1）和 DINGBAN_WEB_PORT（1024 以上）。"
    )
    PORT_TAKEN = "端口 {port} 已被占用。请换一个 DINGBAN_WEB_PORT，或先停掉占用它的程序。"
    NOT_A_NOTICE = "这个文件里没有读到通知（标题、条款或表格都没有）：{path}。"
    UNREADABLE_FILE: Mapping[str, str] = {
        "empty": "文件是空的：{path}。",
        "too_big": "文件太大，没有读：{path}。",
        "doc": "这种格式读不了：{path}。请用 WPS 或 Word 另存为 docx 再试。",
        "format": "这种格式读不了：{path}。请另存为 docx 再试。",
        "scan": "这是扫描件，读不到文字：{path}。请换文字版，另存为 docx 再试。",
        "encrypted": "文件加了密码，读不了：{path}。请去掉密码再试。",
        "broken": "文件损坏，读不了：{path}。请重新另存一份再试。",
    }
    NO_NOTICE = "没有找到通知“{name}”。已有的通知：dingban notice list。"
    NO_NOTICES = "还没有通知。请先 dingban notice import 文件 --publish。"
    UNCLEAR_NOTICE = "有{count}份通知，请用 --notice 写明文号或序号：{names}。"
    BAD_LINE = "第{number}行不是一条问题（应为 JSON，含 id 和 turns）。"
    QUESTION_WANTED = "请写上要问的问题，例如：dingban ask --unit 市商务局 我负责哪些指标"
    BACKUP_DONE = "已备份到 {path}：{tables}张表，{rows}行，{files}个文件。"
    BACKUP_WHY: Mapping[str, str] = {
        "no archive": "这不是备份文件",
        "no manifest": "缺少清单",
        "unknown format": "格式不认识，可能来自更新的版本",
        "unknown tables": "有不认识的表，可能来自更新的版本",
        "a row that fits no column": "有一行对不上",
        "a file outside the store": "有文件的路径不对",
        "members missing or added": "里面的文件多了或少了",
        "was changed": "被改动过",
        "is unreadable": "读不出来",
    }
    """Reasons by the words of storage; those about a member have its name before them."""
    BACKUP_ROWS = "行数不对"
    BACKUP_BROKEN = "这份备份不完整或被改动过（{why}），没有恢复任何内容。"
    NOT_EMPTY = "目标数据库里已有数据，没有恢复。请换一个空的数据库。"
    RESTORED = "已恢复 {path}：{rows}行，{files}个文件。"
    UPGRADED = "数据库已是最新。"
    CHECK_OK = "检查通过：审计记录完整，没有改动和缺失。"
    CHECK_BAD = "审计链 {chain} 第{number}条：{why}"
    WRITE_REFUSED = "写不了文件：{path}（{why}）。"
