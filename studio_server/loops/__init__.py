"""Turn facts into effects: read rows, act, repeat. A lost wake-up costs a second, never an event."""
