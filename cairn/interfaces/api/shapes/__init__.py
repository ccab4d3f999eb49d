"""What goes in and out, as typed values with an example each. Not here: asking for it (routes)."""
