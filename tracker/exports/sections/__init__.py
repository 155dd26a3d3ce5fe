"""What each section of a highlight report says: one module a section, each a function from facts to a section."""
