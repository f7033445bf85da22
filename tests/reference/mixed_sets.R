# The recipe behind tests/reference/fixtures/mixed_*.json. Run: make reference (or Rscript tests/reference/mixed_sets.R)
# lme4 and lmerTest (Satterthwaite) on the made-up tables of tests/reference/mixed_sets.py.
suppressMessages({library(lme4); library(lmerTest)})
here <- "tests/reference/fixtures/"
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5), calc.derivs = FALSE)
say <- function(x) sprintf("[%s]", paste(sprintf("%.12g", x), collapse = ", "))
keep <- function(name, formula, data, reml, control = tight) {
  m <- lmerTest::lmer(formula, data, REML = reml, control = control)
  v <- as.data.frame(VarCorr(m))
  s <- coef(summary(m, ddf = "Satterthwaite"))
  r <- ranef(m, condVar = TRUE)
  one <- r[[if ("client" %in% names(r)) "client" else 1]]
  cond <- attr(one, "postVar")
  lines <- c(
    sprintf('"fixed": %s', say(s[, "Estimate"])), sprintf('"errors": %s', say(s[, "Std. Error"])),
    sprintf('"freedom": %s', say(s[, "df"])), sprintf('"log_likelihood": %.14g', logLik(m)),
    sprintf('"groups": "%s"', paste(v$grp, v$var1, v$var2, collapse = "; ")),
    sprintf('"sds": %s', say(v$sdcor[is.na(v$var2)])), sprintf('"correlations": %s', say(v$sdcor[!is.na(v$var2)])),
    sprintf('"singular": %s', tolower(isSingular(m))), sprintf('"client": "%s"', rownames(one)[3]),
    sprintf('"own": %s', say(unlist(one[3, ]))), sprintf('"own_sd": %s', say(sqrt(diag(as.matrix(cond[, , 3]))))))
  cat("{\n  ", paste(lines, collapse = ",\n  "), "\n}\n", sep = "", file = paste0(here, "mixed_", name, ".json"))
  m
}
told <- function(name) read.csv(paste0(here, "mixed_", name, ".csv"))
cases <- list(clinic = outcome ~ time + alliance + (time | therapist) + (time | client),
              short = outcome ~ alliance + (1 | therapist) + (1 | client),
              pairs = therapist_alliance ~ alliance + time + (alliance | client))
for (name in names(cases)) for (reml in c(TRUE, FALSE))
  keep(paste0(name, if (reml) "_reml" else "_ml"), cases[[name]], told(name), reml)
x <- c(40, 42, 44, 43, 46, 50, 49, 52, 53, 51, 55, 58, 57, 59, 61, 48, 45, 47, 50, 49)
micro <- data.frame(x = x, y = c(20, 19, 18, 18, 16, 15, 16, 14, 13, 14, 12, 10, 11, 9, 8, 17, 19, 18, 15, 16),
                    client = rep(1:4, each = 5))
micro$between <- ave(micro$x, micro$client) - mean(micro$x); micro$within <- micro$x - ave(micro$x, micro$client)
for (reml in c(TRUE, FALSE)) {
  m <- keep(paste0("micro", if (reml) "_reml" else "_ml"), y ~ within + between + (1 | client), micro, reml)
  if (!reml) {
    suppressMessages(p <- confint(profile(m, devtol = 1e-12, delta.cutoff = 1/64)))
    cat("{\n  ", paste(sprintf('"%s": %s', rownames(p), apply(p, 1, say)), collapse = ",\n  "), "\n}\n", sep = "",
        file = paste0(here, "mixed_micro_profile.json"))
  }
}
# Within and between: the clinic, centred on client and on therapist means; time in the model with slopes of clients' own.
told_clinic <- told("clinic"); kept <- told_clinic[!is.na(told_clinic$alliance) & !is.na(told_clinic$outcome), ]
kept$own <- ave(kept$alliance, kept$client); kept$larger <- ave(kept$alliance, kept$therapist)
kept$within <- kept$alliance - kept$own; kept$between <- kept$own - mean(kept$alliance)
kept$inside <- kept$own - kept$larger; kept$above <- kept$larger - mean(kept$alliance)
kept$when <- kept$time - mean(kept$time)
kept$within_left <- ave(seq_len(nrow(kept)), kept$client, FUN = function(i)
  if (length(i) > 1) residuals(lm(kept$alliance[i] ~ kept$time[i])) else 0)
for (case in list(list("client", outcome ~ within + between + (1 | client), c(0, -1, 1)),
                  list("therapist", outcome ~ within + inside + above + (1 | client) + (1 | therapist), c(0, -1, 1, 0)),
                  list("detrended", outcome ~ within_left + between + (1 | client), c(0, -1, 1)),
                  list("time", outcome ~ within + between + when + (when | client), c(0, -1, 1, 0)),
                  list("slopes", outcome ~ within + between + (within | client), c(0, -1, 1)))) {
  m <- keep(paste0("within_", case[[1]]), case[[2]], kept, TRUE)
  con <- contest1D(m, case[[3]], confint = TRUE)
  cat("{\n  \"contextual\": ", say(unlist(con[1, c("Estimate", "Std. Error", "df", "lower", "upper")])), "\n}\n", sep = "",
      file = paste0(here, "mixed_within_", case[[1]], "_contextual.json"))
}

# AR(1) with nlme; sessions that are missing leave gaps. REML alone: nlme's ML errors follow another convention.
suppressMessages(library(nlme))
serial <- told("serial"); serial <- serial[!is.na(serial$alliance), ]
m <- lme(alliance ~ time, serial, random = ~ 1 | client, correlation = corAR1(0.5, form = ~ time | client),
         control = lmeControl(tolerance = 1e-12, msTol = 1e-13, msMaxIter = 500, maxIter = 500))
cat("{\n  ", paste(c(
  sprintf('"fixed": %s', say(fixef(m))), sprintf('"errors": %s', say(sqrt(diag(vcov(m))))),
  sprintf('"log_likelihood": %.14g', logLik(m)), sprintf('"sds": %s', say(as.numeric(VarCorr(m)[, "StdDev"]))),
  sprintf('"rho": %s', say(coef(m$modelStruct$corStruct, unconstrained = FALSE)))), collapse = ",\n  "), "\n}\n", sep = "",
  file = paste0(here, "mixed_serial_reml.json"))
