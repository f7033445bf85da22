# lme4 beside the mixed model of Holdfast: Rscript bench/mixed.R table.csv; prints the processor's seconds and the REML deviance.
suppressMessages(library(lme4))
told <- read.csv(commandArgs(TRUE)[1])
taken <- system.time(m <- suppressWarnings(lmer(y ~ time + (time | therapist) + (time | client), told)))[1]
cat(taken, sprintf("%.10f", -2 * as.numeric(logLik(m))), "\n")
