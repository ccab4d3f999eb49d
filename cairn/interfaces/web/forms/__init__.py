"""What pages send, read once and typed."""
