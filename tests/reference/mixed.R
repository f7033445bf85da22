# The recipe behind the numbers of test_mixed.py. Run: Rscript tests/reference/mixed.R [BtheB.csv]
# Made-up data of our own; lme4 and nlme supply the reference numbers. With a second word it writes the wide BtheB
# data of the package HSAUR3 (GPL-2; not part of Holdfast) to that file, for the test that reads HOLDFAST_TEST_BTHEB.
library(lme4)
options(digits = 12)
show <- function(m) {
  cat("fixed", fixef(m), "\nse", sqrt(diag(as.matrix(vcov(m)))), "\n")
  print(as.data.frame(VarCorr(m)))
  cat("logLik", logLik(m), "AIC", AIC(m), "\n")
}
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10), calc.derivs = FALSE)
x <- c(40, 42, 44, 43, 46, 50, 49, 52, 53, 51, 55, 58, 57, 59, 61, 48, 45, 47, 50, 49)
y <- c(20, 19, 18, 18, 16, 15, 16, 14, 13, 14, 12, 10, 11, 9, 8, 17, 19, 18, 15, 16)
id <- rep(1:4, each = 5)
between <- ave(x, id) - mean(x); within <- x - ave(x, id)
show(lmer(y ~ within + between + (1 | id), control = tight))
show(lmer(y ~ within + between + (1 | id), REML = FALSE, control = tight))
# Twelve groups of six rows, drawn without dice so that any language can make them again.
g <- rep(1:12, each = 6); t <- rep(0:5, 12); i <- seq_along(g)
v <- round(10 + 3 * sin(2.3 * g) + (1 + 0.8 * cos(1.7 * g)) * t + 1.5 * sin(12.9898 * i), 6)
for (reml in c(TRUE, FALSE)) {
  m <- lmer(v ~ t + (t | g), REML = reml, control = tight)
  show(m)
  r <- ranef(m, condVar = TRUE)$g
  cat("own 1 and 12", unlist(r[c(1, 12), ]), "\nown sd 1", sqrt(diag(attr(r, "postVar")[, , 1])), "\n")
}
words <- commandArgs(TRUE)
if (length(words)) write.csv(HSAUR3::BtheB, words[1], row.names = FALSE)
