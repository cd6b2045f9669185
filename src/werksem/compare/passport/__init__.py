"""The beta passport: every estimate of a path on one ladder, and what each step of it changes."""
