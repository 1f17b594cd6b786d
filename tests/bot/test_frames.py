"""What comes over the wire, whole or broken, reads as a frame or is refused; nothing of it crashes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dingtalk.frames import BadFrame, as_millis, as_text, read_frame, read_robot_message

ANYTHING = st.recursive(
    st.sampled_from([None, True, -1, 10**400, 0.5, "", "x", '{"a":1}', "\ud83d"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = (
    "msgtype",
    "text",
    "content",
    "atUsers",
    "createAt",
    "senderStaffId",
    "sessionWebhookExpiredTime",
    "errorCode",
)


def test_a_frame_reads_whatever_else_it_carries() -> None:
    raw = {"type": "CALLBACK", "headers": {"topic": "/x", "messageId": "m1", "new": [1]}, "data": "{}", "more": 1}
    frame = read_frame(json.dumps(raw))
    assert (frame.topic, frame.message_id, frame.spec_version) == ("/x", "m1", "1.0")


@pytest.mark.parametrize(
    "raw", ["", "{", "[]", "1", '{"type":"OTHER"}', "[" * 200_000, b"\xff\xfe\x00", '{"headers":1}']
)
def test_what_is_no_frame_is_refused(raw: str | bytes) -> None:
    with pytest.raises(BadFrame):
        read_frame(raw)


def test_the_sdk_is_spared_what_it_would_choke_on() -> None:
    raw = {"type": "EVENT", "headers": {"topic": "*", "time": "soon", "eventBornTime": None}, "data": "not json"}
    assert read_frame(json.dumps(raw)).for_sdk()["headers"] == {"topic": "*"}
    assert read_frame(json.dumps(raw)).for_sdk()["data"] == ""


def test_half_characters_and_nul_do_not_get_in() -> None:
    assert as_text("报\ud83d送\0") == "报\ufffd送"
    assert as_text("\ud83d\ude00") == "😀"


@pytest.mark.parametrize(
    ("value", "millis"),
    [
        (1_700_000_000_000, 1_700_000_000_000),
        ("1700000000000", 1_700_000_000_000),
        ("soon", None),
        (-5, None),
        (True, None),
    ],
)
def test_times_come_as_number_or_string(value: object, millis: int | None) -> None:
    assert as_millis(value) == millis


def test_an_over_quota_message_comes_without_type_and_text() -> None:
    said = read_robot_message({"msgId": "m1", "errorCode": 20001, "errorMessage": "受调用量超量影响"})
    assert (said.error_code, said.msgtype, said.text.content) == ("20001", "", "")


@pytest.mark.parametrize("data", [None, [], "x", {}, {"msgId": ""}, {"msgId": None}])
def test_a_message_without_id_is_refused(data: object) -> None:
    with pytest.raises(BadFrame):
        read_robot_message(data)


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING))
def test_any_field_may_be_anything(fields: dict[str, object]) -> None:
    assert read_robot_message({**fields, "msgId": "m1"}).msg_id == "m1"
