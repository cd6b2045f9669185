# Reference values of the Bollen-Stine bootstrap: lavaan's own resamples of its transformed data.
# Run from this folder: Rscript bollen_stine.R
# Writes bollen_stine_indices.csv (rows drawn, from 0, one line per replicate) and bollen_stine.csv.
suppressMessages(library(lavaan))
model <- paste(readLines("models/holzinger.lavaan"), collapse = "\n")
data <- HolzingerSwineford1939
out <- NULL
for (means in c(FALSE, TRUE)) {
  # converged beyond the default: the transformation takes over what the fit is off
  fit <- sem(model, data, meanstructure = means, optim.method = "BFGS",
             control = list(reltol = 1e-15))
  drawn <- bootstrapLavaan(fit, R = 20, type = "bollen.stine", FUN = function(x) fitMeasures(x, "chisq"),
                           iseed = 301, keep.idx = TRUE)
  out <- rbind(out, data.frame(means = tolower(means), replicate = 0:20,
                               chisq = c(fitMeasures(fit, "chisq"), as.numeric(drawn))))
}
indices <- attr(drawn, "boot.idx")[[1]]
write.table(indices - 1L, "bollen_stine_indices.csv", row.names = FALSE, sep = ",",
            col.names = paste0("d", seq_len(ncol(indices))), quote = FALSE)
democracy <- paste(readLines("models/democracy.lavaan"), collapse = "\n")
tested <- sem(democracy, PoliticalDemocracy, test = "bollen.stine", bootstrap = 50, iseed = 5)@test[[2]]
out <- rbind(out, data.frame(means = c("pvalue", "test", rep("refit", 50)), replicate = c(0, 0, 1:50),
                             chisq = c(tested$pvalue, tested$stat, tested$boot.T)))
write.csv(transform(out, chisq = format(chisq, digits = 14, scientific = FALSE, trim = TRUE)),
          "bollen_stine.csv", row.names = FALSE, quote = FALSE)
cat(as.character(packageVersion("lavaan")), "\n")
