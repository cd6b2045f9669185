"""What follows from an estimate: standard errors, fit, reliability, influence."""
