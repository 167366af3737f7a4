"""The database: an index of projects, the jobs, the people and the order of events. Rows never leave this package."""
