"""What every floor may use: refusals, ids, the clock, the shape of a fact. Not here: anything with a dependency."""
