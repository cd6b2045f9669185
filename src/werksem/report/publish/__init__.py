"""Tables to publish: Word, LaTeX, CSV and Markdown from a result folder."""
