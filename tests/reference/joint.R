# Joint covariances of standardised estimates, from lavaan 0.6: lavInspect(fit, "vcov.std.all").
# ols: three regressions as a saturated path model with robust (Huber-White) errors, plain and by cluster;
# sem: the democracy model by ML. Run in this folder; writes joint.csv (model, left, right, covariance).
suppressMessages(library(lavaan))
d <- PoliticalDemocracy
d$unit <- rep(1:15, length.out = nrow(d))
saturated <- "y5 ~ y1 + x1 + x2\ny6 ~ y1 + x1 + x2\ny7 ~ y1 + x1 + x2\ny5 ~~ y6 + y7\ny6 ~~ y7"
democracy <- paste(readLines(file.path("models", "democracy.lavaan")), collapse = "\n")
out <- NULL
keep <- function(name, fit) {
  V <- lavInspect(fit, "vcov.std.all")
  V <- V[grep("^[a-z0-9]+~[a-z]", rownames(V)), ]
  V <- V[, grep("^[a-z0-9]+~[a-z]", colnames(V))]
  for (i in seq_len(nrow(V))) for (j in seq_len(i))
    out <<- rbind(out, data.frame(model = name, left = rownames(V)[i], right = colnames(V)[j], covariance = V[i, j]))
}
keep("ols", sem(saturated, d, estimator = "MLR", fixed.x = FALSE))
keep("cluster", sem(saturated, d, estimator = "MLR", fixed.x = FALSE, cluster = "unit"))
keep("sem", sem(democracy, d))
out$covariance <- format(out$covariance, digits = 12)
write.csv(out, "joint.csv", row.names = FALSE, quote = FALSE)
