"""werksem from Python: the verbs of the command line as functions, results as pandas and xarray."""
