"""The method a second time, in plain Python with exact fractions, to hold the dbt models against.

Written from ``docs/method.md`` and not from the SQL; it shares no module with ``src/vha``. It reads rows as the
sources deliver them (text) and the seeds as they stand in CSV, and is slow, plain and easy to read on purpose.
"""

from reference.assessment import Assessment, assess
from reference.movements import Release, movements
from reference.policy import Seeds, read_seeds, with_policy

__all__ = ["Assessment", "Release", "Seeds", "assess", "movements", "read_seeds", "with_policy"]
