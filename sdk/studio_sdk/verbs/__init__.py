"""The verbs of the command line `studio-sdk`, by what one does with them. `cli` puts them together."""
