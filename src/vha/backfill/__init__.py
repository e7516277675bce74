"""Lists of past dates, computed from the records as they are known now: all dates in one build."""
