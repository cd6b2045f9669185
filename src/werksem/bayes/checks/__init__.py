"""Does a posterior predict what was answered: per group, for a group left out, for a respondent left out."""
