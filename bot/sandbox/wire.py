"""DingTalk's shapes: what is pushed to a robot, and what a robot's calls mean. Source: dingtalk.md §1.2, §2, §3."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qs, unquote_plus, urlsplit

from bot.sandbox.body import Body, as_body, items, string
from bot.sandbox.world import CORP, Entry, Kind, World

BOT_TOPIC = "/v1.0/im/bot/messages/get"
PRESS = ("dtmd", "dingtalkclient", "/sendMessage")


class Say:
    UNKNOWN = "用户发送了一条消息，机器人暂不支持接收。"


class Malformed(Exception):
    """The call's body is not of the promised shape; `why` says where."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def frame(kind: str, topic: str, data: object, connection: str, wall: int) -> Body:
    """A frame as the gateway sends it; `data` becomes a JSON string and gets a new messageId."""
    headers = {
        "topic": topic,
        "messageId": secrets.token_hex(12),
        "contentType": "application/json",
        "time": str(wall),
        "appId": CORP,
        "connectionId": connection,
    }
    return {"specVersion": "1.0", "type": kind, "headers": headers, "data": json.dumps(data, ensure_ascii=False)}


def robot_message(world: World, entry: Entry, robot: str, session: str, expires: int) -> Body:
    """The `data` of a bot message: what the person said, as the robot is told it."""
    person, group = world.people[entry.sender], world.groups.get(entry.chat)
    data: Body = {
        "conversationId": entry.chat,
        "conversationType": "2" if group else "1",
        "chatbotCorpId": CORP,
        "chatbotUserId": "$:LWCP_v1:$robot",
        "msgId": entry.msg_id,
        "senderNick": person.name,
        "senderId": person.dingtalk_id,
        "isAdmin": False,
        "sessionWebhook": session,
        "sessionWebhookExpiredTime": expires,
        "createAt": entry.wall,
        "robotCode": robot,
        "senderPlatform": "Win",
    } | _content(entry, bool(group))
    if not person.outsider:
        data |= {"senderStaffId": person.userid, "senderUnionId": person.union_id, "senderCorpId": CORP}
    if group:
        data |= {"conversationTitle": group.title, "isInAtList": True, "atUsers": [{"dingtalkId": "$:LWCP_v1:$robot"}]}
    return data


def _content(entry: Entry, in_group: bool) -> Body:
    """`msgtype` and its body."""
    body, kind = entry.body, entry.kind
    if kind == "text":
        said: Body = {"content": (" " if in_group else "") + string(body, "heard", string(body, "text"))}
        quoted = {"msgType": "text", "content": {"text": string(body, "quoted")}}
        return {
            "msgtype": "text",
            "text": said | ({"isReplyMsg": True, "repliedMsg": quoted} if body.get("quoted") else {}),
        }
    code = {"downloadCode": string(body, "code")}
    if kind == "picture":
        return {"msgtype": "picture", "content": code | {"pictureDownloadCode": code["downloadCode"]}}
    if kind == "voice":
        return {"msgtype": "audio", "content": code | {"recognition": string(body, "text"), "duration": 4000}}
    if kind == "video":
        return {"msgtype": "video", "content": code | {"videoType": "mp4", "duration": 4000}}
    if kind == "file":
        named = {"fileName": string(body, "name"), "fileId": string(body, "code"), "spaceId": "1"}
        return {"msgtype": "file", "content": code | named}
    if kind == "mixed":
        picture = {"type": "picture"} | code | {"pictureDownloadCode": code["downloadCode"]}
        return {"msgtype": "richText", "content": {"richText": [{"text": string(body, "text")}, picture]}}
    return {"msgtype": "unknownMsgType", "content": {"unknownMsgType": Say.UNKNOWN}}


def pressed(url: str) -> str | None:
    """What a dtmd link makes its presser say; None when a real client would do nothing (capital letters included)."""
    parts = urlsplit(url)
    if (parts.scheme, url.partition("://")[2].partition("/")[0], parts.path) != PRESS:
        return None
    return next(iter(parse_qs(parts.query).get("content", [])), None) or None


def webhook_entry(body: Mapping[str, object]) -> tuple[Kind, Body]:
    """What a sessionWebhook or custom-robot body shows. Raises: Malformed."""
    msgtype = string(body, "msgtype")
    inner, at = as_body(body.get(msgtype)), as_body(body.get("at"))
    mentions: Body = {
        "at": items(at, "atUserIds"),
        "at_mobiles": items(at, "atMobiles"),
        "at_all": at.get("isAtAll") is True,
    }
    if msgtype == "text":
        return "text", {"text": _required(inner, "content")} | mentions
    if msgtype == "markdown":
        return "markdown", {"title": _required(inner, "title"), "text": _required(inner, "text")} | mentions
    if msgtype == "actionCard":
        return "card", _action_card(inner)
    if msgtype == "link":
        return "link", {
            "title": _required(inner, "title"),
            "text": _required(inner, "text"),
            "url": _required(inner, "messageUrl"),
        }
    if msgtype == "feedCard":
        links = [as_body(link) for link in items(inner, "links")]
        return "markdown", {
            "title": "",
            "text": "\n".join(f"- [{_required(x, 'title')}]({_required(x, 'messageURL')})" for x in links),
        }
    raise Malformed("msgtype")


def _action_card(card: Body) -> Body:
    buttons = [
        {"title": _required(as_body(b), "title"), "url": _required(as_body(b), "actionURL")}
        for b in items(card, "btns")
    ]
    single = {"title": string(card, "singleTitle"), "url": string(card, "singleURL")}
    if bool(buttons) == bool(single["title"]):
        raise Malformed("actionCard: either btns or singleTitle")
    shown = {"title": _required(card, "title"), "text": _required(card, "text"), "buttons": buttons or [single]}
    return shown | {"row": string(card, "btnOrientation") == "1"}


def api_entry(key: str, param: str) -> tuple[Kind, Body]:
    """What msgKey and msgParam (a JSON string) show. Raises: Malformed."""
    try:
        inner = as_body(json.loads(param))
    except ValueError as error:
        raise Malformed("msgParam") from error
    if key == "sampleText":
        return "text", {"text": _required(inner, "content")}
    if key == "sampleMarkdown":
        return "markdown", {"title": _required(inner, "title"), "text": _required(inner, "text")}
    if key == "sampleImageMsg":
        return "picture", {"media": _required(inner, "photoURL")}
    if key == "sampleLink":
        return "link", {
            "title": _required(inner, "title"),
            "text": _required(inner, "text"),
            "url": _required(inner, "messageUrl"),
        }
    if key == "sampleFile":
        return "file", {
            "media": _required(inner, "mediaId"),
            "name": _required(inner, "fileName"),
            "type": _required(inner, "fileType"),
        }
    if key == "sampleAudio":
        return "voice", {"media": _required(inner, "mediaId"), "text": "", "duration": _required(inner, "duration")}
    if key.startswith("sampleActionCard"):
        return "card", _sample_card(key.removeprefix("sampleActionCard"), inner)
    raise Malformed("msgKey")


def _sample_card(number: str, inner: Body) -> Body:
    """sampleActionCard (one button), 2 to 5 (vertical), 6 (two in a row)."""
    if number == "":
        buttons = [{"title": _required(inner, "singleTitle"), "url": _required(inner, "singleURL")}]
    elif number == "6":
        buttons = [
            {"title": _required(inner, f"buttonTitle{n}"), "url": _required(inner, f"buttonUrl{n}")} for n in (1, 2)
        ]
    elif number in ("2", "3", "4", "5"):
        each = range(1, int(number) + 1)
        buttons = [
            {"title": _required(inner, f"actionTitle{n}"), "url": _required(inner, f"actionURL{n}")} for n in each
        ]
    else:
        raise Malformed("msgKey")
    return {
        "title": _required(inner, "title"),
        "text": _required(inner, "text"),
        "buttons": buttons,
        "row": number == "6",
    }


def _required(body: Mapping[str, object], key: str) -> str:
    value = string(body, key)
    if not value:
        raise Malformed(key)
    return value


def read_ticket(query: str) -> str:
    """The ticket of a `/connect` query, however it was encoded."""
    return unquote_plus(query.partition("ticket=")[2].partition("&")[0])
