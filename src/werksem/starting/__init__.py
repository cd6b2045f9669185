"""``werksem init``: a starter study, or a commented study and model of a data file."""
