"""The policy as data: checked before a run, compared between releases, given its official weights."""
