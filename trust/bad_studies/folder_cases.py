"""Paths that leave the project, special files, and result folders that somebody else filled."""

# one case a line
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from trust.bad_studies.case import DATA, MODEL, STUDY, Case

__all__ = ["CASES"]

FIT = ("fit", "study.yaml")
CHECK = ("check", "study.yaml")
BOMB = "study: &a [*a]\n"
TAG = "study: !!python/object/apply:os.system ['touch pwned']\n"
SHELL = "$(touch pwned); `touch pwned`"
PASSWORDS = "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n"


def named(name: str, written: str, *said: str) -> Case:
    """Return a case of a study whose name would be its folder."""
    text = STUDY.replace("study: proef", f"study: {written}")
    return Case(f"study called {name}", "output paths", FIT, "study.yaml:1:8", said, {"study.yaml": text}, left=("../pwned", "results"))


def linked(name: str, kind: str, target: str, link: str, command: tuple[str, ...], place: str, *said: str, code: int = 2) -> Case:
    """Return a case with a link (or FIFO) in place of a file."""
    return Case(name, kind, command, place, said, links={link: target}, code=code)


def result(name: str, kind: str, file: str, text: str | bytes, command: str, place: str, *said: str, code: int = 2) -> Case:
    """Return a case of a finished result of which one file is another's."""
    return Case(name, kind, tuple(command.split()), place, said, {f"result/{file}": text}, code, folder=True)


OUTPUT = (
    named("../pwned", "../pwned", "right is letters, digits"),
    named("/pwned", "/pwned", "right is letters, digits"),
    named("..", "'..'", "right is letters, digits"),
    named("a/b", "a/b", "right is letters, digits"),
    named("a backslash", "a\\b", "right is letters, digits"),
    named("CON", "CON", "cannot be the name of a folder"),
    named("nul.txt", "nul.txt", "cannot be the name of a folder"),
    named("a dot at its end", "a.", "cannot be the name of a folder"),
    named("200 letters", "a" * 200, "at most 100 characters"),
    named("a line break", '"a\\nb"', "right is letters, digits"),
    named("an option", "-rf", "right is letters, digits"),
    named("nothing", "''", "right is"),
    named("an escape", '"a\\x1b[2J"', "control character"),
    Case("fit into a file", "output paths", (*FIT, "--out", "data.csv"), "data.csv", ("is not a werksem result folder",)),
    Case("fit into a folder of others", "output paths", (*FIT, "--out", "own"), "own", ("is not a werksem result folder",), {"own/diary.txt": "mine"}),
    linked("results that are a link to a file", "output paths", "data.csv", "results", FIT, "results", "cannot"),
    Case("audit over the data", "output paths", ("audit", "t.yaml", "--out", "data.csv"), "data.csv", ("exists",), {"t.yaml": "betas:\n  - {lhs: y, rhs: a, beta: 0.2}\n"}),
    Case("simulate over the study", "output paths", ("simulate", "study.yaml", "--out", "study.yaml"), "study.yaml", ("cannot write a .yaml file",)),
    Case("verify --write over the data", "output paths", ("verify", "--write", "data.csv", "result"), "result", ("its study has changed since",), folder=True),
)
SPECIAL = (
    linked("a study that is /dev/zero", "special files", "/dev/zero", "study.yaml", CHECK, "study.yaml", "this is a device or a pipe"),
    linked("a study that is a FIFO", "special files", "FIFO", "study.yaml", CHECK, "study.yaml", "this is a device or a pipe"),
    linked("a model that is /dev/zero", "special files", "/dev/zero", "model.yaml", CHECK, "study.yaml:3:8", "this is a device or a pipe"),
    linked("a model that is a FIFO", "special files", "FIFO", "model.yaml", CHECK, "study.yaml:3:8", "this is a device or a pipe"),
    linked("data that are a link to themselves", "special files", "data.csv", "data.csv", CHECK, "data.csv", "a symbolic link that leads to no file"),
    linked("a study that is a link to itself", "special files", "study.yaml", "study.yaml", CHECK, "study.yaml", "cannot read the file"),
    Case("an include that is a FIFO", "special files", CHECK, "model.yaml:8:11", ("this is a device or a pipe",), {"model.yaml": MODEL + "include: [one.yaml]\n"}, links={"one.yaml": "FIFO"}),
    Case("an include that is /dev/zero", "special files", CHECK, "model.yaml:8:11", ("this is a device or a pipe",), {"model.yaml": MODEL + "include: [/dev/zero]\n"}),
    Case("claims that are a FIFO", "special files", CHECK, "c.yaml", ("this is a device or a pipe",), {"study.yaml": STUDY + "claims: c.yaml\n"}, links={"c.yaml": "FIFO"}),
    Case("published that are a FIFO", "special files", CHECK, "p.yaml", ("this is a device or a pipe",), {"study.yaml": STUDY + "published: p.yaml\n"}, links={"p.yaml": "FIFO"}),
    Case("data that are a folder", "special files", ("check", "study.yaml"), "study.yaml:4:14", ('data.file "..": this is a folder, not a data file',), {"study.yaml": STUDY.replace("data.csv", "..")}),
    Case("indices that are a FIFO", "special files", FIT, "i.csv", ("the file with resamples does not exist",), {"study.yaml": STUDY + "sem: {}\nbootstrap: {replicates: 5, indices: i.csv}\n"}, links={"i.csv": "FIFO"}),
    Case("indices that are /dev/zero", "special files", FIT, "/dev/zero", ("the file with resamples does not exist",), {"study.yaml": STUDY + "sem: {}\nbootstrap: {replicates: 5, indices: /dev/zero}\n"}),
    Case("an audit of a FIFO", "special files", ("audit", "t.csv"), "t.csv", ("this is a device or a pipe",), links={"t.csv": "FIFO"}),
    Case("converting a FIFO", "special files", ("convert", "m.lavaan"), "m.lavaan", ("this is a device or a pipe",), links={"m.lavaan": "FIFO"}),
    Case("a codebook that is a FIFO", "special files", CHECK, "data.codebook.yaml", ("this is a device or a pipe",), links={"data.codebook.yaml": "FIFO"}),
    Case("somebody's passwords as the model", "special files", CHECK, "../passwd:1:1", ("expected keys with values",), {"study.yaml": STUDY.replace("model.yaml", "../passwd"), "../passwd": PASSWORDS}),
    Case("data outside the project", "data outside", ("check", "inner/study.yaml"), "warning: outside: data.file is ../data.csv, outside the project of the study", ("ok",), {"inner/study.yaml": STUDY.replace("data.csv", "../data.csv"), "inner/model.yaml": MODEL}, code=0),
    Case("data behind a link", "data outside", ("check", "inner/study.yaml"), "warning: outside: data.file is data.csv, outside the project of the study", ("ok",), {"inner/study.yaml": STUDY, "inner/model.yaml": MODEL}, code=0, links={"inner/data.csv": "../data.csv"}),
    Case("a model outside the project", "data outside", ("check", "inner/study.yaml"), "warning: outside: model is ../model.yaml, outside the project of the study", ("ok",), {"inner/study.yaml": STUDY.replace("model.yaml", "../model.yaml"), "inner/data.csv": DATA}, code=0),
    Case("an include outside the project", "data outside", ("check", "inner/study.yaml"), "warning: outside: include out.yaml is ../out.yaml, outside the project of the study", ("ok",), {"inner/study.yaml": STUDY, "inner/data.csv": DATA, "inner/model.yaml": MODEL.replace("  y: {items: [y1, y2, y3], scale: [1, 5]}\n", "") + "include: [../out.yaml]\n", "out.yaml": "measurement: {y: {items: [y1, y2, y3], scale: [1, 5]}}\n"}, code=0),
    Case("a project with a folder configs", "data outside", ("check", "configs/study.yaml"), "", ("24 degrees of freedom", "ok"), {"configs/study.yaml": STUDY.replace("model.yaml", "../model.yaml").replace("data.csv", "../data.csv")}, code=0),
)
KEPT = (
    result("report of a bomb", "result folders", "study.yaml", BOMB, "report result", "result/study.yaml:1:12", "has no finished anchor"),
    result("report of a tag", "result folders", "study.yaml", TAG, "report result", "result/study.yaml:1:8", "is not allowed"),
    result("report of no study", "result folders", "study.yaml", "", "report result", "result/study.yaml", "empty"),
    result("report of a manifest that is no JSON", "result folders", "manifest.json", "{", "report result", "result", "manifest.json"),
    result("report of a manifest that is a list", "result folders", "manifest.json", "[]", "report result", "result", "manifest.json"),
    result("report of a manifest 100,000 deep", "result folders", "manifest.json", "[" * 100_000, "report result", "result", "manifest.json"),
    result("report of a manifest with numbers for names", "result folders", "manifest.json", '{"werksem": 1, "study": 3, "engines": 5, "notes": 3, "language": "xx"}', "report result", "result", "the tables cannot be shown"),
    result("report of estimates that are none", "result folders", "estimates.csv", "a,b\n1,2\n", "report result", "result", "this result folder is damaged"),
    result("report of estimates that are bytes", "result folders", "estimates.csv", bytes(range(256)), "report result", "result", "estimates.csv"),
    result("report of estimates that are empty", "result folders", "estimates.csv", "", "report result", "result", "estimates.csv"),
    result("report in a format that there is not", "result folders", "note.txt", "", "report result --formats ../../x", "no format", "'../../x'"),
    result("compare of a bomb", "result folders", "study.yaml", BOMB, "compare result", "result/study.yaml:1:12", "has no finished anchor"),
    result("compare of no manifest", "result folders", "manifest.json", "", "compare result", "result", "manifest.json"),
    result("compare of a comparison that is none", "result folders", "comparison.csv", "a\n", "compare result", "result", "the tables cannot be shown"),
    result("replay of a bomb", "result folders", "study.yaml", BOMB, "replay result 0", "result/study.yaml:1:12", "has no finished anchor"),
    result("replay of replicates that are none", "result folders", "bootstrap.parquet", b"PAR1junkPAR1", "replay result 0", "result", "bootstrap.parquet"),
    result("replay of replicates of a pickle", "result folders", "bootstrap.parquet", b"\x80\x04cos\nsystem\n(S'touch pwned'\ntR.", "replay result 0", "result", "bootstrap.parquet"),
    result("replay of replicate -1", "result folders", "note.txt", "", "replay result -- -1", "result", "there is no replicate -1"),
    result("replay of replicate 1e9", "result folders", "note.txt", "", "replay result 1000000000", "result", "has replicates 0 to 39"),
    result("convert of a bomb", "result folders", "study.yaml", BOMB, "convert result", "result/study.yaml:1:12", "has no finished anchor"),
    result("resume of another study", "result folders", "note.txt", "", "fit study.yaml --out result --resume", "result", "holds results of"),
    result("resume of a bomb", "result folders", "study.yaml", BOMB, "fit study.yaml --out result --resume", "result", "--resume"),
    result("resume of a manifest that is no JSON", "result folders", "manifest.json", "{", "fit study.yaml --out result --resume", "result", "is not a werksem result folder"),
    result("verify --write of a bomb", "result folders", "study.yaml", BOMB, "verify --write new.yaml result", "result/study.yaml:1:12", "has no finished anchor"),
    Case("verify --write of a study elsewhere", "result folders", ("verify", "--write", "new.yaml", "result"), "../passwd:1:1", ("expected keys with values",), {"result/manifest.json": '{"werksem": "0.1.0", "study": "proef", "engines": ["ols"], "run": {"config": "../../passwd", "set": [], "only": ["ols"]}}', "../passwd": PASSWORDS}, folder=True),
    Case("report of a folder of others", "result folders", ("report", "own"), "own", ("this is not a finished werksem result folder",), {"own/diary.txt": "mine"}),
    Case("compare of a file", "result folders", ("compare", "data.csv"), "data.csv", ("this is not a finished werksem result folder",)),
    Case("replay of nothing", "result folders", ("replay", "nowhere", "0"), "nowhere", ("there is no such folder",)),
)
CASES = (*OUTPUT, *SPECIAL, *KEPT)
