"""What speaks to a running studio from outside, over its HTTP API only: `studio make`, `studio queue`, `studio mcp`."""
