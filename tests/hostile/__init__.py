"""Makers of the files that tests/hostile_files.py lists. Each takes the address of a canary and returns bytes."""
