"""Who may change licenses, records, lists and plans."""
