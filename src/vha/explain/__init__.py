"""Telling those who may ask why a person is on the list, and what is held on a person; every use is logged."""
