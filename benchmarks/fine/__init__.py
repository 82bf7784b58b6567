"""What an audit on a fine elevation model takes: memory and processor time."""
