# Means, marks, shares and their intervals by R survey 4.1: Rscript tables.R, in this folder.
# Groups are domains of the whole design: degf(subset(design, group)) degrees of freedom.
suppressMessages(library(survey))
set.seed(11)
n <- 600
d <- data.frame(h = rep(1:4, each = 150), c = rep(1:60, each = 10), g = sample(c("a", "b", "c"), n, TRUE, c(.6, .3, .1)),
                w = round(runif(n, .4, 2.2), 3))
f <- rnorm(n) + rep(rnorm(60, sd = .5), each = 10)
for (i in 1:3) d[[paste0("x", i)]] <- pmin(5, pmax(1, round(3.2 + f + rnorm(n))))
d$x3[sample(n, 40)] <- NA
d$nps <- pmin(10, pmax(1, round(6.5 + 1.5 * f + rnorm(n))))
write.csv(d, "tables_data.csv", row.names = FALSE, na = "")
k <- rowSums(!is.na(d[c("x1", "x2", "x3")]))
d$f <- ifelse(k >= 2, rowMeans(d[c("x1", "x2", "x3")], na.rm = TRUE), NA)
designs <- list(simple = svydesign(~1, data = d, weights = rep(1, n)), weights = svydesign(~1, weights = ~w, data = d),
                cluster = svydesign(~c, weights = ~w, data = d), strata = svydesign(~c, strata = ~h, weights = ~w, data = d))
rows <- list()
add <- function(...) rows[[length(rows) + 1]] <<- data.frame(...)
asked <- list(insufficient = ~I(f < 3), low = ~I(f <= 2.5), middle = ~I(f > 2.5 & f <= 3.5), high = ~I(f > 3.5),
              promoter = ~I(nps >= 8), top2 = ~I(x3 >= 4))
for (name in names(designs)) for (g in c("", "a", "b", "c")) {
  des <- designs[[name]]
  if (g != "") des <- des[des$variables$g == g, ]
  for (v in c("f", "nps", "x3")) {
    part <- des[!is.na(des$variables[[v]]), ]
    m <- svymean(as.formula(paste0("~", v)), part)
    ci <- confint(m, df = degf(part))
    add(design = name, group = g, variable = v, measure = "mean", value = as.numeric(coef(m)), se = as.numeric(SE(m)), low = ci[1], high = ci[2])
    s <- sqrt(svyvar(as.formula(paste0("~", v)), part))
    add(design = name, group = g, variable = v, measure = "sd", value = as.numeric(s)[1], se = NA, low = NA, high = NA)
  }
  for (q in names(asked)) {
    v <- all.vars(asked[[q]])[1]
    part <- des[!is.na(des$variables[[v]]), ]
    p <- svyciprop(asked[[q]], part, method = "logit", df = degf(part))
    add(design = name, group = g, variable = v, measure = q, value = as.numeric(p), se = as.numeric(SE(svymean(asked[[q]], part)))[2],
        low = attr(p, "ci")[1], high = attr(p, "ci")[2])
  }
}
r <- do.call(rbind, rows)
for (col in c("value", "se", "low", "high")) r[[col]] <- ifelse(is.na(r[[col]]), "", sprintf("%.12g", r[[col]]))
write.csv(r, "tables.csv", row.names = FALSE, quote = FALSE)
