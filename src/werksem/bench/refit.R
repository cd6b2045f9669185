# Refits as lavaan's own bootstrap makes them (lavaan:::lav_bootstrap_internal), for given resamples.
# Rscript refit.R FOLDER: reads n, p, rows and model there, says "ready", then answers each line on its
# standard input (a number of resamples, whose row numbers stand in draws.bin) with "done CPU WALL".
say <- function(...) { cat(..., "\n"); flush(stdout()) }
if (!suppressWarnings(requireNamespace("lavaan", quietly = TRUE))) {
  say("absent")
  quit(status = 0)
}
suppressPackageStartupMessages(library(lavaan))
setwd(commandArgs(TRUE)[1])
say("loaded")

names <- readLines("names.txt")
size <- scan("size.txt", quiet = TRUE)
rows <- matrix(readBin("rows.bin", "double", prod(size)), size[1], size[2], dimnames = list(NULL, names))
frame <- as.data.frame(rows)
first <- system.time(
  full <- lavaan(readLines("model.txt"), data = frame, meanstructure = FALSE, fixed.x = FALSE)
)[["elapsed"]]

# the settings of lavaan's own bootstrap: coefficients and nothing else
options <- full@Options
options[c("verbose", "check.start", "check.post", "baseline", "h1", "loglik", "implied", "store.vcov")] <- FALSE
options$optim.attempts <- 1L
options$se <- "none"
options$test <- "none"
X <- full@Data@X[[1]]

refit <- function(drawn) {
  data <- lav_data_update(
    lavdata = full@Data, newX = list(X[drawn, , drop = FALSE]), BOOT.idx = list(drawn), lavoptions = options
  )
  moments <- lav_samplestats_from_data(lavdata = data, lavoptions = options)
  fit <- suppressWarnings(lavaan(
    slotOptions = options, slotParTable = full@ParTable, slotModel = full@Model,
    slotSampleStats = moments, slotData = full@Data
  ))
  if (fit@optim$converged) fit@optim$x else rep(NA_real_, length(fit@optim$x))
}
environment(refit) <- list2env(list(full = full, options = options, X = X), parent = asNamespace("lavaan"))

# R compiles functions at their second call
for (turn in 1:3) invisible(refit(seq_len(size[1])))
writeLines(names(coef(full)), "parameters.txt")
say("ready", as.character(packageVersion("lavaan")), first)

input <- file("stdin", "r")
repeat {
  line <- readLines(input, 1)
  if (!length(line)) break
  count <- as.integer(line)
  draws <- matrix(readBin("draws.bin", "integer", count * size[1], size = 4), size[1], count)
  before <- proc.time()
  theta <- lapply(seq_len(count), function(b) refit(draws[, b]))
  spent <- proc.time() - before
  writeBin(unlist(theta), "theta.bin")
  say("done", sum(spent[1:2]), spent[[3]])
}
