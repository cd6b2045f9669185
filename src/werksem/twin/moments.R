
# n, means and covariances (divisor n - 1) are all that this estimator needs
found <- read.csv(file.path(here, "moments.csv"), check.names = FALSE, colClasses = c(group = "character"),
                  na.strings = "", encoding = "UTF-8")
found$group <- sub("^'(?='*[=+@\t-])", "", found$group, perl = TRUE)  # apostrophes keep spreadsheets out
labels <- unique(found$group)
part <- function(label) found[found$group == label, ]
matrix_of <- function(label) {
  S <- as.matrix(part(label)[, -(1:4)])  # behind group, n, variable, mean, by place: an item may be called n
  dimnames(S) <- list(colnames(S), colnames(S))
  S
}
cov <- setNames(lapply(labels, matrix_of), labels)
mean <- setNames(lapply(labels, function(label) setNames(part(label)$mean, part(label)$variable)), labels)
n <- as.list(sapply(labels, function(label) part(label)$n[1]))
if (length(labels) == 1) { cov <- cov[[1]]; mean <- mean[[1]]; n <- n[[1]] }
