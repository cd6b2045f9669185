"""The lavaan twin of a fit: model syntax and an R script with which a reviewer runs it again in R."""
