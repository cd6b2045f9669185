"""What ``init`` writes and says, Dutch and English; ``{places}`` are filled in."""

from __future__ import annotations

from werksem.bilingual import in_language

__all__ = ["decimal", "say"]

WORDS: dict[str, tuple[str, str]] = {
    # the model file
    "model_head": (
        "Geschreven door werksem init uit {file}. Elke gok zegt waarom; verander wat niet klopt, en geef\n"
        "constructen een naam en label die lezers begrijpen.",
        "Written by werksem init from {file}. Every guess says why; change what is wrong, and give\n"
        "constructs a name and label that readers understand.",
    ),
    "by_stem": ("{alpha}; de namen delen de stam {shared}", "{alpha}; the names share the stem {shared}"),
    "by_label": (
        '{alpha}; de labels beginnen met "{shared}"',
        '{alpha}; the labels open with "{shared}"',
    ),
    "by_answers": (
        "{alpha}; alleen uit de samenhang van de antwoorden, kijk of de inhoud bij elkaar hoort",
        "{alpha}; from correlations of the answers alone, see whether their content belongs together",
    ),
    "alpha": ("α = {alpha}, gemiddelde r = {r}", "α = {alpha}, mean r = {r}"),
    "pair": ("r = {r}, twee items", "r = {r}, two items"),
    "factors": (
        "de antwoorden wijzen op {factors} onderwerpen: misschien zijn het meer schalen",
        "the answers hint at {factors} subjects: perhaps these are several scales",
    ),
    "low_alpha": ("een lage α: weinig betrouwbaar", "a low α: not very reliable"),
    "reversed": (
        "{items}: hangt negatief samen met de rest ({rs}); klopt dat met de vraag?",
        "{items}: correlates negatively with the rest ({rs}); does the question say so?",
    ),
    "reversed_pair": (
        "{items}: de twee items hangen negatief samen ({rs}); welke van de twee omgekeerd is, zegt de vraag",
        "{items}: the two items correlate negatively ({rs}); which of them is reversed, the questions say",
    ),
    "reversed_numbers": (
        "{items}: hangt negatief samen met de rest ({rs}); omkeren vraagt om scale: [laagste, hoogste]",
        "{items}: correlates negatively with the rest ({rs}); reversing needs scale: [lowest, highest]",
    ),
    "left_out": (
        "niet opgenomen: {items}, hangt nauwelijks samen met de rest ({rs})",
        "left out: {items}, hardly correlates with the rest ({rs})",
    ),
    "scale_told": ("uit de antwoordlabels", "from the value labels"),
    "scale_found": ("laagste en hoogste antwoord in de data", "lowest and highest answer in the data"),
    "codes_own": ("staat voor geen antwoord", "stands for no answer"),
    "no_scale": (
        "Schalen die de antwoorden niet bevestigen; haal # weg wat u toch wilt:",
        "Scales that the answers do not confirm; take away the # of what you want all the same:",
    ),
    "no_scale_found": (
        "Er zijn geen schalen gevonden. Dit model beschrijft alleen samenhangen van kolommen; het beweert\n"
        "niets. Vervang het door uw eigen structural (uitkomst: voorspellers) of measurement.",
        "No scales were found. This model only describes how columns covary; it claims nothing. Replace\n"
        "it by your own structural (outcome: predictors) or measurement.",
    ),
    "structural": (
        "Wat u beweert, als uitkomst: [voorspellers]. Dit is een voorbeeld van de vorm, geen voorstel:\n"
        "welke paden er zijn, zegt uw theorie. Zet daarna in de studie ols aan.",
        "What you claim, as outcome: [predictors]. This shows the form, it is no proposal: which paths\n"
        "there are is for your theory to say. Then turn on ols in the study.",
    ),
    "effects": (
        "indirecte effecten, alle routes:",
        "indirect effects, every route:",
    ),
    "other_columns": (
        "Kolommen die in geen schaal zitten; als uitkomst of voorspeller te gebruiken zoals ze zijn:",
        "Columns in no scale; use them as outcome or predictor as they are:",
    ),
    "kind_items": ("losse items", "single items"),
    "kind_yes_no": ("twee antwoorden", "two answers"),
    "kind_numbers": ("getallen", "numbers"),
    "kind_words": ("woorden (codes of een dummy nodig)", "words (need codes or a dummy)"),
    "kind_units": ("eenheden met veel respondenten", "units with many respondents"),
    "kind_text": ("vrije tekst", "free text"),
    "kind_unique": ("voor elke respondent anders", "different for every respondent"),
    "kind_constant": ("steeds hetzelfde antwoord", "always the same answer"),
    "kind_empty": ("leeg", "empty"),
    "kind_odd": (
        "naam met ~ = * + < > die een model niet kan noemen: hernoem de kolom",
        "a name with ~ = * + < > that a model cannot use: rename the column",
    ),
    "kind_exact": (
        "volgt precies uit andere kolommen",
        "follows exactly from other columns",
    ),
    "and_more": ("en nog {n}", "and {n} more"),
    # the study file
    "study_head": (
        "Geschreven door werksem init; {rows} respondenten, {columns} kolommen. Volgende stap:",
        "Written by werksem init; {rows} respondents, {columns} columns. Next step:",
    ),
    "group_said": ("{n} groepen; om te vergelijken en samen te voegen", "{n} groups; to compare and to pool"),
    "group_words": ("{n} verschillende antwoorden in woorden", "{n} different answers in words"),
    "units_said": ("{n} eenheden", "{n} units"),
    "cluster_said": (
        "{n} eenheden van het ontwerp: standaardfouten per eenheid",
        "{n} units of the design: standard errors by unit",
    ),
    "cluster_few": (
        "{n} eenheden: te weinig, of te vaak onbekend, voor standaardfouten per eenheid",
        "{n} units: too few, or too often unknown, for standard errors by unit",
    ),
    "weights_said": ("naar de naam een weging", "a weight by its name"),
    "weights_mean": ("misschien een weging: het gemiddelde is 1", "perhaps a weight: its mean is 1"),
    "weights_blank": (
        "naar de naam een weging, maar {n} respondenten hebben er geen",
        "a weight by its name, but {n} respondents have none",
    ),
    "wave_said": (
        "{n} metingen: kies er een, of vergelijk studies met werksem compare",
        "{n} waves: choose one, or compare studies with werksem compare",
    ),
    "id_said": ("nummer van de respondent, niet nodig", "number of the respondent, not needed"),
    "codes_said": (
        "antwoorden die geen antwoord zijn, buiten de schaal van hun items",
        "answers that stand for no answer, outside the scale of their items",
    ),
    "user_missing": (
        "wat SPSS als missend kent, is al leeg",
        "what SPSS marks as missing is blank already",
    ),
    "text_codes": (
        "antwoorden in woorden worden hier getallen; de volgorde bepaalt u",
        "answers in words become numbers here; their order is yours to say",
    ),
    "fiml_said": (
        "{share}% van de respondenten heeft alles ingevuld; listwise zou de anderen weglaten",
        "{share}% of the respondents answered everything; listwise would leave the others out",
    ),
    "listwise_said": (
        "{share}% heeft alles ingevuld; fiml gebruikt ook de anderen",
        "{share}% answered everything; fiml uses the others too",
    ),
    "whole_said": (
        "(bijna) iedereen heeft alles ingevuld; of fiml",
        "(nearly) everybody answered everything; or fiml",
    ),
    "or_else": ("of", "or"),
    "ols_said": (
        "zodra het model paden heeft: regressies op schaalgemiddelden, als in SPSS",
        "once the model has paths: regressions on scale means, as in SPSS",
    ),
    "sem_said": ("ML met robuuste standaardfouten", "ML with robust standard errors"),
    "bootstrap_said": (
        "herbemonsteren, elke keer helemaal opnieuw geschat",
        "resamples, each refitted in full",
    ),
    "bayes_said": (
        "zodra het model paden heeft: groepen gedeeltelijk samengevoegd",
        "once the model has paths: groups partially pooled",
    ),
    "invariance_said": ("meten de groepen hetzelfde?", "do the groups measure the same?"),
    # what init prints
    "taken_as_data": (
        "{file} is een databestand; het wordt gelezen als --data {file}.",
        "{file} is a data file; read as --data {file}.",
    ),
    "read": (
        "{file}: {rows} respondenten, {columns} kolommen",
        "{file}: {rows} respondents, {columns} columns",
    ),
    "scales_found": ("{n} schalen gevonden:", "{n} scales found:"),
    "one_scale_found": ("1 schaal gevonden:", "1 scale found:"),
    "none_found": ("Geen schalen gevonden.", "No scales found."),
    "scale_line": (
        "{name}: {n} items ({items}), {alpha}{turned}",
        "{name}: {n} items ({items}), {alpha}{turned}",
    ),
    "turned": ("; omgekeerd: {items}", "; reversed: {items}"),
    "group": ("groep", "group"),
    "weights": ("weging", "weights"),
    "cluster": ("cluster", "cluster"),
    "wave": ("meting", "wave"),
    "id": ("nummer", "number"),
    "look": ("Kijk na:", "Look at:"),
    "look_reversed": ("omgekeerde items: {items}", "reversed items: {items}"),
    "look_left_out": (
        "items die er niet bij lijken te horen: {items}",
        "items that do not seem to belong: {items}",
    ),
    "look_unsure": ("schalen die als commentaar staan: {items}", "scales written as a comment: {items}"),
    "look_answers": ("schalen alleen uit antwoorden: {items}", "scales from answers alone: {items}"),
    "look_codes": ("codes voor geen antwoord: {items}", "codes for no answer: {items}"),
    "look_words": ("antwoorden in woorden: {items}", "answers in words: {items}"),
    "look_odd": (
        "kolommen met een naam die een model niet kan noemen: {items}",
        "columns with a name that a model cannot use: {items}",
    ),
    "look_weights": (
        "misschien een weging, niet gebruikt: {items} (data.weights)",
        "perhaps weights, not used: {items} (data.weights)",
    ),
    "look_wave": ("meer metingen in één bestand: {items}", "several waves in one file: {items}"),
    "look_structural": (
        "het model heeft nog geen paden: schrijf wat u beweert onder structural",
        "the model has no paths yet: write what you claim under structural",
    ),
    "written": ("Geschreven:", "Written:"),
    "next": ("Volgende stap:", "Next:"),
    "check_refuses": (
        "werksem check weigert de studie nog: {message}",
        "werksem check still refuses the study: {message}",
    ),
    "starter": (
        "Een studie om mee te beginnen, met verzonnen gegevens: zij zeggen niets over de werkelijkheid.",
        "A study to begin with, on made-up data: they say nothing about reality.",
    ),
}


def say(language: str, key: str, **places: object) -> str:
    """Return the words of a key in a language (``nl`` or ``en``), its places filled in.

    >>> say("en", "group_said", n=7)
    '7 groups; to compare and to pool'
    """
    return in_language(WORDS[key], language, **places)


def decimal(value: float, language: str) -> str:
    """Return a correlation in two decimals without the zero before the point or comma.

    >>> decimal(-0.413, "nl"), decimal(0.857, "en"), decimal(0.999, "nl")
    ('−,41', '.86', '1,00')
    """
    text = f"{abs(value):.2f}".removeprefix("0").replace(".", "," if language == "nl" else ".")
    return ("−" if value < 0 and text.strip(",.0") else "") + text
