"""Regressions of answers in categories: yes or no by probit or logit, ordered ones by cumulative probit."""
