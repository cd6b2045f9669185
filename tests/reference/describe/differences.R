# Differences, trends and shares of ticks by R survey 4.1: Rscript differences.R, in this folder.
# Data are ratios_data.csv; its strata 1, 2 and 3-4 stand for the waves 2019, 2022 and 2024.
suppressMessages(library(survey))
d <- read.csv("ratios_data.csv")
d$wave <- c(2019, 2022, 2024, 2024)[d$h]
d$high <- as.numeric(d$y >= 4)
d$y2 <- d$y^2
d$t1 <- as.numeric(d$y > 3); d$t2 <- as.numeric(d$y %% 2 == 0); d$t3 <- as.numeric(d$c %% 3 == 0)
d$ticks <- d$t1 + d$t2 + d$t3
d <- d[!is.na(d$y), ]
one <- svydesign(~c, strata = ~h, weights = ~w, data = d)
rows <- list()
add <- function(what, value, se, lower = NA, upper = NA) rows[[length(rows) + 1]] <<-
  data.frame(what = what, value = as.numeric(value), se = as.numeric(se), lower = lower, upper = upper)

glm_difference <- function(formula, what) {
  fit <- svyglm(formula, one)
  add(what, coef(fit)[2], SE(fit)[2])
}
for (y in c("y", "high")) {
  for (pair in list(c("a", "b"), c("a", "c"), c("b", "c"))) {
    one$variables$first <- ifelse(one$variables$g == pair[1], 1, ifelse(one$variables$g == pair[2], 0, NA))
    glm_difference(as.formula(paste(y, "~ first")), paste(y, pair[1], "-", pair[2]))
  }
  for (g in c("a", "b", "c")) {
    one$variables$first <- as.numeric(one$variables$g == g)
    glm_difference(as.formula(paste(y, "~ first")), paste(y, g, "- rest"))
  }
  means <- svyby(as.formula(paste0("~", y)), ~g, one, svymean, covmat = TRUE)
  planned <- svycontrast(means, list(c = c(0.5, 0.5, -1)))
  add(paste(y, "planned"), coef(planned), SE(planned))
  waves <- svyby(as.formula(paste0("~", y)), ~wave, one, svymean, covmat = TRUE)
  t <- c(2019, 2022, 2024) - mean(c(2019, 2022, 2024))
  for (entry in list(list("slope", t / sum(t^2)), list("2022-2024", c(0, -1, 1)), list("2019-2024", c(-1, 0, 1)))) {
    found <- svycontrast(waves, list(c = entry[[2]]))
    add(paste(y, entry[[1]]), coef(found), SE(found))
  }
}
# d of a and b: delta method on six totals; the numbers of respondents are constants
v <- one$variables
for (g in c("a", "b")) for (x in c("one", "y", "y2"))
  one$variables[[paste0(x, "_", g)]] <- (v$g == g) * (if (x == "one") 1 else v[[x]])
totals <- svytotal(~one_a + y_a + y2_a + one_b + y_b + y2_b, one)
na <- sum(v$g == "a"); nb <- sum(v$g == "b")
d_ab <- svycontrast(totals, bquote((y_a / one_a - y_b / one_b) /
  sqrt((.(na) * (y2_a / one_a - (y_a / one_a)^2) + .(nb) * (y2_b / one_b - (y_b / one_b)^2)) / .(na + nb - 2))))
add("y d a - b", coef(d_ab), SE(d_ab))
# ticks: shares of respondents with svyciprop's interval, shares of ticks
for (x in c("t1", "t2", "t3")) {
  p <- svyciprop(as.formula(paste0("~", x)), one, method = "logit")
  m <- svymean(as.formula(paste0("~", x)), one)
  add(paste("respondents", x), coef(m), SE(m), confint(p)[1], confint(p)[2])
}
r <- svyratio(~t1 + t2 + t3, ~ticks, one)
for (i in 1:3) add(paste0("ticks t", i), coef(r)[i], SE(r)[i])
for (g in c("a", "b")) {
  one$variables$to <- as.numeric(one$variables$t2 == 1 & one$variables$g == g)
  p <- svyby(~to, ~t1, one, svymean)
  add(paste0("of leavers ", g), p[2, "to"], p[2, "se"])
}
out <- do.call(rbind, rows)
for (column in c("value", "se", "lower", "upper")) out[[column]] <- sprintf("%.15g", out[[column]])
write.csv(out, "differences.csv", row.names = FALSE, quote = FALSE)
