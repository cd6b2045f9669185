"""Studies that say what cannot be: wrong types, Norway, unknown keys, numbers as text, contradictions."""

# one case a line
# ruff: noqa: E501, RUF005
# fmt: off

from __future__ import annotations

from trust.bad_studies.case import MODEL, STUDY, Case, in_file, in_study

__all__ = ["CASES"]

NORWAY = tuple(
    in_study(f"Norway: {line}", "Norway problem", line, place, *said)
    for line, place, said in (
        ("group: no", "study.yaml:6:1", ('unknown key "group"',)),
        ("design: no", "study.yaml:6:9", ('design: found "no", right are cross-section, panel, experiment',)),
        ("sem: {meanstructure: yes}", "study.yaml:6:22", ('found "yes", right is true or false',)),
        ("sem: {multigroup: on}", "study.yaml:6:19", ('found "on", right is true or false',)),
        ("sem: {fixed_x: off}", "study.yaml:6:16", ('found "off", right is true or false',)),
        ("sem: {fixed_x: 1}", "study.yaml:6:16", ("found 1, right is true or false",)),
        ("sem: {fixed_x: 'true'}", "study.yaml:6:16", ('found "true", right is true or false',)),
        ("bootstrap: {seed: 12:30}", "study.yaml:6:19", ('found "12:30", right is a whole number',)),
        ("bootstrap: {replicates: 1_000}", "study.yaml:6:25", ('found "1_000", right is a whole number',)),
        ("bootstrap: {replicates: 2O0}", "study.yaml:6:25", ('found "2O0", right is a whole number',)),
        ("bootstrap: {replicates: yes}", "study.yaml:6:25", ('found "yes", right is a whole number or auto',)),
        ("bootstrap: {replicates: true}", "study.yaml:6:25", ("found true, right is a whole number",)),
        ("title: 2024", "study.yaml:6:8", ('title: found 2024, right is text; put it in quotes: "2024"',)),
        ("title: true", "study.yaml:6:8", ('title: found true, right is text; put it in quotes: "true"',)),
        ("source: ~", "study.yaml:6:9", ("source: found nothing, right is text",)),
    )
)  # fmt: skip
TYPES = tuple(
    in_study(f"type: {line}", "wrong types", line, place, *said)
    for line, place, said in (
        ("sem: ML", "study.yaml:6:6", ('sem: found "ML", right is keys with values', "its keys are")),
        ("sem: [ML]", "study.yaml:6:6", ("sem: found ['ML'], right is keys with values",)),
        ("bootstrap: 5000", "study.yaml:6:12", ("bootstrap: found 5000, right is keys with values",)),
        ("bayes: true", "study.yaml:6:8", ("bayes: found true, right is keys with values",)),
        ("report: html", "study.yaml:6:9", ('report: found "html", right is keys with values',)),
        ("report: {formats: html}", "study.yaml:6:19", ('found "html", right is a list',)),
        ("report: {formats: [pdf]}", "study.yaml:6:20", ('found "pdf", right are html, csv, docx, tex, md',)),
        ("report: {formats: [../../x]}", "study.yaml:6:20", ('found "../../x", right are html',)),
        ("invariance: metric", "study.yaml:6:13", ('found "metric", right is a list',)),
        ("invariance: [metrc]", "study.yaml:6:14", ('found "metrc", right are', 'did you mean "metric"?')),
        ("published: 3", "study.yaml:6:12", ("published: found 3, right is",)),
        ("published: {a: b}", "study.yaml:6:12", ("published: found {'a': 'b'}, right is",)),
        ("claims: [a.yaml]", "study.yaml:6:9", ("claims: found ['a.yaml'], right is a file name",)),
        ("blocks: [a, b]", "study.yaml:6:9", ("blocks: found ['a', 'b'], right is keys with values",)),
        ("blocks: {x: []}", "study.yaml:6:13", ("blocks.x: found [], right is at least 1 entries",)),
        ("bayes: {priors: normal(0, 1)}", "study.yaml:6:17", ("bayes.priors: found",)),
        ("bayes: {priors: {paths: 3}}", "study.yaml:6:25", ("bayes.priors.paths: found 3, right is text",)),
        ("bayes: {priors: {paths: normal(0, -1)}}", "study.yaml:6:25", ("sd must be above 0",)),
        ("bayes: {priors: {paths: normal(0)}}", "study.yaml:6:25", ("right is normal(mean, sd) with numbers",)),
        ("bayes: {priors: {paths: __import__('os')}}", "study.yaml:6:25", ("found the prior", "right are normal")),
        ("bayes: {priors: {pats: normal(0, 1)}}", "study.yaml:6:18", ('"pats"', 'did you mean "paths"?')),
        ("bayes: {vary: [pahts]}", "study.yaml:6:16", ('"pahts"', 'did you mean "paths"?')),
        ("bayes: {vary: {paths: true}}", "study.yaml:6:15", ("bayes.vary: found {'paths': True}, right is a list",)),
        ("sensitivity: {method_variance: .05}", "study.yaml:6:32", ("found 0.05, right is a list",)),
        ("importance: {of: z}", "study.yaml:6:18", ('found "z", right is a list',)),
        ("importance: {of: [z]}", "study.yaml:6:18", ('importance.of: "z" is no outcome of the model',)),
        ("describe: {tables: {kind: means}}", "study.yaml:6:20", ("describe.tables: found", "right is a list")),
    )
)  # fmt: skip
DATA_LINE = "data: {file: data.csv, group: sector}"


def of_data(name: str, kind: str, line: str, place: str, *said: str) -> Case:
    """Return a case of the sound study with another data section."""
    return in_file(name, kind, "study.yaml", STUDY.replace(DATA_LINE, line), place, *said)


UNKNOWN = tuple(
    in_study(f"key: {line}", "unknown keys", line, place, *said)
    for line, place, said in (
        ("bootstrp: {}", "study.yaml:6:1", ('unknown key "bootstrp"; did you mean "bootstrap"?',)),
        ("bootstrap: {sheme: cases}", "study.yaml:6:13", ('unknown key "sheme" in bootstrap; did you mean "scheme"?',)),
        ("Sem: {}", "study.yaml:6:1", ('unknown key "Sem"; did you mean "sem"?',)),
        ("zzz: 1", "study.yaml:6:1", ('unknown key "zzz"; valid keys are',)),
        ("__class__: 1", "study.yaml:6:1", ('unknown key "__class__"',)),
        ("model_config: {extra: allow}", "study.yaml:6:1", ('unknown key "model_config"',)),
        ("sem: {estimater: ML}", "study.yaml:6:7", ('unknown key "estimater" in sem; did you mean "estimator"?',)),
        ("'': 1", "study.yaml:6:1", ('unknown key ""',)),
        ("describe: {tables: [{table: t, kind: means, off: [a]}]}", "study.yaml:6:45", ('unknown key "off"', 'did you mean "of"?')),
        ("describe: {tables: [{table: t, kind: mean, of: [a]}]}", "study.yaml:6:38", ('found "mean", right are', '"means"')),
        ("describe: {tables: [{table: t, of: [a]}]}", "study.yaml:6:21", ('the key "kind" is missing',)),
        ("describe: {tables: [{table: ../t, kind: means, of: [a]}]}", "study.yaml:6:29", ('found "../t", right is letters',)),
    )
) + (
    of_data("data key", "unknown keys", "data: {fil: data.csv}", "study.yaml:4:8", 'unknown key "fil" in data; did you mean "file"?'),
    of_data("no file", "unknown keys", "data: {group: sector}", "study.yaml:4:7", "data needs a file, or moments instead"),
    in_file("no data", "unknown keys", "study.yaml", "study: a\nmodel: model.yaml\n", "study.yaml:1:1", 'the key "data" is missing'),
    in_file("no model", "unknown keys", "study.yaml", "study: a\ndata: {file: data.csv}\n", "study.yaml:1:1", 'the key "model" is missing'),
    in_file("no name", "unknown keys", "study.yaml", STUDY.replace("study: proef\n", ""), "study.yaml:1:1", 'the key "study" is missing'),
    in_file("a model instead", "unknown keys", "study.yaml", MODEL, "study.yaml", "this is a model file; right is a study"),
    in_file("data instead", "unknown keys", "study.yaml", STUDY, "data.csv", "this is a data file", command="check data.csv"),
)  # fmt: skip
NUMBERS = tuple(
    in_study(f"number: {line}", "numbers as text", line, place, *said)
    for line, place, said in (
        ("bootstrap: {replicates: '200'}", "study.yaml:6:25", ('found "200", right is a whole number',)),
        ("bootstrap: {replicates: 200.0}", "study.yaml:6:25", ("found 200.0, right is a whole number",)),
        ("bootstrap: {replicates: 5.000}", "study.yaml:6:25", ("found 5.0, right is a whole number",)),
        ("bootstrap: {replicates: 2e3}", "study.yaml:6:25", ("found 2000.0, right is a whole number",)),
        ("bootstrap: {replicates: many}", "study.yaml:6:25", ('found "many", right is a whole number or auto',)),
        ("bootstrap: {level: '.95'}", "study.yaml:6:20", ('found ".95", right is a number',)),
        ("bootstrap: {level: 0,95}", "study.yaml:6:20", ("found a decimal comma, right is a decimal point: 0.95",)),
        ("bootstrap: {level: '0,95'}", "study.yaml:6:20", ("with a decimal point: 0.95",)),
        ("bootstrap: {level: 95}", "study.yaml:6:20", ("bootstrap.level: found 95, right is below 1",)),
        ("bootstrap: {level: 95%}", "study.yaml:6:20", ('found "95%", right is a number',)),
        ("bootstrap: {level: .nan}", "study.yaml:6:20", ("bootstrap.level: found nan",)),
        ("bootstrap: {level: .inf}", "study.yaml:6:20", ("bootstrap.level: found inf",)),
        ("bayes: {rope: .inf}", "study.yaml:6:15", ("bayes.rope: found inf, right is a finite number",)),
        ("bayes: {rope: -.01}", "study.yaml:6:15", ("bayes.rope: found -0.01, right is at least 0",)),
        ("sensitivity: {method_variance: [.1, .05]}", "study.yaml:6:32", ("shares rise and each stands once",)),
        ("sensitivity: {method_variance: [.7]}", "study.yaml:6:33", ("found 0.7, right is below 0.5",)),
        ("sensitivity: {method_variance: [-.1]}", "study.yaml:6:33", ("found -0.1, right is at least 0",)),
    )
)  # fmt: skip
LIMITS = tuple(
    in_study(f"limit: {line}", "huge and negative", line, place, *said)
    for line, place, said in (
        ("bootstrap: {replicates: 0}", "study.yaml:6:25", ("found 0, right is at least 1",)),
        ("bootstrap: {replicates: -5}", "study.yaml:6:25", ("found -5, right is at least 1",)),
        ("bootstrap: {replicates: 1000000000000}", "study.yaml:6:25", ("found 1000000000000, right is at most 1000000",)),
        ("bootstrap: {replicates: 1e12}", "study.yaml:6:25", ("found 1000000000000.0, right is a whole number",)),
        ("bootstrap: {seed: -1}", "study.yaml:6:19", ("found -1, right is at least 0",)),
        ("bootstrap: {seed: 99999999999999999999}", "study.yaml:6:19", ("found 99999999999999999999, right is below",)),
        ("calibrate: {surveys: 1000000000000}", "study.yaml:6:22", ("found 1000000000000, right is at most 1000000",)),
        ("calibrate: {posteriors: 1000000000}", "study.yaml:6:25", ("found 1000000000, right is at most 100000",)),
        ("importance: {replicates: 100000000}", "study.yaml:6:26", ("found 100000000, right is at most 100000",)),
        ("bayes: {chains: 1000000}", "study.yaml:6:17", ("found 1000000, right is at most 64",)),
        ("bayes: {chains: 0}", "study.yaml:6:17", ("found 0, right is at least 1",)),
        ("bayes: {draws: 1000000000}", "study.yaml:6:16", ("found 1000000000, right is at most 100000",)),
        ("bayes: {tune: 1000000000}", "study.yaml:6:15", ("found 1000000000, right is at most 100000",)),
        ("bayes: {draws: -1}", "study.yaml:6:16", ("found -1, right is at least 1",)),
        ("disclosure: {smallest: 0}", "study.yaml:6:24", ("found 0, right is at least 1",)),
        ("disclosure: {smallest: -10}", "study.yaml:6:24", ("found -10, right is at least 1",)),
        ("describe: {tables: [{table: t, kind: histogram, of: [a], width: 0}]}", "study.yaml:6:65", ("found 0, right is above 0",)),
        ("describe: {tables: [{table: t, kind: histogram, of: [a], width: 1e-9}]}", 'table "t"', ("at most 200 can be shown",)),
        ("describe: {tables: [{table: t, kind: classes, of: [a], at: [3, 2]}]}", "study.yaml:6:60", ("bounds rise",)),
    )
)  # fmt: skip
CONTRADICTIONS = tuple(
    in_study(f"both: {line}", "contradictions", line, place, *said)
    for line, place, said in (
        ("bootstrap: {scheme: cluster}", "study.yaml:6:21", ("bootstrap.scheme: cluster needs data.cluster",)),
        ("bootstrap: {scheme: replicate_weights}", "study.yaml:6:21", ("needs data.replicate_weights",)),
        ("sem: {se: cluster}", "study.yaml:6:11", ("sem.se: cluster needs data.cluster",)),
        ("sem: {estimator: WLSMV}\nbootstrap: {scheme: bollen-stine}", "study.yaml:7:21", ("it does not go with sem.estimator: WLSMV",)),
        ("bootstrap: {scheme: parametric, indices: data.csv}", "study.yaml:6:42", ("bootstrap.indices draws rows",)),
        ("bayes: {nested: sector}", "study.yaml:6:17", ('bayes.nested: "sector" is data.group itself',)),
        ("sem: {estimator: WLSMV}\ninvariance: [metric]", "study.yaml:6:18", ("is not available yet",)),
        ("bootstrap: {scheduler: 'tcp://127.0.0.1:1'}", "study.yaml:6:24", ("bootstrap.scheduler", "engine: dask")),
        ("bootstrap: {engine: dask, scheduler: 127.0.0.1}", "study.yaml:6:38", ("right is an address such as tcp://",)),
        ("sem: {estimator: ULS, likelihood: wishart}", "study.yaml:6:35", ("sem.likelihood",)),
        ("sem: {group_equal: [loadings, loadings]}", "study.yaml:6:", ("group_equal",)),
        ("invariance: [scalar, metric]", "study.yaml:6:", ("invariance",)),
        ("invariance: []", "study.yaml:6:13", ("invariance",)),
        ("report: {formats: [html, html]}", "study.yaml:6:", ("report.formats",)),
        ("describe: {waves: {2022: data.csv}}", "study.yaml:6:11", ("wave names the study's own",)),
        ("describe: {tables: [{table: t, kind: means, of: [a]}, {table: t, kind: means, of: [b]}]}", "study.yaml:6:11", ('two tables are called "t"',)),
        ("blocks: {x: [a, a]}", "study.yaml:6:", ("blocks",)),
        ("blocks: {x: [q]}", "study.yaml:6:", ('"q"',)),
    )
) + (
    of_data("file and moments", "contradictions", "data: {file: data.csv, moments: {n: 9, correlation: {y: [], a: [.1]}}}", "study.yaml:4:33", "data has a file and moments; keep one"),
    of_data("weights are the group", "contradictions", "data: {file: data.csv, group: sector, weights: sector}", "study.yaml:4:48", '"sector" is the group or cluster column too'),
    of_data("an item as group", "contradictions", "data: {file: data.csv, group: a1}", "model.yaml:3:15", '"a1" sorts respondents (data.group) and is a variable of the model'),
    of_data("ordered is no item", "contradictions", "data: {file: data.csv, ordered: [q1]}", "study.yaml:4:34", '"q1"'),
    of_data("ordered twice", "contradictions", "data: {file: data.csv, ordered: [a1, a1]}", "study.yaml:4:", '"a1"'),
    of_data("derived over itself", "contradictions", "data: {file: data.csv, derive: {z: z + 1}}", "study.yaml:4:36", 'data.derive.z uses "z", which is itself'),
    of_data("derived in a circle", "contradictions", "data: {file: data.csv, derive: {z: w + 1, w: z + 1}}", "study.yaml:4:36", 'data.derive.z uses "w", which is derived after it'),
)  # fmt: skip
FILTERS = tuple(
    of_data(f"where: {text}", "formulas", f'data: {{file: data.csv, where: "{text}"}}', "study.yaml:4:", *said)
    for text, said in (
        ("__import__('os').system('touch pwned')", ("is not allowed",)),
        ("sector.__class__.__mro__", ("is no condition",)),
        ("().__class__ == 1", ("is not allowed",)),
        ("[x for x in sector] == 1", ("is not allowed",)),
        ("(lambda: 1)() == 1", ("is not allowed",)),
        ("eval('1') == 1", ("unknown function eval()",)),
        ("a1 = 3", ('write "==" for equal',)),
        ("a1 == 3 && a2 == 4", ('write "and", "or"',)),
        ("f'{a1}' == 'x'", ("is not allowed",)),
        ("a1 == 1" + " + 1" * 3000, ("may have 10000 characters",)),
        ("(" * 300 + "a1" + ")" * 300 + " == 1", ("cannot read",)),
        ("not " * 300 + "a1 == 1", ("nested",)),
        ("a1", ("is no condition",)),
        ("a1 in a2", ("a list [..] stands after in",)),
        ("1 == 1", ("names no column",)),
        ("", ("cannot read",)),
    )
)  # fmt: skip
CASES = (*NORWAY, *TYPES, *UNKNOWN, *NUMBERS, *LIMITS, *CONTRADICTIONS, *FILTERS)
