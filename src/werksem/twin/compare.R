
# every row of estimates.csv and fit.csv beside lavaan's
ours <- read.csv(file.path(here, "..", "estimates.csv"), na.strings = "", encoding = "UTF-8",
                 colClasses = c(group = "character", lhs = "character", rhs = "character", label = "character"))
ours$group <- sub("^'(?='*[=+@\t-])", "", ours$group, perl = TRUE)  # apostrophes keep spreadsheets out
ours <- ours[ours$engine == "sem", ]
own_squares <- ours[ours$op == "r2", ]
ours <- ours[ours$op %in% c("=~", "~", "~~", "~1", "|", ":="), ]
ours$rhs[is.na(ours$rhs)] <- ""
level <- c(ours$level[is.finite(ours$level)], 0.95)[1]
theirs <- parameterEstimates(fit, remove.nonfree = FALSE, rsquare = TRUE, level = level)
squares <- theirs[theirs$op == "r2", ]
standard <- standardizedSolution(fit)
standard <- standard[standard$op %in% c("=~", "~", "~~", "~1", "|", ":="), ]
theirs <- theirs[theirs$op %in% c("=~", "~", "~~", "~1", "|", ":="), ]
stopifnot(identical(theirs$lhs, standard$lhs), identical(theirs$rhs, standard$rhs))
theirs$std <- standard$est.std
theirs$std_se <- standard$se
theirs$where <- if (is.null(theirs$group) || length(groups) == 1) groups[1] else groups[pmax(theirs$group, 1)]
defined <- theirs$op == ":="
at <- match(theirs$lhs[defined], effect_lavaan)
theirs$where[defined] <- effect_group[at]
theirs$lhs[defined] <- effect_name[at]
theirs$rhs[defined] <- ""
key <- function(group, lhs, op, rhs) {
  turned <- op == "~~" & rhs < lhs
  paste0(group, ": ", ifelse(turned, rhs, lhs), " ", op, " ", ifelse(turned, lhs, rhs))
}
ours$key <- key(ours$group, ours$lhs, ours$op, ours$rhs)
theirs$key <- key(theirs$where, theirs$lhs, theirs$op, theirs$rhs)
if (is.null(theirs$se)) theirs$se <- NA
names(theirs) <- sub("ci.", "ci_", names(theirs), fixed = TRUE)
for (column in setdiff(c("pvalue", "ci_lower", "ci_upper"), names(theirs))) theirs[[column]] <- NA
compared <- c("key", "est", "se", "pvalue", "ci_lower", "ci_upper", "std", "std_se")
both <- merge(ours[, compared], theirs[, compared], by = "key", suffixes = c("", ".lavaan"))
squares$where <- if (is.null(squares$group) || length(groups) == 1) rep(groups[1], nrow(squares)) else groups[squares$group]
squares <- merge(data.frame(key = paste0(own_squares$group, ": r2 ", own_squares$lhs), est = own_squares$est),
                 data.frame(key = paste0(squares$where, ": r2 ", squares$lhs), est = squares$est),
                 by = "key", suffixes = c("", ".lavaan"))
fitted <- fitMeasures(fit)
own_fit <- read.csv(file.path(here, "..", "fit.csv"), na.strings = "", encoding = "UTF-8",
                    colClasses = c(group = "character"))
own_fit <- own_fit[own_fit$engine == "sem" & own_fit$group == "all", ]
own_fit$lavaan <- gsub("_", ".", own_fit$measure)
own_fit <- own_fit[own_fit$lavaan %in% names(fitted) & is.finite(own_fit$value), ]

# limits: standard errors relative to themselves, all else relative to 1 or to its own size
LIMITS <- c(est = 1e-4, std = 1e-4, r2 = 1e-4, se = 1e-3, std_se = 1e-3, pvalue = 1e-3, interval = 1e-3, fit = 1e-3)
zero <- function(x) ifelse(is.na(x), 0, x)
apart <- function(kind, a, b, names) {
  a <- zero(a); b <- zero(b)
  size <- if (kind %in% c("se", "std_se")) pmax(abs(b), 1e-4) else pmax(abs(b), 1)
  data.frame(kind = kind, name = names, werksem = a, lavaan = b, difference = abs(a - b) / size)
}
std <- is.finite(both$std) & is.finite(both$std.lavaan)
# residual variances of ordered items are no parameters: werksem gives them no standard error
error <- std & !(is.na(both$std_se) & grepl("^(.*: )(.*) ~~ \\2$", both$key) & zero(both$se) == 0)
tested <- zero(both$se.lavaan) > 0
all <- rbind(apart("est", both$est, both$est.lavaan, both$key),
             apart("se", both$se, both$se.lavaan, both$key),
             apart("pvalue", both$pvalue[tested], both$pvalue.lavaan[tested], both$key[tested]),
             apart("interval", both$ci_lower[tested], both$ci_lower.lavaan[tested], both$key[tested]),
             apart("interval", both$ci_upper[tested], both$ci_upper.lavaan[tested], both$key[tested]),
             apart("r2", squares$est, squares$est.lavaan, squares$key),
             apart("std", both$std[std], both$std.lavaan[std], both$key[std]),
             apart("std_se", both$std_se[error], both$std_se.lavaan[error], both$key[error]),
             apart("fit", own_fit$value, as.numeric(fitted[own_fit$lavaan]), own_fit$measure))
if (exists("shared")) {
  cat("clusters lie in several groups: lavaan takes each group's by themselves, werksem adds them up over groups,\n",
      "so standard errors and scaled tests are not compared\n", sep = "")
  all <- all[!(all$kind %in% c("se", "std_se", "pvalue", "interval") |
               all$kind == "fit" & grepl("scal|robust", all$name)), ]
}
cat("lavaan", as.character(packageVersion("lavaan")), "-", nrow(both), "parameters,", nrow(own_fit), "fit measures\n")
for (kind in unique(all$kind)) {
  rows <- all[all$kind == kind, ]
  worst <- rows[which.max(rows$difference), ]
  cat(sprintf("%-7s largest relative difference %.1e (%s: werksem %.6g, lavaan %.6g)\n", kind, worst$difference,
              worst$name, worst$werksem, worst$lavaan))
}
absent <- setdiff(ours$key[zero(ours$est) != 0], theirs$key)
missed <- setdiff(theirs$key[zero(theirs$est) != 0], ours$key)
differ <- all[all$difference > LIMITS[all$kind], ]
if (length(absent)) cat("not in lavaan's table:", paste(absent, collapse = "; "), "\n")
if (length(missed)) cat("not in estimates.csv:", paste(missed, collapse = "; "), "\n")
if (nrow(differ)) print(head(differ[order(-differ$difference), ], 20), row.names = FALSE)
agrees <- !length(absent) && !length(missed) && !nrow(differ) && nrow(both) > 0 && nrow(own_fit) > 0
cat(if (agrees) "the twin agrees\n" else "the twin differs\n")
if (!interactive()) quit(status = as.integer(!agrees))
