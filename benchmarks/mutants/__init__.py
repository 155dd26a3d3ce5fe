"""Whether the tests bite: each check is removed in turn, and they must notice (docs/mutants.md)."""
