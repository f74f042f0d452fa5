"""The limits of the texts that strangers and shops hand in, each stated once.

A parser that is called with a text within these limits ends in a moment, whatever the text says: what nests or grows is
refused before it reaches a parser whose work grows faster than the text (docs/templates.md, docs/segments.md).
"""

# Elements and blocks of Liquid that may stand in one another in a part of a template. The MJML compiler is recursive,
# and thousands of them overflow its stack, which ends the process.
DEEPEST_MARKUP = 100
