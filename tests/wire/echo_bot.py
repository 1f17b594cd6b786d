"""A tiny robot on the stock dingtalk-stream SDK: it proves the stand-in, and the chat page before the product is there.

Run as a process with DINGTALK_OPENAPI_ENDPOINT, DINGBAN_CLIENT_ID and DINGBAN_CLIENT_SECRET set.
"""

from __future__ import annotations

import asyncio
import os
from urllib.parse import quote_plus

import dingtalk_stream
import websockets.exceptions  # noqa: F401  loaded lazily, needed by 0.24.3 before the first connect
from dingtalk_stream import AckMessage, CallbackMessage, ChatbotHandler, ChatbotMessage

BUTTON = "dtmd://dingtalkclient/sendMessage?content="


class Echo(ChatbotHandler):
    """Says back what it heard; a word chooses the form: markdown, card, picture."""

    async def process(self, callback: CallbackMessage) -> tuple[int, str]:
        """Answer in a thread: the SDK's replies block."""
        await asyncio.to_thread(self.answer, ChatbotMessage.from_dict(callback.data), callback.data)
        return AckMessage.STATUS_OK, "OK"

    def answer(self, message: ChatbotMessage, data: dict[str, object]) -> None:
        """One reply by the session webhook."""
        text = message.text.content.strip() if message.text else str(data.get("content") or data.get("errorCode"))
        if "按钮" in text:
            self._card(message)
        elif "格式" in text:
            self.reply_markdown("格式", MARKDOWN, message)
        else:
            self.reply_text("收到：" + text, message)

    def _card(self, message: ChatbotMessage) -> None:
        import requests

        buttons = [
            {"title": "提交", "actionURL": BUTTON + quote_plus("提交 #12.3")},
            {"title": "坏按钮", "actionURL": "dtmd://dingtalkClient/sendMessage?content=x"},
        ]
        card = {"title": "核对", "text": "**请核对**\n\n累计35所", "btns": buttons, "btnOrientation": "1"}
        requests.post(message.session_webhook, json={"msgtype": "actionCard", "actionCard": card}, timeout=5)


MARKDOWN = """### 智慧校园
**目标59所**，已建成35所
这一行不换行

- 第一项
- 第二项 [查看](https://example.com/a)

> 引用的原文

<img src=x onerror=alert(1)> 与 [坏链接](javascript:alert(1))"""


def main() -> None:
    """Connect and answer until killed."""
    credential = dingtalk_stream.Credential(os.environ["DINGBAN_CLIENT_ID"], os.environ["DINGBAN_CLIENT_SECRET"])
    client = dingtalk_stream.DingTalkStreamClient(credential)
    client.register_callback_handler(ChatbotMessage.TOPIC, Echo())
    client.start_forever()


if __name__ == "__main__":
    main()
