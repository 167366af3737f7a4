"""The supervisor: one command that starts Valkey, the web process and a runner, and keeps them.

start.py is the story, programs.py says what is started, kept.py keeps one of them, leash.py ends it with its family.
"""
