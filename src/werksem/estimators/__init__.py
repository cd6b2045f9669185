"""From a model and moments to an estimate: one file per estimator."""
