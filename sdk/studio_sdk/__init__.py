"""Package a model as a Production Canvas pipeline."""
