"""Edit a plan: add, reword, move, split, take out by a decision and bring back what it is made of."""
