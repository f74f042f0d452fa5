"""What Lambda tells a handler about the invocation."""

from functions.topology import FUNCTIONS
from local.runtime.invoke import LambdaContext

# Of the most patient function: nothing hurries.
CONTEXT = LambdaContext(max(FUNCTIONS, key=lambda function: function.timeout))
