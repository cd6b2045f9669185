"""Text as LaTeX prints it, in every engine."""

from __future__ import annotations

import unicodedata

__all__ = ["escaped"]

SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\textdollar{}", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "<": "$<$", ">": "$>$", "|": "$|$",
    # a quotation mark is a command of its own in Dutch, and typewriter quotes turn around
    '"': r"\textquotedbl{}", "'": r"\textquotesingle{}", "`": r"\textasciigrave{}",
    "\u00a0": "~", "\u202f": r"\,", "\u2009": r"\,", "−": "$-$", "–": "--", "—": "---", "…": r"\dots{}",
    "‘": "`", "’": "'", "“": "``", "”": "''", "•": r"\textbullet{}", "€": r"\texteuro{}",
    "²": "$^2$", "³": "$^3$", "±": r"$\pm$", "×": r"$\times$", "÷": r"$\div$", "·": r"$\cdot$",
    "≤": r"$\le$", "≥": r"$\ge$", "≠": r"$\ne$", "≈": r"$\approx$", "∞": r"$\infty$", "→": r"$\rightarrow$",
    "←": r"$\leftarrow$", "↔": r"$\leftrightarrow$", "′": r"$'$", "√": r"$\surd$", "∼": r"$\sim$",
    "▪": r"\rule{.7ex}{.7ex}",
    "Δ": r"$\Delta$", "Σ": r"$\Sigma$", "Θ": r"$\Theta$", "Λ": r"$\Lambda$", "Φ": r"$\Phi$",
    "Ψ": r"$\Psi$", "Γ": r"$\Gamma$", "Ω": r"$\Omega$",
}  # fmt: skip
GREEK = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu",
    "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
]  # fmt: skip
LETTERS = dict(zip("αβγδεζηθικλμνξπρστυφχψω", (rf"$\{name}$" for name in GREEK), strict=True))
HAT = "\u0302"
# what fonts of Western and Central European languages hold
LAST = "\u017f"


def escaped(text: str) -> str:
    r"""Return text with every character that LaTeX reads as a command, or has only in formulas, as it prints.

    A letter of another alphabet than Latin and Greek is shown by its number in Unicode.

    >>> escaped("50% van A&B_1: β = −,05, χ² ≤ 3 [x]")
    '50\\% van A\\&B\\_1: $\\beta$ = $-$,05, $\\chi^2$ $\\le$ 3 [x]'
    >>> escaped("R̂ é 漢")
    '$\\hat{R}$ é [U+6F22]'
    """
    composed = unicodedata.normalize("NFC", text)
    found: list[str] = []
    for at, char in enumerate(composed):
        if char == HAT:
            continue
        hatted = composed[at + 1 : at + 2] == HAT
        found.append(rf"$\hat{{{char}}}$" if hatted and char.isalpha() else _one(char))
    return "".join(found).replace("$$", "")


def _one(char: str) -> str:
    if char in SPECIAL:
        return SPECIAL[char]
    if char in LETTERS:
        return LETTERS[char]
    return char if char <= LAST else f"[U+{ord(char):04X}]"
