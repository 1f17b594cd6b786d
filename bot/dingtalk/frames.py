"""The wire: pydantic models of stream frames and robot messages, forgiving about all but their shape. No meaning here.

Source: DingTalk developerpedia, docs/learn/stream/protocol.md; open.dingtalk.com 消息发送与接收类型.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

LATEST = 253_402_300_799_000  # ms, the end of the year 9999: what a datetime can hold


class BadFrame(Exception):
    """What came over the socket is no frame; it is skipped. Its text is never kept."""


def as_text(value: object) -> str:
    """A string that databases take: no NUL, no half of a character; "" for what is neither text nor number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    text = value.replace("\0", "") if isinstance(value, str) else ""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def as_millis(value: object) -> int | None:
    """Milliseconds since 1970, also when written as a string; None for anything else."""
    text = as_text(value).strip()
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
    return number if 0 < number <= LATEST else None


def as_object(value: object) -> object:
    """A JSON object, also when it comes as a string of JSON; {} for anything else."""
    if isinstance(value, str):
        value = parsed(value)
    return value if isinstance(value, Mapping | BaseModel) else {}


def as_objects(value: object) -> object:
    """The JSON objects of a list; [] for anything else."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def parsed(text: str | bytes) -> object:
    """The JSON value in `text`; None when there is none."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


Text = Annotated[str, BeforeValidator(as_text)]
Millis = Annotated[int | None, BeforeValidator(as_millis)]
Flag = Annotated[bool, BeforeValidator(lambda value: value is True or value == "true")]


class Forgiving(BaseModel):
    """Unknown fields are ignored, missing ones empty, names as on the wire (camelCase)."""

    model_config = ConfigDict(extra="ignore", alias_generator=to_camel, populate_by_name=True, frozen=True)


class Frame(Forgiving):
    """One frame; `data` is JSON in a string and is parsed by whoever the topic belongs to."""

    spec_version: Text = "1.0"
    type: Literal["SYSTEM", "EVENT", "CALLBACK"]
    headers: dict[str, object] = Field(default_factory=dict)
    data: Text = ""

    @property
    def topic(self) -> str:
        """What the frame is about."""
        return as_text(self.headers.get("topic"))

    @property
    def message_id(self) -> str:
        """Id of this push; another one when the same message is pushed again."""
        return as_text(self.headers.get("messageId"))

    def for_sdk(self) -> dict[str, object]:
        """The frame as DingTalk's own classes take it; a time or data they would choke on is left out."""
        headers = {k: v for k, v in self.headers.items() if k not in ("time", "eventBornTime") or as_millis(v)}
        data = self.data if parsed(self.data) is not None else ""
        return {"specVersion": self.spec_version, "type": self.type, "headers": headers, "data": data}


class RichPart(Forgiving):
    """A piece of rich text: words or a picture."""

    type: Text = ""
    text: Text = ""
    download_code: Text = ""


class Content(Forgiving):
    """The body of every message type but text; only the fields of its type are filled."""

    text: Text = ""
    rich_text: Annotated[list[RichPart], BeforeValidator(as_objects)] = Field(default_factory=list)
    download_code: Text = ""
    recognition: Text = ""
    file_name: Text = ""


class Quoted(Forgiving):
    """The message that this one answers, as far as it is shown to us."""

    msg_type: Text = ""
    content: Annotated[Content, BeforeValidator(as_object)] = Field(default_factory=Content)


class Said(Forgiving):
    """The body of a text message."""

    content: Text = ""
    is_reply_msg: Flag = False
    replied_msg: Annotated[Quoted, BeforeValidator(as_object)] = Field(default_factory=Quoted)


class AtUser(Forgiving):
    """Somebody @-ed, the robot itself included; no staff id for outsiders and for the robot."""

    dingtalk_id: Text = ""
    staff_id: Text = ""


class RobotMessage(Forgiving):
    """What somebody said to the robot: the data of topic /v1.0/im/bot/messages/get."""

    msg_id: Text
    conversation_id: Text = ""
    conversation_type: Text = ""
    conversation_title: Text = ""
    msgtype: Text = ""
    text: Annotated[Said, BeforeValidator(as_object)] = Field(default_factory=Said)
    content: Annotated[Content, BeforeValidator(as_object)] = Field(default_factory=Content)
    sender_id: Text = ""
    sender_staff_id: Text = ""
    sender_nick: Text = ""
    sender_corp_id: Text = ""
    chatbot_user_id: Text = ""
    chatbot_corp_id: Text = ""
    robot_code: Text = ""
    at_users: Annotated[list[AtUser], BeforeValidator(as_objects)] = Field(default_factory=list)
    session_webhook: Text = ""
    session_webhook_expired_time: Millis = None
    create_at: Millis = None
    error_code: Text = ""


def read_frame(raw: str | bytes) -> Frame:
    """The frame in a text that came over the socket. Raises: BadFrame."""
    try:
        return Frame.model_validate(parsed(raw))
    except ValidationError:
        raise BadFrame("not a frame") from None


def read_robot_message(data: object) -> RobotMessage:
    """The message in a callback's data. Raises: BadFrame without an id, for then it cannot be told from another."""
    try:
        message = RobotMessage.model_validate(data)
    except ValidationError:
        raise BadFrame("not a robot message") from None
    if not message.msg_id:
        raise BadFrame("no msgId")
    return message
