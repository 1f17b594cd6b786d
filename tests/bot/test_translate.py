"""Frame → Message, and Reply or Announcement → what DingTalk shows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dingtalk.frames import read_robot_message
from bot.dingtalk.markdown import HEAVIEST, LONGEST, harmless, pieces, rendered, says, title
from bot.dingtalk.translate import by_api, by_webhook, posts, read_message
from handlers.message import Announcement, Attachment, Button, Message, Reply

NOW = datetime(2021, 12, 20, 1, 0, tzinfo=UTC)
BASE: dict[str, object] = {
    "msgId": "m1",
    "conversationId": "cid1",
    "conversationType": "1",
    "senderStaffId": "u1",
    "senderNick": "张三",
    "senderCorpId": "ding1",
    "chatbotCorpId": "ding1",
    "chatbotUserId": "$:robot",
    "robotCode": "r1",
    "sessionWebhook": "https://oapi.dingtalk.com/robot/sendBySession?session=s",
    "sessionWebhookExpiredTime": 1_640_000_000_000,
    "createAt": "1639962000000",
}
GROUP = {"conversationType": "2", "conversationTitle": "工作群", "atUsers": [{"dingtalkId": "$:robot"}]}


def heard(**fields: object) -> Message:
    return read_message(read_robot_message(BASE | fields), "own", NOW)


def test_a_text_keeps_who_where_when_and_how_to_answer() -> None:
    message = heard(msgtype="text", text={"content": " 我负责哪些指标 "})
    assert (message.text, message.kind, message.chat.kind) == ("我负责哪些指标", "text", "person")
    assert (message.id, message.robot, message.sender.staff_id) == ("m1", "r1", "u1")
    assert message.at == datetime(2021, 12, 20, 1, 0, tzinfo=UTC)
    assert message.route.endswith("session=s")
    assert message.route_expires == datetime(2021, 12, 20, 11, 33, 20, tzinfo=UTC)


@pytest.mark.parametrize("content", [" 帮助", "@助手 帮助", " @助手\u2005帮助 "])
def test_the_mention_is_no_part_of_what_was_said(content: str) -> None:
    assert heard(msgtype="text", text={"content": content}, **GROUP).text == "帮助"


def test_voice_says_what_was_recognised() -> None:
    message = heard(
        msgtype="audio", content={"downloadCode": "c", "recognition": "智慧校园累计三十五所", "duration": 4000}
    )
    assert (message.kind, message.text) == ("voice", "智慧校园累计三十五所")
    assert message.attachments == (Attachment("voice", "c"),)


@pytest.mark.parametrize(
    ("msgtype", "content", "kind", "attachments"),
    [
        ("picture", {"downloadCode": "c"}, "picture", (Attachment("picture", "c"),)),
        ("file", {"downloadCode": "c", "fileName": "表.xlsx"}, "file", (Attachment("file", "c", "表.xlsx"),)),
        ("video", {"downloadCode": "c", "videoType": "mp4"}, "video", (Attachment("video", "c"),)),
        ("picture", {}, "picture", ()),
        ("unknownMsgType", {"unknownMsgType": "暂不支持"}, "unknown", ()),
        ("sticker", None, "unknown", ()),
        (None, None, "unknown", ()),
    ],
)
def test_every_type_reads(msgtype: str | None, content: object, kind: str, attachments: tuple[Attachment, ...]) -> None:
    message = heard(msgtype=msgtype, content=content)
    assert (message.kind, message.text, message.attachments) == (kind, "", attachments)


def test_rich_text_is_words_and_pictures_without_the_repeated_mention() -> None:
    parts = [{"text": "@助手 "}, {"text": "智慧校园 35 "}, {"type": "picture", "downloadCode": "c"}, {"text": "已验收"}]
    message = heard(msgtype="richText", content={"richText": parts}, **GROUP)
    assert (message.kind, message.text) == ("mixed", "智慧校园 35 已验收")
    assert message.attachments == (Attachment("picture", "c"),)


def test_rich_text_without_pictures_is_text() -> None:
    assert heard(msgtype="richText", content={"richText": [{"text": "帮助"}]}).kind == "text"


def test_over_quota_is_told_apart() -> None:
    assert heard(errorCode="20001").kind == "over_quota"


def test_a_quoted_message_comes_along() -> None:
    said = {"content": "改成36", "isReplyMsg": True, "repliedMsg": {"msgType": "text", "content": {"text": "35所"}}}
    assert heard(msgtype="text", text=said).quoted == "35所"
    assert heard(msgtype="text", text={"content": "改成36"}).quoted is None


@pytest.mark.parametrize(
    ("fields", "outsiders"),
    [
        ({}, False),
        ({"senderStaffId": ""}, True),
        ({"senderCorpId": "ding2"}, True),
        ({"senderCorpId": None}, True),
        ({"atUsers": [{"dingtalkId": "$:robot"}, {"dingtalkId": "$:x"}]}, True),
        ({"atUsers": [{"dingtalkId": "$:robot"}, {"dingtalkId": "$:x", "staffId": "u2"}]}, False),
    ],
)
def test_a_group_with_outsiders_is_known(fields: dict[str, object], outsiders: bool) -> None:
    assert heard(msgtype="text", text={"content": "x"}, **(GROUP | fields)).outsiders is outsiders


def test_what_is_not_surely_one_to_one_is_a_group() -> None:
    assert heard(conversationType=None).chat.kind == "group"


def test_somebody_from_elsewhere_has_no_staff_id() -> None:
    assert heard(senderStaffId=None).sender.staff_id is None


def test_lines_stay_lines() -> None:
    assert rendered("一\n二\n- 甲\n- 乙\n\n\n三") == "一\n\n二\n\n- 甲\n- 乙\n\n三"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**智慧校园**（附件1第7项）\n- 35所", "智慧校园（附件1第7项）"),
        ("\n- 第一行", "第一行"),
        ("一二三四五六七八九十一二三四五六七八九十一", "一二三四五六七八九十一二三四五六七八九…"),
        ("", "…"),
    ],
)
def test_the_title_is_the_first_words(text: str, shown: str) -> None:
    assert title(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "[点我](https://evil.example)",
        "[点我](dtmd://dingtalkclient/sendMessage?content=x)",
        "![](http://evil.example/a.png)",
        "[a][b]\n[b]: https://evil.example",
        "[a\n](dtmd://dingtalkclient/sendMessage?content=x)",
        "<a href='x'>y</a> <dtmd://dingtalkclient/sendMessage?content=x>",
        "DTMD://dingtalkclient/sendMessage?content=x",
        "# 大标题\n  ## 二",
        "\u202e倒过来\u200b",
        "\u061c\u2060藏\u00ad着\U000e0041\x9b31m",
        "一行\u2029# 大标题",
        "```\nx\n```",
    ],
)
def test_words_of_people_cannot_act(text: str) -> None:
    made = harmless(text)
    for harm in (
        "](",
        "]:",
        "][",
        "<a",
        "<d",
        "dtmd:",
        "DTMD:",
        "```",
        "\u202e",
        "\u200b",
        "\u061c",
        "\u2060",
        "\x9b",
        "\U000e0041",
        "\n#",
    ):
        assert harm not in made
    assert not made.lstrip().startswith("# ")


def test_plain_words_stay_as_they_are() -> None:
    text = "提交 #12.3，同比<5%，见 https://www.example.gov.cn/a?b=1 [注]（一）a@b.cn"
    assert harmless(text) == text


def test_a_button_says_its_words() -> None:
    words = "提交 #12.3 a+b&c=d %"
    address = says(words)
    assert address.startswith("dtmd://dingtalkclient/sendMessage?content=")
    assert parse_qs(urlsplit(address).query)["content"] == [words]


@given(
    st.text(alphabet=st.sampled_from("报送**一二。；\n😀- "), max_size=12000)
    | st.text(max_size=300).map(lambda t: t * 40)
)
def test_pieces_fit_and_lose_nothing(text: str) -> None:
    made = pieces(text)
    assert all(len(p) <= LONGEST and len(rendered(p).encode(errors="replace")) <= HEAVIEST + 8 for p in made)
    assert "".join(made).replace("*", "").replace("\n", "") == text.replace("*", "").replace("\n", "")


def test_long_texts_are_cut_at_line_ends_and_buttons_come_last() -> None:
    lines = [f"- 第{n}项：智慧校园建设进展情况说明文字" for n in range(400)]
    made = posts(Reply("\n".join(lines), (Button("继续"),)), in_group=False)
    assert len(made) > 1
    assert [line for post in made for line in post.text.split("\n") if line] == lines
    assert [len(post.buttons) for post in made] == [0] * (len(made) - 1) + [1]


def test_bold_survives_a_cut() -> None:
    assert all(part.count("**") % 2 == 0 for part in pieces("**" + "重" * 9000 + "**"))


@pytest.mark.parametrize("count", [0, 1, 2, 5, 6, 9])
def test_buttons_of_every_number_work_by_both_ways(count: int) -> None:
    [post] = posts(Reply("请核对", tuple(Button(f"第{n}个", f"选 {n}") for n in range(count))), in_group=False)
    session, (_, param) = json.dumps(by_webhook(post)), by_api(post)
    for n in range(count):
        assert says(f"选 {n}") in session
        assert says(f"选 {n}") in json.dumps(param)


def test_msgkeys_are_those_of_dingtalk() -> None:
    keys = [by_api(posts(Reply("x", (Button("a"),) * n), in_group=False)[0])[0] for n in range(7)]
    assert keys == [
        "sampleMarkdown",
        "sampleActionCard",
        *(f"sampleActionCard{n}" for n in range(2, 6)),
        "sampleMarkdown",
    ]


def test_in_a_group_buttons_are_words() -> None:
    [post] = posts(Reply("您是不是想问：", (Button("智慧校园"), Button("原文", "看原文"))), in_group=True)
    assert (post.text, post.buttons) == ("您是不是想问：\n\n- 智慧校园\n- 看原文", ())


def test_mentions_stand_in_the_text_and_beside_it() -> None:
    announcement = Announcement("还有2个工作日", mentions=("u1", "u2"))
    [post] = posts(announcement, in_group=True, mentions=announcement.mentions)
    assert post.text.endswith("@u1 @u2")
    assert by_webhook(post, announcement.mentions)["at"] == {"atUserIds": ["u1", "u2"], "isAtAll": False}


def test_a_reply_of_files_alone_has_no_text_message() -> None:
    assert posts(Reply(""), in_group=False) == []


def test_labels_cannot_leave_their_link() -> None:
    [post] = posts(Reply("x", tuple(Button(f"a](https://evil.example)[{n}") for n in range(6))), in_group=False)
    text = str(by_api(post)[1]["text"])
    assert text.count("](") == text.count("](dtmd://dingtalkclient/sendMessage?content=")


def test_a_nick_and_a_groups_title_are_one_harmless_line() -> None:
    sly = "[点我](dtmd://dingtalkclient/sendMessage?content=x)**<b>\n# 办公室" + "长" * 80
    message = heard(msgtype="text", text={"content": "帮助"}, **GROUP | {"senderNick": sly, "conversationTitle": sly})
    for name in (message.sender.nick, message.chat.title):
        assert "\n" not in name
        assert "](" not in name
        assert len(name) <= 60
