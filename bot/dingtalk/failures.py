"""What DingTalk's error codes mean for us: wait, give up, or a token to renew. Makes no calls.

Source: open.dingtalk.com 附录B 如何处理服务端API限流, 机器人发送群聊消息; developerpedia best-practices/retry.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.dingtalk.frames import as_text
from bot.dingtalk.http import Answer
from bot.door import GiveUp, Retry, Scope, Trouble

STALE = ("InvalidAuthentication", "40014", "40001", "42001", "33")
DEAD_SESSION = ("300001", "300005")
WAITS: Mapping[str, tuple[timedelta, Scope | None]] = {
    "QpsLimit": (timedelta(seconds=2), None),
    "90018": (timedelta(seconds=2), None),
    "90002": (timedelta(seconds=2), None),
    "ApiCountLimitForOrg": (timedelta(hours=1), "app"),
    "90020": (timedelta(hours=1), "app"),
    "status 1111": (timedelta(minutes=5), "app"),
    "410100": (timedelta(minutes=10), "group"),
    "130101": (timedelta(minutes=10), "group"),
    "302033": (timedelta(minutes=10), "group"),
    "660026": (timedelta(minutes=10), "group"),
    "send.byToken.tooFast": (timedelta(minutes=10), "group"),
    "send.too.fast": (timedelta(minutes=1), "group"),
    "too.many.group": (timedelta(minutes=1), "group"),
    "too.many.people": (timedelta(minutes=1), None),
}
TROUBLES: Mapping[str, Trouble] = {
    "staffId.notExisted": "receiver",
    "60121": "receiver",
    "invalidParameter.userIds": "receiver",
    "openConversationId": "group",
    "group.disbanded": "group",
    "resource.not.found": "group",
    "bot.stopped": "group",
    "400102": "group",
    "300001": "group",
    "300005": "group",
    "invalidParameter.msgParam": "content",
    "invalidParameter.msgKey": "content",
    "460101": "content",
    "101002": "content",
    "4301": "content",
    "40035": "content",
    "downloadCode": "file",
    "310000": "settings",
    "43004": "settings",
    "invalidParameter.robotCode": "settings",
    "PermissionDenied": "permission",
    "60011": "permission",
}


def is_stale(answer: Answer) -> bool:
    """Does the answer say that the token is no longer good?"""
    return any(matches(answer.code, known) for known in STALE) or (answer.status == 401)


def failure(answer: Answer) -> Retry | GiveUp | None:
    """What to do about the answer; None when all is well."""
    code = answer.code
    if not code:
        return None
    wait = next((wait for known, wait in WAITS.items() if matches(code, known)), None)
    if wait:
        return Retry(code, answer.after or wait[0], wait[1])
    trouble = next((trouble for known, trouble in TROUBLES.items() if matches(code, known)), None)
    if trouble:
        return GiveUp(code, trouble)
    return unknown_failure(answer)


def unknown_failure(answer: Answer) -> Retry | GiveUp:
    """A code nobody wrote down: the status decides, and a 200 with it may pass."""
    if answer.code == "88" and as_text(answer.body.get("sub_code")):
        return GiveUp("88 " + as_text(answer.body.get("sub_code")), "permission")
    if answer.status < 300 or answer.status >= 500 or answer.status in (408, 429):
        return Retry(f"{answer.status} {answer.code}", answer.after, uncertain=answer.status == 504)
    if is_stale(answer):
        return Retry(f"{answer.status} {answer.code}", timedelta(minutes=1))
    return GiveUp(f"{answer.status} {answer.code}", "settings")


def matches(code: str, known: str) -> bool:
    """Numbers match whole (`4301` as a beginning), names anywhere: DingTalk puts prefixes before them."""
    if known.isdecimal():
        return code == known or (len(known) == 4 and code.startswith(known) and code.isdecimal())
    return known in code
