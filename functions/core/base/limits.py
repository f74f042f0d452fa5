"""The limits of the texts that strangers and shops hand in, each stated once.

A parser that is called with a text within these limits ends in a moment, whatever the text says: what nests or grows is
refused before it reaches a parser whose work grows faster than the text (docs/templates.md, docs/segments.md).
"""

# Bytes of an answer's items, as Lambda counts them: it hands over at most 6 MB.
LARGEST_ANSWER = 5_000_000
# Characters of one request in quarantine that an answer shows; each takes at most seven bytes there.
LONGEST_SHOWN = 700_000

# Bytes of a definition.
LONGEST_DEFINITION = 64 * 1024
# Values of a definition that stand in one another: lists in lists, names with names in them.
DEEPEST_DEFINITION = 128
# Faults that one refusal lists. The line and column of each costs a walk through the text.
MOST_FAULTS = 100

# Characters of the parts of a template.
LONGEST_SUBJECT = 1_000
LONGEST_PREHEADER = 1_000
LONGEST_BECAUSE = 1_000
LONGEST_BODY = 60_000
LONGEST_PLAIN_TEXT = 30_000
LONGEST_HEAD = 20_000
# Elements and blocks of Liquid that may stand in one another in a part of a template. The MJML compiler is recursive,
# and thousands of them overflow its stack, which ends the process.
DEEPEST_MARKUP = 100
# Characters of one tag or output of Liquid, braces included. The Liquid library is recursive in brackets and quadratic
# in blanks.
LONGEST_LIQUID = 1_000
# Tags and outputs of Liquid in a part of a template, and their characters together.
MOST_LIQUID = 1_000
LONGEST_LIQUID_TOGETHER = 20_000
# Rounds of all loops of a part of a template while it is rendered, those in loops counted each time.
MOST_ROUNDS = 1_000
