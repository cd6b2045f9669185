# Reference values of refits: lavaan fits each of 25 given resamples on its own, from its own start.
# Run from this folder: Rscript lavaan_replicates.R
# Writes lavaan_replicates.csv: per case a line "names", then per replicate how it ended (ok, heywood, lost)
# and its free parameters; a second line where a fit that starts at the estimate of the whole sample ends in
# another minimum. tests/bootstrap/replicate_cases.py makes the same resamples.
suppressMessages(library(lavaan))
R <- 25
# Park and Miller's generator, x -> 16807 x mod (2^31 - 1): whole numbers below 2^53, so exact everywhere
draws <- function(seed, count) {
  out <- numeric(count)
  x <- seed
  for (k in seq_len(count)) {
    x <- (16807 * x) %% 2147483647
    out[k] <- x
  }
  out
}
# rows drawn within groups, one group after another; row numbers are those of the file, from 1
resamples <- function(seed, rows_of) {
  size <- lengths(rows_of)
  x <- matrix(draws(seed, R * sum(size)), nrow = R, byrow = TRUE)
  group <- rep(seq_along(size), size)
  lapply(seq_len(R), function(r) {
    drawn <- (x[r, ] * size[group]) %/% 2147483647 + 1
    mapply(function(g, k) rows_of[[g]][k], group, drawn)
  })
}
people <- HolzingerSwineford1939
people$weight <- 1 + ((seq_len(nrow(people)) - 1) %% 5) / 2
cases <- list(
  holzinger = list(model = "holzinger", data = people),
  democracy = list(model = "democracy", data = PoliticalDemocracy),
  path = list(model = "path", data = people),
  intercepts = list(model = "holzinger", data = people, meanstructure = TRUE),
  restricted_means = list(model = "restricted_means", data = people, meanstructure = TRUE),
  groups = list(model = "holzinger", data = people, group = "school", meanstructure = TRUE),
  groups_equal = list(model = "holzinger", data = people, group = "school",
                      group.equal = c("loadings", "intercepts")),
  weighted = list(model = "holzinger", data = people, sampling.weights = "weight"),
  # small samples of weak loadings: replicates with negative variances
  small = list(model = "holzinger", data = people[1:60, ])
)
lines <- NULL
add <- function(case, replicate, status, values) {
  lines <<- c(lines, paste(case, replicate, status, paste(values, collapse = " "), sep = ","))
}
# nlminb stops at gradients of some 1e-6 whatever its tolerance
refit <- function(case, more = list()) suppressWarnings(do.call("sem", c(case, more, list(
  se = "none", test = "none", baseline = FALSE, h1 = FALSE, check.post = FALSE,
  optim.method = "BFGS", control = list(reltol = 1e-16, maxit = 20000)
))))
outcome <- function(fit) {
  table <- parTable(fit)
  free <- which(table$free > 0 & !duplicated(table$free))
  solved <- lavInspect(fit, "converged") && max(abs(lavInspect(fit, "optim.gradient"))) < 1e-6
  negative <- any(table$est[table$op == "~~" & table$lhs == table$rhs] < 0)
  list(names = paste0(table$lhs, table$op, table$rhs, "@", table$group)[free], est = table$est[free],
       status = if (!solved) "lost" else if (negative) "heywood" else "ok")
}
for (name in names(cases)) {
  case <- cases[[name]]
  data <- case$data
  rows_of <- if (is.null(case$group)) list(seq_len(nrow(data))) else
    split(seq_len(nrow(data)), factor(data[[case$group]], unique(data[[case$group]])))
  case$model <- paste(readLines(file.path("models", paste0(case$model, ".lavaan"))), collapse = "\n")
  whole <- refit(case)
  drawn <- resamples(2024 + match(name, names(cases)), rows_of)
  for (r in seq_len(R)) {
    case$data <- data[drawn[[r]], ]
    first <- outcome(refit(case))
    if (r == 1) add(name, "names", "", first$names)
    add(name, r, first$status, signif(first$est, 9))
    # lavaan would take the moments of fixed x from the start as well
    if (length(lavNames(whole, "ov.x"))) next
    again <- outcome(refit(case, list(start = whole)))
    if (again$status != "lost" && max(abs(first$est - again$est) / pmax(1, abs(first$est))) > 1e-3)
      add(name, r, again$status, signif(again$est, 9))
  }
}
writeLines(c("case,replicate,status,values", lines), "lavaan_replicates.csv")
cat(as.character(packageVersion("lavaan")), "\n")
