"""The SDK's own way to make a robot: its client, its handler, its `reply_text`. The reference of the bench.

Run as a process with DINGTALK_OPENAPI_ENDPOINT, DINGBAN_CLIENT_ID and DINGBAN_CLIENT_SECRET set.
"""

from __future__ import annotations

import logging
import os

import websockets.exceptions  # noqa: F401  # loaded lazily; 0.24.3 needs it before its first connection
from dingtalk_stream import (
    AckMessage,
    CallbackMessage,
    ChatbotHandler,
    ChatbotMessage,
    Credential,
    DingTalkStreamClient,
)


class Echo(ChatbotHandler):
    """Says back what it heard, as in the SDK's first example."""

    async def process(self, message: CallbackMessage) -> tuple[int, str]:
        heard = ChatbotMessage.from_dict(message.data)
        self.reply_text(heard.text.content.strip(), heard)
        return AckMessage.STATUS_OK, "OK"


def main() -> None:
    """Connect and answer until ended."""
    logging.disable(logging.CRITICAL)
    client = DingTalkStreamClient(Credential(os.environ["DINGBAN_CLIENT_ID"], os.environ["DINGBAN_CLIENT_SECRET"]))
    client.register_callback_handler(ChatbotMessage.TOPIC, Echo())
    client.start_forever()


if __name__ == "__main__":
    main()
