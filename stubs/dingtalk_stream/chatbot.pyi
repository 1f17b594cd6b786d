class ChatbotMessage:
    TOPIC: str
