"""Faults put into the real command line: what is found afterwards, and whether the next run goes on."""
