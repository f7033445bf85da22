# Times identify_sg of the R package suddengains (MIT) on a table of scores: folder of the package, scores in, flags out.
words <- commandArgs(trailingOnly = TRUE)
library(magrittr)
source(file.path(words[1], "R", "identify_sg.R"))
scores <- read.csv(words[2])
columns <- setdiff(names(scores), "id")
taken <- system.time(found <- suppressMessages(identify_sg(
  scores, id_var_name = "id", sg_var_list = columns, sg_crit1_cutoff = 7, sg_crit2_pct = .25, sg_crit3 = TRUE
)))[["elapsed"]]
steps <- grep("^sg_[0-9]+to[0-9]+$", names(found), value = TRUE)
write.csv(found[c("id", steps)], words[3], row.names = FALSE)
cat(taken)
