"""`python -m server` is the `wengert` command."""

import sys

from server.cli import main

sys.exit(main())
