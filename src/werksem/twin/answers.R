
# the study's own data file, recoded as the study says; nothing of it stands in this folder
BLANKS <- c("", "NA", "N/A", "NaN", "nan", "NULL", "null", ".", "#N/A", "#NULL!")
read_answers <- function(file) {
  if (!file.exists(file)) stop("the data file is not here: ", file, "; name it: Rscript run.R FILE", call. = FALSE)
  name <- tolower(file)
  if (grepl("\\.sav$", name)) {
    if (requireNamespace("haven", quietly = TRUE)) return(as.data.frame(haven::read_sav(file)))
    return(as.data.frame(foreign::read.spss(file, use.value.labels = FALSE, use.missings = TRUE,
                                             to.data.frame = FALSE), optional = TRUE))
  }
  if (grepl("\\.parquet$", name)) {
    if (requireNamespace("arrow", quietly = TRUE)) return(as.data.frame(arrow::read_parquet(file)))
    stop("reading .parquet takes the R package arrow; without it save the data as CSV and run: Rscript run.R FILE.csv",
         call. = FALSE)
  }
  # as werksem reads it: a header with more semicolons than commas, then commas are decimal
  header <- readLines(file, n = 1, warn = FALSE)
  count <- function(sign) lengths(regmatches(header, gregexpr(sign, header, fixed = TRUE)))
  semicolons <- grepl("\\.csv(\\.gz)?$", name) && count(";") > count(",")
  sep <- if (semicolons) ";" else if (grepl("\\.tsv(\\.gz)?$", name)) "\t" else ","
  raw <- read.table(file, header = TRUE, sep = sep, quote = "\"", comment.char = "", colClasses = "character",
             na.strings = BLANKS, check.names = FALSE, fill = FALSE, fileEncoding = "UTF-8-BOM")
  if (semicolons) raw[] <- lapply(raw, function(x) sub("^\\s*([+-]?[0-9]*),([0-9]+)\\s*$", "\\1.\\2", x))
  raw
}
need <- function(raw, names) {
  absent <- setdiff(names, colnames(raw))
  if (length(absent)) stop("the data have no column ", paste(absent, collapse = ", "), call. = FALSE)
}
rows_of <- function(raw, keep) {
  found <- raw[keep, , drop = FALSE]
  # R forgets what the numbers of an SPSS file mean where it takes rows
  for (name in colnames(raw)) attr(found[[name]], "value.labels") <- attr(raw[[name]], "value.labels", exact = TRUE)
  found
}
as_number <- function(x, codes = NULL, missing = NULL) {
  if (is.factor(x)) x <- as.character(x)
  text <- trimws(as.character(x))
  value <- if (is.numeric(x) || is.logical(x)) as.numeric(x) else suppressWarnings(as.numeric(text))
  hit <- match(text, names(codes))
  value[!is.na(hit)] <- codes[hit[!is.na(hit)]]
  value[text %in% missing | value %in% suppressWarnings(as.numeric(missing))] <- NA
  value
}
text_of <- function(x) {
  names <- attr(x, "labels", exact = TRUE)
  if (is.null(names)) names <- attr(x, "value.labels", exact = TRUE)
  text <- trimws(as.character(x))
  hit <- match(text, trimws(as.character(names)))
  if (length(names) && all(!is.na(hit) | is.na(x))) text <- trimws(names(names))[hit]
  text[text == ""] <- NA
  text
}
natural <- function(x, missing = NULL) {
  value <- as_number(x, missing = missing)
  blank <- is.na(x) | trimws(as.character(x)) %in% c("", missing)
  if (is.numeric(x) || is.logical(x) || all(blank | !is.na(value))) value else text_of(x)
}
is_one_of <- function(x, members) ifelse(is.na(x), NA, x %in% members)
scale_mean <- function(items, reversed, turned, required) {
  for (name in reversed) items[[name]] <- turned - items[[name]]
  answers <- do.call(cbind, items)
  mean <- rowMeans(answers, na.rm = TRUE)
  ifelse(rowSums(!is.na(answers)) >= required, mean, NA)
}
centred_product <- function(a, b) {
  both <- is.finite(a) & is.finite(b)
  product <- (a - mean(a[both])) * (b - mean(b[both]))
  ifelse(both, product - mean(product[both]), NA)
}
