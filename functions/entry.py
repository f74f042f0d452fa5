"""Where Lambda enters: the handler of every function is ``functions.entry.handler``; FUNCTION says which one it is.

What its invocations need is made here, at the start: Lambda lends a whole processor for that, of which a function of
512 MB has less than a third afterwards. The garbage collector rests meanwhile, since what is made now stays: looking
for garbage in it would take a tenth of the start, and it is never looked at again.
"""

import gc
import os
from importlib import import_module

gc.disable()
# The handler first: batches have to be imported before pydantic (functions/handlers/batches.py).
handler = import_module(f"functions.handlers.{os.environ['FUNCTION']}").handler
import_module("functions.startup").start(os.environ)
gc.freeze()
gc.enable()
