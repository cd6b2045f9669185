"""Numbers as people read them: Dutch with a decimal comma, English with a point.

Betas, correlations and everything else that speaks in hundredths have no leading zero
(``,31``, APA and the published tables alike); negative numbers have a real minus sign.
"""

from __future__ import annotations

import math
from datetime import datetime

__all__ = ["beta", "count", "day", "interval", "level_percent", "number", "percent", "pvalue", "seconds"]

MINUS = "−"


def number(value: float, language: str, decimals: int = 2) -> str:
    """Return a number with its leading zero; empty where undefined.

    >>> number(1234.5, "nl", 1), number(1234.5, "en", 1), number(-0.001, "nl")
    ('1.234,5', '1,234.5', '0,00')
    """
    if value is None or not math.isfinite(value):
        return ""
    text = f"{abs(value):,.{decimals}f}"
    if language == "nl":
        text = text.replace(",", "\0").replace(".", ",").replace("\0", ".")
    negative = value < 0 and any(digit in text for digit in "123456789")
    return MINUS + text if negative else text


def beta(value: float, language: str, decimals: int = 2) -> str:
    """Return a standardised value without leading zero.

    >>> beta(0.314, "nl"), beta(-0.08, "en"), beta(1.02, "nl"), beta(float("nan"), "nl")
    (',31', '−.08', '1,02', '')
    """
    text = number(value, language, decimals)
    sign, digits = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    return sign + (digits[1:] if digits.startswith(("0,", "0.")) else digits)


def interval(low: float, high: float, language: str, decimals: int = 2) -> str:
    """Return an interval of standardised values; empty where undefined.

    >>> interval(0.28, 0.34, "nl"), interval(0.28, 0.34, "en")
    ('[,28; ,34]', '[.28, .34]')
    """
    limits = beta(low, language, decimals), beta(high, language, decimals)
    if not all(limits):
        return ""
    return "[" + ("; " if language == "nl" else ", ").join(limits) + "]"


def count(value: float, language: str) -> str:
    """Return a whole number with thousands apart.

    >>> count(17954, "nl")
    '17.954'
    """
    return number(value, language, 0)


def percent(share: float, language: str, decimals: int = 1) -> str:
    """Return a share as a percentage.

    >>> percent(0.957, "nl"), percent(0.957, "en")
    ('95,7%', '95.7%')
    """
    text = number(100 * share, language, decimals)
    return f"{text}%" if text else ""


def level_percent(level: float, language: str) -> str:
    """Return the level of an interval as a percentage, not rounded.

    >>> level_percent(0.95, "nl"), level_percent(0.975, "nl"), level_percent(0.999, "en")
    ('95%', '97,5%', '99.9%')
    """
    return percent(level, language, len(f"{100 * level:.6g}".partition(".")[2]))


def pvalue(value: float, language: str) -> str:
    """Return a p-value to three decimals, or that it is smaller.

    >>> pvalue(0.0001, "nl"), pvalue(0.042, "nl")
    ('< ,001', ',042')
    """
    return f"< {beta(0.001, language, 3)}" if value < 0.0005 else beta(value, language, 3)


def seconds(value: float, language: str) -> str:
    """Return a duration in seconds, or in minutes and seconds from two minutes on.

    >>> seconds(3.21, "nl"), seconds(200, "nl")
    ('3,2 s', '3 min 20 s')
    """
    if value < 120:
        return f"{number(value, language, 1)} s"
    return f"{int(value) // 60} min {int(value) % 60} s"


def day(text: str, language: str) -> str:
    """Return the day of an ISO time stamp, day first in Dutch; other text unchanged.

    >>> day("2026-11-21T04:51:00+00:00", "nl"), day("2026-11-21", "en")
    ('21-11-2026', '2026-11-21')
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{moment:%d-%m-%Y}" if language == "nl" else f"{moment:%Y-%m-%d}"
