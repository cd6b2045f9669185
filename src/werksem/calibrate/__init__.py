"""Does this study, at this n, keep its promises: simulated surveys of the fitted model."""
