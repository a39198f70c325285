"""The one gateway to models that speak: endpoints by alias, and local folders of weights, behind the same question and answer."""

from .asking import Ask, Message, Reply
from .budget import Budget
from .endpoints import Endpoint
from .errors import GatewayError
from .gateway import Gateway

__all__ = ["Ask", "Budget", "Endpoint", "Gateway", "GatewayError", "Message", "Reply"]
