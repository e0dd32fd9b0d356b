"""What may stand in a log."""

import logging
import re
from typing import Any

# PostgreSQL repeats the offending row below its message, an applicant's name perhaps among it. The
# message itself names the constraint: enough. What is left out ends where the traceback goes on.
ROW = re.compile(
    r"^DETAIL:.*?(?=^\n(?:The above exception|During handling)|\Z)", re.DOTALL | re.MULTILINE
)


class DiscreetFormatter(logging.Formatter):
    """Leaves out the values that a database repeats in its errors."""

    def formatException(self, ei: Any) -> str:
        return ROW.sub("DETAIL: （略去）\n", super().formatException(ei))
