"""Lock files: the numbers of a publication with what they came from, and whether they still come out."""
