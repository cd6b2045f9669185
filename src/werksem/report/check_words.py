"""What the report says of predictive checks, Dutch and English; ``{places}`` are filled with numbers."""

from __future__ import annotations

__all__ = ["CHECKS"]

CHECKS: dict[str, tuple[str, str]] = {
    "predictive": (
        "Voorspelt het model wat er geantwoord is?",
        "Does the model predict what was answered?",
    ),
    "predictive_said": (
        "Van de {count} kengetallen per groep ({kinds}) liggen er {outside} buiten hun voorspelde "
        "interval van 95%; bij een model dat past is dat door toeval ongeveer {expected}, of "
        "minder.{worst}",
        "Of the {count} statistics per group ({kinds}), {outside} lie outside their 95% predictive "
        "interval; with a model that fits that is some {expected} by chance, or fewer.{worst}",
    ),
    "predictive_kind": ("{outside} van {count} {kind}", "{outside} of {count} {kind}"),
    "predictive_worst": (
        " Het slechtst voorspeld: {statistic} van {variable} bij {group}.",
        " Predicted worst: the {statistic} of {variable} in {group}.",
    ),
    "predictive_worst_covariance": (
        " Het slechtst voorspeld: de samenhangen tussen de items bij {group}.",
        " Predicted worst: the associations between the items in {group}.",
    ),
    "many_mean": ("gemiddelden", "means"),
    "many_sd": ("standaarddeviaties", "standard deviations"),
    "many_covariance": ("samenhangen", "associations"),
    "many_top2box": ("aandelen (zeer) eens", "shares that agree"),
    "one_mean": ("gemiddelde", "mean"),
    "one_sd": ("standaarddeviatie", "standard deviation"),
    "one_covariance": ("covariantie", "covariance"),
    "one_top2box": ("aandeel (zeer) eens", "share that agrees"),
    "predictive_caption": (
        "Buiten het voorspelde interval van 95%, per groep",
        "Outside the 95% predictive interval, per group",
    ),
    "predictive_outside_caption": (
        "Het verst buiten het voorspelde interval",
        "Furthest outside the predictive interval",
    ),
    "predictive_note": (
        "Uit elke trekking van de posterior volgt wat dit onderzoek opnieuw gedaan zou geven; hier staat "
        "hoe vaak het echte kengetal buiten 95% daarvan ligt. Wat het model zelf schat, zoals een "
        "gemiddelde dat per groep verschilt, past altijd goed; mislukte voorspellingen zeggen wat het "
        "model mist.",
        "Every draw of the posterior says what this survey would give if done again; shown is how often "
        "the real statistic lies outside 95% of that. What the model itself estimates, such as a mean "
        "that differs between groups, always fits well; failed predictions say what the model misses.",
    ),
    "predictive_given_x": (
        "Op schaalscores wordt de uitkomst voorspeld gegeven de voorspellers zoals ze zijn geantwoord; "
        "een samenhang is die van uitkomst en voorspeller.",
        "On scale scores the outcome is predicted given the predictors as they were answered; an "
        "association is that of outcome and predictor.",
    ),
    "predictive_normal": (
        "Aandelen (zeer) eens worden voorspeld met een normale verdeling; echte antwoorden zijn hele "
        "cijfers en vaak scheef, en dat mist het model dan.",
        "Shares that agree are predicted by a normal distribution; real answers are whole numbers and "
        "often skewed, which the model then misses.",
    ),
    "statistic": ("Kengetal", "Statistic"),
    "observed": ("Waargenomen", "Observed"),
    "predicted": ("Voorspeld", "Predicted"),
    "ppp": ("Kans op hoger", "Chance of higher"),
    "all_items": ("alle items samen", "all items together"),
    # groups left out
    "left_out_caption": (
        "Groepen voorspeld uit de andere groepen (log-dichtheid)",
        "Groups predicted from the other groups (log density)",
    ),
    "left_out_partial": ("Gedeeltelijk samengevoegd", "Partially pooled"),
    "complete_pooling": ("Volledig samengevoegd", "Completely pooled"),
    "no_pooling": ("Niet samengevoegd", "Not pooled"),
    "per_respondent": ("Per respondent", "Per respondent"),
    "left_out_note": (
        "Het model is voor elke groep opnieuw geschat zonder haar respondenten; hoe hoger de log-"
        "dichtheid, hoe beter hun antwoorden uit de andere groepen volgen. ± is de Monte-Carlofout. Het "
        "zijn weinig groepen van zeer verschillende omvang: er staat daarom geen fout over groepen bij, "
        "en de tabel is geen rangorde van modellen.",
        "For each group the model was refitted without its respondents; the higher the log density, the "
        "better their answers follow from the other groups. ± is the Monte-Carlo error. Groups are few "
        "and differ much in size: there is therefore no standard error over groups, and the table does "
        "not rank models.",
    ),
    "left_out_poor": (
        "Bij {groups} is de Monte-Carlofout groter dan 1; lees die getallen als ruwe benadering.",
        "For {groups} the Monte-Carlo error is above 1; read those numbers as rough.",
    ),
    # respondents left out
    "loo_caption": (
        "Respondenten voorspeld uit alle anderen (PSIS-LOO)",
        "Respondents predicted from all others (PSIS-LOO)",
    ),
    "loo_elpd": ("Som van log-dichtheden (SE)", "Sum of log densities (SE)"),
    "loo_p": ("Effectieve parameters", "Effective parameters"),
    "loo_k": ("k te hoog", "k too high"),
    "loo_note": (
        "Per respondent benaderd uit dezelfde trekkingen, zonder opnieuw te schatten (Vehtari, Gelman & "
        "Gabry, 2017). Waar k hoger is dan {limit} is die benadering niet te vertrouwen.",
        "Approximated per respondent from the same draws, without refitting (Vehtari, Gelman & Gabry, "
        "2017). Where k is above {limit} that approximation is not to be trusted.",
    ),
}
