from .handlers import CallbackHandler

class TextContent:
    content: str

class ChatbotMessage:
    TOPIC: str
    text: TextContent
    @classmethod
    def from_dict(cls, d: object) -> ChatbotMessage: ...

class ChatbotHandler(CallbackHandler):
    def reply_text(self, text: str, incoming_message: ChatbotMessage) -> object: ...
