"""The only readers of licensure for others."""
