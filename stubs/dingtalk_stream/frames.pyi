from collections.abc import Mapping

class Headers:
    CONTENT_TYPE_APPLICATION_JSON: str
    content_type: str | None
    message_id: str | None
    topic: str | None
    event_type: str | None

class _Frame:
    TYPE: str
    headers: Headers
    data: object

class SystemMessage(_Frame):
    TOPIC_DISCONNECT: str
    @classmethod
    def from_dict(cls, d: Mapping[str, object]) -> SystemMessage: ...

class EventMessage(_Frame):
    @classmethod
    def from_dict(cls, d: Mapping[str, object]) -> EventMessage: ...

class CallbackMessage(_Frame):
    @classmethod
    def from_dict(cls, d: Mapping[str, object]) -> CallbackMessage: ...

class AckMessage:
    STATUS_OK: int
    STATUS_BAD_REQUEST: int
    STATUS_NOT_IMPLEMENT: int
    STATUS_SYSTEM_EXCEPTION: int
    code: int
    headers: Headers
    message: str
    data: object
    def to_dict(self) -> dict[str, object]: ...
