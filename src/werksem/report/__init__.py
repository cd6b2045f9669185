"""What a person sees of a result folder: the console summary and report.html."""
