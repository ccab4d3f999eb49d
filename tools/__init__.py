"""What `make` runs: standard library alone. Not here: anything that the product needs once it is installed."""
