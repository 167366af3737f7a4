"""The project folder: the truth about a film, as files that git and people can read."""
