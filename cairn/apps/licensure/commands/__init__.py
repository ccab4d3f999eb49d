"""Everything that may be done to rules, licenses, records, standings, lists and plans."""
