"""Pure data and functions: graphs, shots, jobs, timelines. No files, no database, no clock, no randomness."""
