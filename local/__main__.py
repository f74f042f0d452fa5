"""``python -m local``: the host."""

import sys

from local.http.serve import main

sys.exit(main())
