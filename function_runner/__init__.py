"""The runner: takes jobs from the studio, runs pipelines on its machine, hands in what they made."""
