suppressMessages(library(lavaan))
options(warn = 1, stringsAsFactors = FALSE)
arguments <- commandArgs(TRUE)
script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
here <- if (length(script)) dirname(normalizePath(script[1])) else "."
