"""Everything a person or a runner can do, one verb group a file. Actions write facts; loops turn facts into effects."""
