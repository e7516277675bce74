"""The method a second time, in plain Python with exact fractions, to hold the dbt models against.

Written from ``docs/method.md`` and not from the SQL; it shares no module with ``src/vha``. It reads rows as
sources deliver them (text) and seeds as they stand in CSV, and is plain and easy to read rather than fast.
"""

from reference.assessment import Assessment, assess
from reference.movements import Release, movements
from reference.policy import Seeds, read_seeds, with_policy
from reference.records import World

__all__ = ["Assessment", "Release", "Seeds", "World", "assess", "movements", "read_seeds", "with_policy"]
