"""The sentences of the report, Dutch and English; ``{places}`` are filled with formatted numbers."""

from __future__ import annotations

from werksem.report.change_words import CHANGE
from werksem.report.check_words import CHECKS
from werksem.report.claims_words import CLAIMS
from werksem.report.comparable_words import COMPARABLE
from werksem.report.effect_words import EFFECTS
from werksem.report.finding_words import FINDINGS
from werksem.report.importance_words import IMPORTANCE
from werksem.report.model_words import MODELS
from werksem.report.page_words import PAGE
from werksem.report.passport_words import PASSPORT
from werksem.report.pooling_words import POOLING
from werksem.report.resampling_words import RESAMPLING

__all__ = ["SENTENCES"]

SENTENCES: dict[str, tuple[str, str]] = {
    **CHECKS,
    **RESAMPLING,
    **POOLING,
    **COMPARABLE,
    **MODELS,
    **EFFECTS,
    **CHANGE,
    **PASSPORT,
    **CLAIMS,
    **IMPORTANCE,
    **FINDINGS,
    **PAGE,
    # in brief
    "brief_agree": (
        "{paths} paden zijn geschat met {engines}. Bij {agree} komen de schattingen overeen (hooguit "
        "{limit} verschil), bij {differ} lopen ze verder uiteen en bij {sign} verschilt het teken.",
        "{paths} paths were estimated by {engines}. For {agree} the estimates agree (at most {limit} apart), "
        "for {differ} they are further apart and for {sign} the sign differs.",
    ),
    "brief_apart": (
        "{paths} paden zijn geschat met {engines}. Bij {agree} komen de schattingen overeen (hooguit "
        "{limit} verschil), bij {differ} lopen ze verder uiteen; het teken is overal hetzelfde.",
        "{paths} paths were estimated by {engines}. For {agree} the estimates agree (at most {limit} apart), "
        "for {differ} they are further apart; the sign is the same everywhere.",
    ),
    "brief_one": (
        "Eén pad is geschat met {engines}: {verdict}.",
        "One path was estimated by {engines}: {verdict}.",
    ),
    "brief_all": (
        "{paths} paden zijn geschat met {engines}. Bij alle komen de schattingen overeen (hooguit "
        "{limit} verschil).",
        "{paths} paths were estimated by {engines}. For all of them the estimates agree (at most "
        "{limit} apart).",
    ),
    "and": ("en", "and"),
    "or": ("of", "or"),
    "by_ols": ("OLS", "OLS"),
    "by_sem": ("SEM", "SEM"),
    "by_bayes": ("de posterior", "the posterior"),
    "brief_paths": ("{paths} paden zijn geschat.", "{paths} paths were estimated."),
    "brief_paths_one": ("Eén pad is geschat.", "One path was estimated."),
    "brief_single": (
        "De totale indirecte samenhang heeft {clear} interval zonder 0.",
        "The total indirect association has {clear} interval without 0.",
    ),
    "a": ("een", "an"),
    "none": ("geen", "no"),
    "brief_indirect": (
        "Interval zonder 0: {clear} van de {count} totale indirecte samenhangen.",
        "Interval without 0: {clear} of the {count} total indirect associations.",
    ),
    # comparison
    "comparison_note": (
        "Sterren: * p ≤ {p05}, ** p ≤ {p01}, *** p ≤ {p001}. Tussen haken: interval van {level}. Oordeel: "
        "‘teken verschilt’ als één schatting ten minste {zero} is en een andere hooguit −{zero}; anders "
        "‘verschil > {limit}’ als de grootste en de kleinste meer dan {limit} uiteenlopen.",
        "Stars: * p ≤ {p05}, ** p ≤ {p01}, *** p ≤ {p001}. In brackets: {level} interval. Verdict: ‘sign "
        "differs’ "
        "if one estimate is at least {zero} and another at most −{zero}; otherwise ‘differ > {limit}’ if the "
        "largest and the smallest are more than {limit} apart.",
    ),
    "comparison_bootstrap": (
        "Het interval bij SEM is dat van de bootstrap ({kind}).",
        "The interval with SEM is the bootstrap's ({kind}).",
    ),
    "comparison_why": (
        "OLS en de posterior op schaalscores rekenen met gemiddelden van items en zijn door meetfout meestal "
        "wat afgezwakt; SEM schat de samenhang tussen de constructen zelf. Een verschil is dus niet vanzelf "
        "een fout.",
        "OLS and the posterior on scale scores work with means of items and are usually somewhat "
        "attenuated by "
        "measurement error; SEM estimates the association between the constructs themselves. A difference is "
        "therefore not in itself an error.",
    ),
    "comparison_latent_why": (
        "OLS rekent met gemiddelden van items en is door meetfout meestal wat afgezwakt; SEM en de posterior "
        "schatten de samenhang tussen de constructen zelf. Een verschil is dus niet vanzelf een fout.",
        "OLS works with means of items and is usually somewhat attenuated by measurement error; SEM and the "
        "posterior estimate the association between the constructs themselves. A difference is therefore not "
        "in itself an error.",
    ),
    "probit_note": (
        "Probit-β’s en de β’s van een lineair kansmodel hierboven zijn niet vergelijkbaar in grootte: een "
        "probit-β telt standaarddeviaties van een onderliggende neiging, geen kans. Ze gaan dus niet mee in "
        "het oordeel. Procentpunten: hoeveel de kans op de uitkomst gemiddeld verandert als de voorspeller "
        "één standaarddeviatie hoger is en de andere gelijk blijven. Tussen haken: interval van 95%.",
        "Probit βs and the linear-probability βs above are not comparable in size: a probit β counts "
        "standard deviations of an underlying propensity, not a probability. They therefore do not "
        "enter the verdict. Percentage points: the average change in the probability of the outcome when the "
        "predictor is one standard deviation higher and the others stay the same. In brackets: 95% interval.",
    ),
    "probit_clusters": (
        "Deze intervallen rekenen respondenten als onafhankelijk, niet per organisatie; ze kunnen te smal "
        "zijn.",
        "These intervals take respondents as independent, not by cluster; they may be too narrow.",
    ),
    "forest_alt": (
        "Schattingen en intervallen voor de uitkomst {title}: {rows}.",
        "Estimates and intervals for the outcome {title}: {rows}.",
    ),
    "panel_alt": ("Punten met intervallen, {title}: {rows}.", "Points with intervals, {title}: {rows}."),
    # effects
    "effects_intro": (
        "De samenhang langs een route is het product van de paden op die route. Dat is een rekenkundige "
        "ontleding van samenhang, geen bewijs van oorzaak en gevolg.",
        "The association along a route is the product of the paths on it. That is an arithmetical "
        "decomposition "
        "of association, not proof of cause and effect.",
    ),
    "effects_raw": (
        "Hiervan is geen gestandaardiseerde waarde berekend; dit zijn de ongestandaardiseerde.",
        "No standardised value was computed of these; they are the unstandardised ones.",
    ),
    "effects_many": (
        "De figuur laat per uitkomst alleen de totale indirecte samenhang zien; estimates.csv geeft elke "
        "route.",
        "The figure shows only the total indirect association per outcome; estimates.csv gives every route.",
    ),
    "effects_some": (
        "De tabel geeft {shown} van de {count}: eerst de sommen, dan de grootste routes. Alle staan in "
        "estimates.csv, met alle intervallen in intervals.csv.",
        "The table gives {shown} of {count}: the sums first, then the largest routes. All of them stand in "
        "estimates.csv, with every interval in intervals.csv.",
    ),
    # sensitivity
    "fragility_said": (
        "Van de {all} routes hebben er {clear} een interval zonder 0; het kwetsbaarst is {effect}: daar "
        "is een residuele correlatie van {rho} tussen mediator en uitkomst genoeg om 0 in het interval te "
        "krijgen.",
        "Of the {all} routes, {clear} have an interval without 0; the most fragile is {effect}: there a "
        "residual correlation of {rho} between mediator and outcome is enough to bring 0 into the interval.",
    ),
    "fragility_none": (
        "Geen van de {all} routes heeft een interval zonder 0; er valt dus niets op te heffen.",
        "None of the {all} routes has an interval without 0, so there is nothing to undo.",
    ),
    "fragility_note": (
        "ρ is de correlatie tussen wat van mediator en uitkomst onverklaard blijft; het model stelt haar "
        "op 0. Bij elke andere ρ is opnieuw geschat; intervallen met de deltamethode ({level}). Imai, "
        "Keele & Yamamoto (2010).",
        "ρ is the correlation between what is left unexplained of mediator and outcome; the model puts it "
        "at 0. At every other ρ the model was refitted; intervals by the delta method ({level}). Imai, "
        "Keele & Yamamoto (2010).",
    ),
    "order_said": (
        "Waar de omgekeerde volgorde van mediatoren even goed past, kunnen de gegevens niet zeggen welke "
        "volgorde de juiste is.",
        "Where the reversed order of mediators fits equally well, the data cannot say which order is right.",
    ),
    "method_said": (
        "Als {share} van elk antwoord aan een gedeelde bron ligt ({factor}), verandert het oordeel over "
        "{count} van de {clear} paden, zoals {path}.",
        "If {share} of every answer is due to a common source ({factor}), the verdict changes for {count} of "
        "{clear} paths, such as {path}.",
    ),
    "method_kept": (
        "Geen enkel pad vervalt als het genoemde deel van elk antwoord aan een gedeelde bron ligt.",
        "No path falls if the given share of every answer is due to a common source.",
    ),
    "method_note": (
        "Van de covarianties is een factor afgetrokken die dit deel van elk antwoord verklaart, en het "
        "model is opnieuw geschat. Halo: antwoorden gaan mee in de richting van hun construct{turned}. "
        "Ja-zeggen: omgekeerd gestelde items gaan andersom. Een pad houdt stand als zijn teken en een "
        "interval zonder 0 blijven.",
        "A factor that explains this share of every answer was subtracted from the covariances, and the "
        "model was refitted. Halo: answers move in the direction of their construct{turned}. Yes-saying: "
        "items worded the other way move the other way. A path stands if its sign and an interval without 0 "
        "remain.",
    ),
    "method_turned": (
        ", andersom waar dat tegen de andere constructen in loopt: {names}",
        ", the other way where that runs against the other constructs: {names}",
    ),
    "robustness_said": (
        "Van de {clear} significante β's is {path} het kwetsbaarst: een weggelaten oorzaak die {share} "
        "van de resterende variantie van zowel voorspeller als uitkomst verklaart, haalt de significantie "
        "weg.",
        "Of the {clear} significant βs {path} is the most fragile: an omitted cause that explains {share} "
        "of the remaining variance of both predictor and outcome takes its significance away.",
    ),
    "robustness_note": (
        "RV (Cinelli & Hazlett, 2020): welk deel van de resterende variantie van voorspeller én uitkomst een "
        "weggelaten oorzaak moet verklaren. Gepubliceerde β's zonder t: grenzen uit sterren, n en het aantal "
        "voorspellers.",
        "RV (Cinelli & Hazlett, 2020): the share of the remaining variance of both predictor and outcome "
        "that an omitted cause must explain. Published βs without t: bounds from stars, n and the number "
        "of predictors.",
    ),
    # fit
    "saturated": (
        "Het structurele deel is verzadigd: elk verband tussen de constructen is vrij. De passing toetst dus "
        "alleen het meetmodel, niet de paden.",
        "The structural part is saturated: every relation between the constructs is free. The fit therefore "
        "tests the measurement only, not the paths.",
    ),
    "fit_intro": (
        "Bij n = {n} kunnen χ² en de Bollen–Stine-p een model al om verwaarloosbare afwijkingen verwerpen. "
        "Kijk daarom ook naar RMSEA, SRMR en CFI, de grootste residuen en de verwachte veranderingen.",
        "At n = {n}, χ² and the Bollen–Stine p may reject a model for negligible misfit. Look at RMSEA, SRMR "
        "and CFI, the largest residuals and the expected changes too.",
    ),
    "fit_robust": (
        "χ² is geschaald; RMSEA, CFI en TLI zijn de robuuste waarden. De gewone staan in fit.csv.",
        "χ² is scaled; RMSEA, CFI and TLI are the robust values. The plain ones are in fit.csv.",
    ),
    "fit_sources": (
        "Vuistregels: RMSEA Browne en Cudeck (1993); CFI en TLI ≥ ,95 en SRMR ≤ ,08 Hu en Bentler "
        "(1999); CFI en TLI ≥ ,90 Bentler en Bonett (1980); SRMR ≤ ,05 is strenger en van "
        "Schermelleh-Engel, Moosbrugger en Müller (2003). Het zijn vuistregels, geen toetsen.",
        "Rules of thumb: RMSEA Browne and Cudeck (1993); CFI and TLI ≥ .95 and SRMR ≤ .08 Hu and Bentler "
        "(1999); CFI and TLI ≥ .90 Bentler and Bonett (1980); SRMR ≤ .05 is stricter and of "
        "Schermelleh-Engel, Moosbrugger and Müller (2003). They are rules of thumb, not tests.",
    ),
    "reliability_note": (
        "Vuistregels: α en ω ten minste {alpha}; AVE (gemiddelde verklaarde itemvariantie) ten minste "
        "{ave}. Een "
        "vierkantje staat bij wat daaronder blijft.",
        "Rules of thumb: α and ω at least {alpha}; AVE (average variance extracted) at least {ave}. A square "
        "marks what stays below.",
    ),
    "htmt_note": (
        "HTMT vergelijkt de samenhang tussen items van twee constructen met die binnen elk; onder {limit} "
        "gelden ze als te onderscheiden (Henseler e.a., 2015), een vierkantje staat bij wat daarboven komt. "
        "HTMT2 rekent met meetkundige gemiddelden (Roemer e.a., 2021). De {shown} grootste van {total}; alle "
        "staan in htmt.csv.",
        "HTMT compares the correlations between the items of two constructs with those within each; below "
        "{limit} they count as distinct (Henseler et al., 2015), a square marks what exceeds it. HTMT2 takes "
        "geometric means (Roemer et al., 2021). The {shown} largest of {total}; htmt.csv has all.",
    ),
    "design_note": (
        "ICC(1) is het aandeel van de variantie tussen eenheden; het ontwerpeffect is de factor waarmee "
        "trekken per eenheid de steekproefvariantie van een gemiddelde vergroot.",
        "ICC(1) is the share of variance between units; the design effect is the factor by which sampling by "
        "unit enlarges the sampling variance of a mean.",
    ),
    # groups
    "groups_intro": (
        "Elke groep heeft een eigen schatting, die naar het gemiddelde toe getrokken wordt naarmate de "
        "groep minder "
        "eigen informatie heeft. Het aandeel van het gemiddelde staat tussen haken.",
        "Every group has its own estimate, drawn towards the average the less information the group "
        "itself has. The "
        "share of the average is in brackets.",
    ),
    "groups_key": (
        "Band: gemiddelde van alle respondenten met interval. Stip: groep met interval.",
        "Band: average of all respondents with interval. Dot: group with interval.",
    ),
    "groups_some": (
        "De figuur toont de {shown} paden waarop de groepen het verst uiteenlopen; de tabel geeft alle "
        "{count}.",
        "The figure shows the {shown} paths on which the groups are furthest apart; the table gives all "
        "{count}.",
    ),
    "groups_scale": (
        "Gestandaardiseerd met de spreiding binnen groepen, voor elke groep dezelfde, zodat groepen "
        "vergelijkbaar "
        "zijn.",
        "Standardised with the within-group spread, the same for every group, so that groups can be "
        "compared.",
    ),
    # data
    "data_rows": (
        "Het bestand {file} telt {read} rijen; daarvan zijn er {used} gebruikt{filter}.",
        "The file {file} has {read} rows, of which {used} were used{filter}.",
    ),
    "data_moments": (
        "Gerekend is met samenvattende maten ({file}), niet met afzonderlijke antwoorden.",
        "The computation used summary statistics ({file}), not individual answers.",
    ),
    "data_filter": (" (filter: {where})", " (filter: {where})"),
    "data_groups": ("Groepen: {groups}.", "Groups: {groups}."),
    "method_ols": (
        "OLS: lineaire regressie op schaalgemiddelden, alle variabelen gestandaardiseerd; "
        "standaardfouten {se}.",
        "OLS: linear regression on scale means, all variables standardised; {se} standard errors.",
    ),
    "method_sem": (
        "SEM: latente constructen, schatter {estimator}{se}, ontbrekende antwoorden: {missing}.",
        "SEM: latent constructs, estimator {estimator}{se}, missing answers: {missing}.",
    ),
    "method_sem_se": (", standaardfouten {se}", ", {se} standard errors"),
    "data_weights": (
        "Schattingen zijn gewogen met {weights}; aantallen respondenten niet.",
        "Estimates are weighted by {weights}; numbers of respondents are not.",
    ),
    "method_bayes": (
        "Posterior: hiërarchisch model op {level}, per groep verschillend: {vary}; {chains} ketens van "
        "{draws} "
        "trekkingen.",
        "Posterior: hierarchical model on {level}, varying between groups: {vary}; {chains} chains of "
        "{draws} draws.",
    ),
    "method_laplace": (
        "Posterior: hiërarchisch model op {level}, per groep verschillend: {vary}; normale benadering "
        "rond de modus, herwogen, {chains} × {draws} trekkingen.",
        "Posterior: hierarchical model on {level}, varying between groups: {vary}; normal approximation "
        "around the mode, reweighted, {chains} × {draws} draws.",
    ),
    "level_scores": ("schaalscores", "scale scores"),
    "level_latent": ("latente constructen", "latent constructs"),
    "vary_paths": ("paden", "paths"),
    "vary_means": ("gemiddelden", "means"),
    "vary_variances": ("varianties", "variances"),
    "vary_covariances": ("covarianties", "covariances"),
    "vary_none": ("niets", "nothing"),
    "se_classical": ("klassiek", "classical"),
    "se_HC3": ("HC3 (bestand tegen ongelijke spreiding)", "HC3 (robust to unequal variances)"),
    "se_cluster": ("geclusterd", "clustered"),
    "se_CR2": (
        "geclusterd, CR2 met vrijheidsgraden volgens Satterthwaite",
        "clustered, CR2 with Satterthwaite's degrees of freedom",
    ),
    "missing_listwise": ("rijen weggelaten (listwise)", "rows dropped (listwise)"),
    "missing_fiml": ("meegeschat (FIML)", "handled by FIML"),
    "stage_ols": ("OLS", "OLS"),
    "stage_sem": ("SEM", "SEM"),
    "stage_bootstrap": ("bootstrap", "bootstrap"),
    "stage_bootstrap_cpu": ("bootstrap (processor)", "bootstrap (CPU)"),
    "stage_intervals": ("intervallen", "intervals"),
    "stage_quality": ("meetkwaliteit", "measurement quality"),
    "stage_modification": ("modificatie-indices", "modification indices"),
    "stage_fragility": ("gevoeligheid", "sensitivity"),
    "stage_importance": ("belang van voorspellers", "importance of predictors"),
    "stage_residuals": ("residuen", "residuals"),
    "stage_invariance": ("meetinvariantie", "measurement invariance"),
    "stage_bayes_invariance": ("meetinvariantie vóór de posterior", "measurement invariance before pooling"),
    "stage_probit": ("probit", "probit"),
    "stage_bayes_compile": ("posterior vertalen", "compiling the posterior"),
    "stage_bayes_sampling": ("posterior trekken", "sampling the posterior"),
    "stage_bayes_sampling_cpu": ("posterior trekken (processor)", "sampling the posterior (CPU)"),
    # cautions
    "caution_cross": (
        "Alle antwoorden zijn op één moment gegeven: er is geen volgorde in de tijd, en een pad is geen "
        "oorzaak.",
        "All answers were given at one moment: there is no temporal order, and a path is not a cause.",
    ),
    "caution_source": (
        "Voorspellers en uitkomsten komen van dezelfde respondent; dat laat samenhangen gewoonlijk "
        "sterker lijken dan ze zijn.",
        "Predictors and outcomes come from the same respondent, which usually makes associations look "
        "stronger "
        "than they are.",
    ),
    "caution_perceived": (
        "Gemeten is wat respondenten vinden: een oordeel over prestaties, bijvoorbeeld, is geen meting van "
        "resultaten.",
        "What is measured is what respondents think: an opinion of performance, for instance, is not a "
        "measurement of results.",
    ),
    "caution_inconsistent": (
        "Bij een totale samenhang van ongeveer 0 en een positieve indirecte hoort rekenkundig een kleine "
        "negatieve rechtstreekse samenhang; lees die niet als schade (hier: {routes}).",
        "A total association of about 0 with a positive indirect one implies, arithmetically, a small "
        "negative direct one; do not read that as harm (here: {routes}).",
    ),
}
