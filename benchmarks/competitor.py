"""One competitor in a process of its own: ``python -m benchmarks.competitor NAME LANDING POLICY WORK MEMORY``.

A name is that of a module of ``competitors``, or ``<module>.<function>``.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

from vha.publish.list_hash import list_hash
from vha.synthetic.world import REFERENCE_DATE

if __name__ == "__main__":
    name, landing, policy, work, memory = sys.argv[1:]
    module_name, _, function = name.partition(".")
    module = importlib.import_module(f"benchmarks.competitors.{module_name}")
    assess = getattr(module, function or "assess")
    rows = assess(Path(landing), Path(policy), REFERENCE_DATE, Path(work), memory)
    loading = getattr(module, "loading_cpu", 0.0)
    print(json.dumps({"listed": len(rows), "list_hash": list_hash(rows), "loading_cpu": loading}))
