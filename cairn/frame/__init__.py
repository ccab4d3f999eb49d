"""The Django side that every app stands on, written once. Not here: any table, any rule of the field."""
