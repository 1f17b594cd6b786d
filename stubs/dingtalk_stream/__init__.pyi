"""What we use of DingTalk's SDK: its frames, topics, handlers and acks. The connection is ours."""

from .chatbot import ChatbotHandler as ChatbotHandler
from .chatbot import ChatbotMessage as ChatbotMessage
from .credential import Credential as Credential
from .frames import AckMessage as AckMessage
from .frames import CallbackMessage as CallbackMessage
from .frames import EventMessage as EventMessage
from .frames import SystemMessage as SystemMessage
from .handlers import CallbackHandler as CallbackHandler
from .handlers import EventHandler as EventHandler
from .handlers import SystemHandler as SystemHandler
from .stream import DingTalkStreamClient as DingTalkStreamClient
