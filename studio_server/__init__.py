"""The web side of Production Canvas: one ASGI app, its database index, and the supervisor that starts it."""
