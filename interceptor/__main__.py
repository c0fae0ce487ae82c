"""``python -m interceptor``."""

import sys

from interceptor.cli.main import main

sys.exit(main())
