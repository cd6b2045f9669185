"""The page with descriptive tables, and the same tables on the terminal."""
