"""What would we change? Plans are data: the dry run prints one, the real run applies the same one."""
