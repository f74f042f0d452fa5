"""The models that SDKs' messages are read into, for the API's description: handlers import no sources."""

from functions.sources.segment.batch import MESSAGES as MOST
from functions.sources.segment.models import COMMON_FIELDS, MODELS, SdkMessage

__all__ = ["COMMON_FIELDS", "MODELS", "MOST", "SdkMessage"]
