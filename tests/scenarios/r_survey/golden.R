# Writes the golden files: what R's survey package makes of the same inputs. See README.md.
#
#   Rscript tests/scenarios/r_survey/golden.R tests/scenarios/r_survey [folder to write to]
#
# Nothing here shares code or formulas with analysis/: weights, estimates and standard errors come from
# rake, svymean, svyby and svyciprop, on one row per person; the interval of analysis/intervals.py is
# written out again from its definition, on rows.

suppressPackageStartupMessages(library(survey))
options(digits = 15, survey.lonely.psu = "fail")
arguments <- commandArgs(trailingOnly = TRUE)
inputs <- arguments[1]
outputs <- if (length(arguments) > 1) arguments[2] else inputs
source(file.path(inputs, "domains.R"))
source(file.path(inputs, "designs.R"))
NOT_STATED <- "not stated"

# One factor per margin; a person who left out any of its columns has not stated it.
margin_factor <- function(data, columns) {
  stated <- Reduce(`&`, lapply(columns, function(column) data[[column]] != ""))
  factor(ifelse(stated, do.call(paste, c(data[columns], sep = ":")), NOT_STATED))
}

# The population of each level, with the not-stated level at its unweighted share of the responses.
population_margin <- function(population, name, values) {
  rows <- population[population$margin == name, ]
  share <- mean(values == NOT_STATED)
  total <- sum(rows$count)
  margin <- data.frame(level = rows$level, Freq = rows$count / total * length(values) * (1 - share))
  if (share > 0) margin <- rbind(margin, data.frame(level = NOT_STATED, Freq = share * length(values)))
  margin$level <- factor(margin$level, levels = levels(values))
  margin
}

# Raked weights with mean 1: rake() to a change below 1e-13 of the total.
raked <- function(data, population, margins) {
  formulas <- list()
  tables <- list()
  for (i in seq_along(margins)) {
    column <- paste0("margin_", i)
    data[[column]] <- margin_factor(data, margins[[i]])
    table <- population_margin(population, names(margins)[i], data[[column]])
    names(table)[1] <- column
    formulas[[i]] <- as.formula(paste0("~", column))
    tables[[i]] <- table
  }
  data$one <- 1
  design <- svydesign(ids = ~1, weights = ~one, data = data)
  weights(rake(design, formulas, tables, control = list(maxit = 5000, epsilon = 1e-13)))
}

# The interval for proportions: Wilson's, on the smaller of two effective sample sizes, with t.
wilson <- function(p, variance, kish, most_df = Inf) {
  n <- if (p > 0 && p < 1 && variance > 0) min(p * (1 - p) / variance, kish) else kish
  if (n <= 1 || most_df < 1) return(c(0, 1))
  t <- qt(0.975, min(n - 1, most_df))
  ends <- (p + t^2 / (2 * n) + c(-1, 1) * t * sqrt(p * (1 - p) / n + t^2 / (4 * n^2))) / (1 + t^2 / n)
  pmin(pmax(ends, 0), 1)
}

# The interval for means: t times the larger of the linearised and the Kish standard error.
larger_se <- function(values, weights, mean, se, kish, most_df = Inf) {
  if (kish <= 1 || most_df < 1) return(c(NA, NA))
  spread <- sum(weights * (values - mean)^2) / sum(weights)
  mean + c(-1, 1) * qt(0.975, min(kish - 1, most_df)) * max(se, sqrt(spread / (kish - 1)))
}

# One row: svymean's estimate and standard error are given; the rest is worked out from the answers.
figure <- function(design, answered, column, statistic, estimate, se) {
  w <- weights(design)[answered]
  y <- design$variables[[column]][answered]
  kish <- sum(w)^2 / sum(w^2)
  row <- data.frame(
    n = sum(answered), effective_n = kish, estimate = estimate, se = se,
    lower = NA, upper = NA, weighted_n = sum(w),
    logit_lower = NA, logit_upper = NA, mean_lower = NA, mean_upper = NA
  )
  if (statistic == "mean") {
    row[c("lower", "upper")] <- larger_se(y, w, estimate, se, kish)
    return(row)
  }
  # svymean may return 1 - 1e-16 for answers that are all yes
  mixed <- length(unique(y)) > 1
  if (!mixed) row$estimate <- y[1]
  row[c("lower", "upper")] <- wilson(row$estimate, se^2, kish)
  if (mixed) {
    part <- design[answered, ]
    formula <- as.formula(paste0("~", column))
    logit <- attr(svyciprop(formula, part, method = "logit"), "ci")
    # With one degree of freedom survey 4.1 overflows and returns 0 and NaN: no golden value
    if (all(is.finite(logit))) row[c("logit_lower", "logit_upper")] <- logit
    row[c("mean_lower", "mean_upper")] <- attr(svyciprop(formula, part, method = "mean"), "ci")
  }
  row
}

estimates <- function(data, weights, area, items, wave) {
  data$.w <- weights
  data$.area <- data[[area]]
  rows <- list()
  for (name in names(items)) {
    item <- items[[name]]
    values <- suppressWarnings(as.numeric(data[[item$column]]))
    data$.y <- if (item$statistic == "mean") values else as.numeric(ifelse(is.na(values), NA, values %in% item$codes))
    design <- svydesign(ids = ~1, weights = ~.w, data = data)
    answered <- !is.na(data$.y)
    total <- svymean(~.y, design, na.rm = TRUE)
    row <- figure(design, answered, ".y", item$statistic, coef(total)[[1]], SE(total)[[1]])
    rows[[length(rows) + 1]] <- cbind(area = "all", wave = wave, item = name, row)
    with_answers <- sort(unique(data$.area[answered & data$.area != ""]))
    known <- subset(design, .area %in% with_answers)
    by_area <- svyby(~.y, ~.area, known, svymean, na.rm = TRUE)
    for (i in seq_len(nrow(by_area))) {
      here <- answered & data$.area == by_area$.area[i]
      row <- figure(design, here, ".y", item$statistic, by_area$.y[i], SE(by_area)[i])
      rows[[length(rows) + 1]] <- cbind(area = by_area$.area[i], wave = wave, item = name, row)
    }
  }
  do.call(rbind, rows)
}

golden <- function(folder, config, area, margins, items, wave = NULL) {
  data <- read.csv(file.path(inputs, folder, "responses.csv"), colClasses = "character")
  population <- read.csv(file.path(inputs, folder, "margins.csv"), stringsAsFactors = FALSE)
  group <- if (is.null(wave)) rep("all", nrow(data)) else data[[wave]]
  weight <- numeric(nrow(data))
  found <- list()
  for (name in sort(unique(group))) {
    rows <- group == name
    weight[rows] <- raked(data[rows, ], population, margins)
    found[[name]] <- estimates(data[rows, ], weight[rows], area, items, name)
  }
  dir.create(file.path(outputs, folder), showWarnings = FALSE, recursive = TRUE)
  write_golden <- function(table, what) {
    path <- file.path(outputs, folder, paste0("golden_", what, config, ".csv"))
    write.csv(table, path, row.names = FALSE, na = "", quote = FALSE)
  }
  write_golden(data.frame(id = data$rid, weight = weight), "weights")
  write_golden(do.call(rbind, found), "estimates")
}

# Domain estimates of one config: weights from `weigh`, then groups, further statistics and changes.
golden_domains <- function(folder, config, area, margins, items, what,
                           wave = NULL, groups = NULL, cap = Inf, design = NULL, cluster = NULL, dealt_into = NULL) {
  everyone <- read.csv(file.path(inputs, folder, "responses.csv"), colClasses = "character")
  population <- read.csv(file.path(inputs, folder, "margins.csv"), stringsAsFactors = FALSE)
  of_wave <- if (is.null(wave)) rep("all", nrow(everyone)) else everyone[[wave]]
  weight <- numeric(nrow(everyone))
  by_area <- list()
  by_group <- list()
  for (name in sort(unique(of_wave))) {
    data <- everyone[of_wave == name, ]
    data$.area <- data[[area]]
    d <- if (is.null(design)) rep(1, nrow(data)) else as.numeric(data[[design]])
    data$.w <- raked_from(data, population, margins, d / mean(d), cap)
    weight[of_wave == name] <- data$.w
    data$.cluster <- if (is.null(cluster)) data$rid else ifelse(data[[cluster]] == "", data$rid, data[[cluster]])
    replicated <- NULL
    if (!is.null(dealt_into)) {
      left_out <- if (is.null(cluster)) dealt(data$rid, dealt_into) else data$.cluster
      replicated <- jackknifed(data, population, margins, d / mean(d), left_out)
    }
    survey <- svydesign(ids = if (is.null(cluster)) ~1 else ~.cluster, weights = ~.w, data = data)
    by_area[[name]] <- area_estimates(survey, items, name, replicated)
    if (!is.null(groups)) by_group[[name]] <- group_estimates(survey, items, groups, name, replicated)
  }
  write_golden <- function(table, kind) {
    path <- file.path(outputs, folder, paste0("golden_", kind, config, ".csv"))
    write.csv(table, path, row.names = FALSE, na = "", quote = FALSE)
  }
  dir.create(file.path(outputs, folder), showWarnings = FALSE, recursive = TRUE)
  found <- do.call(rbind, by_area)
  if ("weights" %in% what) write_golden(data.frame(id = everyone$rid, weight = weight), "weights")
  if ("estimates" %in% what) write_golden(found, "estimates")
  if ("groups" %in% what) write_golden(do.call(rbind, by_group), "groups")
  tested <- names(items)[sapply(items, function(item) item$statistic != "median")]
  if ("changes" %in% what) write_golden(changes(found, tested), "changes")
}

mean_of <- function(column) list(column = column, statistic = "mean")
share_of <- function(column, codes) list(column = column, statistic = "proportion", codes = codes)
age_sex_tenure <- list("age:sex" = c("age", "sex"), tenure = "tenure")

golden("ordinary", "", "area", age_sex_tenure,
  list(life_sat = mean_of("life_sat"), belong45 = share_of("belong", 4:5)))
golden("skewed", "", "area", c(age_sex_tenure, list(eth = "eth")),
  list(life_sat = mean_of("life_sat"), belong45 = share_of("belong", 4:5), lonely34 = share_of("lonely", 3:4)))
awkward_items <- list(score = mean_of("score"), yes = share_of("yes", 1))
golden("awkward", "_pooled", "place", age_sex_tenure, awkward_items)
golden("awkward", "_by_wave", "place", age_sex_tenure, awkward_items, wave = "wave")

median_of <- function(column) list(column = column, statistic = "median")
net_of <- function(column, positive, negative) {
  list(column = column, statistic = "net", positive = positive, negative = negative)
}
bands_of <- function(name, column, starts) {
  below <- c(starts[-1], Inf)
  bands <- lapply(seq_along(starts), function(i) {
    list(column = column, statistic = "band", from = starts[[i]], below = below[[i]])
  })
  setNames(bands, paste0(name, ":", names(starts)))
}
ons4 <- bands_of("life_sat", "life_sat", c(low = 0, medium = 5, high = 7, very_high = 9))
skewed_margins <- c(age_sex_tenure, list(eth = "eth"))

golden_domains("ordinary", "", "area", age_sex_tenure, what = "groups",
  items = list(life_sat = mean_of("life_sat"), belong45 = share_of("belong", 4:5)),
  groups = list(sex = "sex", "age:sex" = c("age", "sex")))
golden_domains("skewed", "", "area", skewed_margins, what = "groups",
  items = list(life_sat = mean_of("life_sat"), belong45 = share_of("belong", 4:5), lonely34 = share_of("lonely", 3:4)),
  groups = list(age = "age", "sex:tenure" = c("sex", "tenure")))
golden_domains("awkward", "_pooled", "place", age_sex_tenure, awkward_items, what = "groups",
  groups = list(sex = "sex", "age:tenure" = c("age", "tenure")))
golden_domains("awkward", "_by_wave", "place", age_sex_tenure, awkward_items, what = c("groups", "changes"),
  wave = "wave", groups = list(sex = "sex"))

golden_domains("ordinary", "_statistics", "area", age_sex_tenure, what = c("estimates", "groups"),
  items = c(ons4, list(middle = median_of("life_sat"), strongly = share_of("belong", 5),
    net = net_of("belong", 4:5, 1:2))),
  groups = list(sex = "sex"))
golden_domains("skewed", "_statistics", "area", skewed_margins, what = c("estimates", "groups"),
  items = c(ons4, list(middle = median_of("life_sat"), strongly = share_of("belong", 5),
    net = net_of("lonely", 3:4, 1))),
  groups = list("age:sex" = c("age", "sex")))
golden_domains("awkward", "_statistics", "place", age_sex_tenure, what = c("estimates", "changes"),
  items = c(bands_of("score", "score", c(few = 0, some = 20, many = 25.5)),
    list(middle = median_of("score"), net = net_of("yes", 1, 0))),
  wave = "wave")

golden_domains("skewed", "_capped", "area", skewed_margins, list(life_sat = mean_of("life_sat")),
  what = c("weights", "estimates"), cap = 9)
golden_domains("ordinary", "_jackknife", "area", age_sex_tenure, what = c("estimates", "groups"),
  items = list(life_sat = mean_of("life_sat"), middle = median_of("life_sat"), belong45 = share_of("belong", 4:5)),
  groups = list(sex = "sex"), dealt_into = 40)
clustered_items <- list(life_sat = mean_of("life_sat"), middle = median_of("life_sat"),
  belong45 = share_of("belong", 4:5), net = net_of("belong", 4:5, 1:2))
golden_domains("clustered", "", "area", age_sex_tenure, clustered_items, what = c("weights", "estimates", "groups"),
  groups = list(sex = "sex"), design = "design", cluster = "street", dealt_into = TRUE)
golden_domains("clustered", "_design", "area", age_sex_tenure, clustered_items[c("life_sat", "belong45")],
  what = c("weights", "estimates", "groups"), groups = list("age:sex" = c("age", "sex")), design = "design")

writeLines(c(R.version.string, paste("survey", packageVersion("survey"))), file.path(outputs, "versions.txt"))
