"""Frame → Message; Reply, Announcement → DingTalk's message bodies. Opens no socket and sends nothing.

Source: open.dingtalk.com 消息发送与接收类型, 机器人发送消息的消息类型 (msgKey, msgParam).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from bot.dingtalk.frames import Content, Quoted, RobotMessage
from bot.dingtalk.markdown import BULLET, harmless, pieces, rendered, says, title
from handlers.message import (
    Announcement,
    Attachment,
    Button,
    Chat,
    Message,
    MessageKind,
    Reply,
    Sender,
    SentFile,
)

Body = Mapping[str, object]

OVER_QUOTA = "20001"
MENTIONED = 50  # people one message can @
NAME = 60  # characters of a nick or a group's title
CARD_BUTTONS = 5  # sampleActionCard2 … 5; more become links in the text
MENTION = re.compile(r"^\s*@\S+(\s+|$)")
KINDS: Mapping[str, MessageKind] = {
    "text": "text",
    "richText": "mixed",
    "picture": "picture",
    "audio": "voice",
    "video": "video",
    "file": "file",
}


@dataclass(frozen=True, slots=True)
class Post:
    """One message as DingTalk will show it: markdown under a title, with buttons (label, words)."""

    title: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()


def read_message(said: RobotMessage, robot: str, received: datetime) -> Message:
    """The message in our words. `robot` stands in for a missing robotCode, `received` for a missing time."""
    kind = kind_of(said)
    chat = Chat(said.conversation_id or said.sender_id, "person" if said.conversation_type == "1" else "group")
    return Message(
        id=said.msg_id,
        robot=said.robot_code or robot,
        chat=Chat(chat.id, chat.kind, name_of(said.conversation_title)),
        sender=Sender(said.sender_staff_id or None, name_of(said.sender_nick)),
        text=words_of(said, kind, chat.kind == "group"),
        at=moment(said.create_at) or received,
        kind=kind,
        attachments=attachments_of(said.content, kind),
        quoted=quoted_words(said.text.replied_msg) or None,
        outsiders=chat.kind == "group" and among_outsiders(said),
        route=said.session_webhook,
        route_expires=moment(said.session_webhook_expired_time),
    )


def name_of(text: str) -> str:
    """A nick or a group's title, which people choose themselves: one line, not endless, with nothing that acts."""
    return " ".join(harmless(text).replace("**", "").split())[:NAME]


def kind_of(said: RobotMessage) -> MessageKind:
    """What kind of message it is; one that comes without type is text if it has any."""
    if said.error_code == OVER_QUOTA:
        return "over_quota"
    if said.msgtype == "richText" and not any(part.download_code for part in said.content.rich_text):
        return "text"
    return KINDS.get(said.msgtype, "unknown") if said.msgtype else ("text" if said.text.content.strip() else "unknown")


def words_of(said: RobotMessage, kind: MessageKind, in_group: bool) -> str:
    """What was said, without the @ before it."""
    if said.content.rich_text:
        text = " ".join(part.text.strip() for part in said.content.rich_text if part.text.strip())
    elif kind == "voice":
        text = said.content.recognition
    else:
        text = said.text.content if kind in ("text", "mixed") else ""
    return (MENTION.sub("", text) if in_group else text).strip()


def attachments_of(content: Content, kind: MessageKind) -> tuple[Attachment, ...]:
    """Pictures and files that came with it, in order; those without a code cannot be fetched and are left out."""
    if kind == "mixed":
        return tuple(Attachment("picture", part.download_code) for part in content.rich_text if part.download_code)
    if not content.download_code or kind not in ("picture", "voice", "video", "file"):
        return ()
    return (Attachment(kind, content.download_code, content.file_name),)


def quoted_words(quoted: Quoted) -> str:
    """The words of the message it answers, as far as they are shown to us."""
    content = quoted.content
    parts = [content.text, content.recognition, *(part.text for part in content.rich_text)]
    return " ".join(part.strip() for part in parts if part.strip())


def among_outsiders(said: RobotMessage) -> bool:
    """May the group hold people of other corporations? The sender or one of those @-ed is not known as ours."""
    ours = said.chatbot_corp_id or said.sender_corp_id
    if not said.sender_staff_id or not said.sender_corp_id or said.sender_corp_id != ours:
        return True
    return any(not user.staff_id for user in said.at_users if user.dingtalk_id != said.chatbot_user_id)


def moment(millis: int | None) -> datetime | None:
    """The moment of a DingTalk time."""
    return datetime.fromtimestamp(millis / 1000, UTC) if millis else None


def posts(message: Reply | Announcement, in_group: bool, mentions: Sequence[str] = ()) -> list[Post]:
    """The messages its text becomes, first to last; the last carries the buttons.

    In a group a button's words would not reach us, so they stand in the text. `mentions` only where they work.
    """
    text = harmless(message.text)
    if in_group and message.buttons:
        text += "\n" + "\n".join("- " + harmless(button.words) for button in message.buttons)
    if mentions:
        text += "\n" + " ".join("@" + staff_id for staff_id in mentions[:MENTIONED])
    if not text.strip() and not message.buttons:
        return []
    parts = [part for part in pieces(text) if part.strip()] or ["…"]
    buttons = () if in_group else tuple(as_shown(button) for button in message.buttons)
    plain = [Post(title(part), rendered(part)) for part in parts]
    return [*plain[:-1], Post(plain[-1].title, plain[-1].text, buttons)]


def as_shown(button: Button) -> tuple[str, str]:
    """Label and words of a button; the label cannot end the link it stands in."""
    label = " ".join(harmless(button.label).split())
    return label.replace("[", "［").replace("]", "］"), button.words


def by_webhook(post: Post, mentions: Sequence[str] = ()) -> Body:
    """The body for a session webhook or a custom robot."""
    body: dict[str, object] = {"msgtype": "markdown", "markdown": {"title": post.title, "text": post.text}}
    if post.buttons:
        body = {
            "msgtype": "actionCard",
            "actionCard": {"title": post.title, "text": post.text, **webhook_buttons(post)},
        }
    if mentions:
        body["at"] = {"atUserIds": list(mentions[:MENTIONED]), "isAtAll": False}
    return body


def webhook_buttons(post: Post) -> Body:
    """The buttons as an actionCard of a webhook has them: one alone, or several below each other."""
    if len(post.buttons) == 1:
        (label, words), *_ = post.buttons
        return {"singleTitle": label, "singleURL": says(words)}
    buttons = [{"title": label, "actionURL": says(words)} for label, words in post.buttons]
    return {"btnOrientation": "0", "btns": buttons}


def by_api(post: Post) -> tuple[str, Body]:
    """(msgKey, msgParam) for the open API; msgParam goes out as JSON in a string."""
    body: dict[str, object] = {"title": post.title, "text": post.text}
    count = len(post.buttons)
    if not count:
        return "sampleMarkdown", body
    if count > CARD_BUTTONS:
        links = "\n".join(f"- [{label}]({says(words)})" for label, words in post.buttons)
        between = "\n" if BULLET.match(post.text.rsplit("\n", 1)[-1]) else "\n\n"
        return "sampleMarkdown", body | {"text": post.text + between + links}
    if count == 1:
        return "sampleActionCard", {**body, **webhook_buttons(post)}
    numbered = {f"actionTitle{n}": label for n, (label, _) in enumerate(post.buttons, 1)}
    numbered |= {f"actionURL{n}": says(words) for n, (_, words) in enumerate(post.buttons, 1)}
    return f"sampleActionCard{count}", body | numbered


def file_by_api(file: SentFile, media_id: str) -> tuple[str, Body]:
    """(msgKey, msgParam) of a file that was uploaded."""
    suffix = PurePosixPath(file.name).suffix.lstrip(".").lower()
    return "sampleFile", {"mediaId": media_id, "fileName": file.name, "fileType": suffix}


def picture_by_api(media_id: str) -> tuple[str, Body]:
    """(msgKey, msgParam) of a picture that was uploaded."""
    return "sampleImageMsg", {"photoURL": media_id}
