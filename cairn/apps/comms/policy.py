"""Only the system writes letters; there is nothing here for a person to be allowed."""
