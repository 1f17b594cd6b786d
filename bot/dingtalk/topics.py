"""What each frame's topic wants and how it is acknowledged, with DingTalk's own handlers and acks. No sockets here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from dingtalk_stream import (
    AckMessage,
    CallbackHandler,
    CallbackMessage,
    ChatbotMessage,
    EventHandler,
    EventMessage,
    SystemHandler,
    SystemMessage,
)

from bot.dingtalk.frames import BadFrame, Frame, RobotMessage, read_robot_message

SUBSCRIPTIONS = ({"type": CallbackMessage.TYPE, "topic": ChatbotMessage.TOPIC},)


class RobotMessages(CallbackHandler):
    """Messages to the robot: acknowledged once they are taken, so after their transaction."""

    def __init__(self, take: Callable[[RobotMessage], Awaitable[None]]) -> None:
        super().__init__()
        self._take = take

    async def process(self, message: CallbackMessage) -> tuple[int, str]:
        """200 once it is taken, 400 for what is no message; what raises is not acknowledged and may come again."""
        try:
            said = read_robot_message(message.data)
        except BadFrame as error:
            return AckMessage.STATUS_BAD_REQUEST, str(error)
        await self._take(said)
        return AckMessage.STATUS_OK, "OK"


class Events(EventHandler):
    """We subscribe to none; one that comes is done with. The SDK echoes the event, DingTalk wants a status."""

    async def raw_process(self, event_message: EventMessage) -> AckMessage:
        """200 with the status that ends its repetition."""
        ack = await super().raw_process(event_message)
        ack.code, ack.message, ack.data = AckMessage.STATUS_OK, "OK", {"status": "SUCCESS", "message": "OK"}
        return ack


class Topics:
    """Every frame to the handler of its topic."""

    def __init__(self, take: Callable[[RobotMessage], Awaitable[None]]) -> None:
        self._system, self._events, self._unknown = SystemHandler(), Events(), CallbackHandler()
        self._callbacks: dict[str, CallbackHandler] = {ChatbotMessage.TOPIC: RobotMessages(take)}

    async def acknowledge(self, frame: Frame) -> dict[str, object]:
        """The ack of a frame, once it is handled; 404 for a topic we do not know."""
        if frame.type == SystemMessage.TYPE:
            return (await self._system.raw_process(SystemMessage.from_dict(frame.for_sdk()))).to_dict()
        if frame.type == EventMessage.TYPE:
            return (await self._events.raw_process(EventMessage.from_dict(frame.for_sdk()))).to_dict()
        handler = self._callbacks.get(frame.topic, self._unknown)
        return (await handler.raw_process(CallbackMessage.from_dict(frame.for_sdk()))).to_dict()


def says_goodbye(frame: Frame) -> bool:
    """Will the server drop this connection and send nothing more on it?"""
    return frame.type == SystemMessage.TYPE and frame.topic == SystemMessage.TOPIC_DISCONNECT
