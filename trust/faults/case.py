"""What a fault is: where it strikes, what is expected of the command, of the result and of the next run."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["THEN", "Case", "Strike"]

# what lies in the place after the fault, in words
THEN = {
    "earlier": "the earlier result, byte for byte", "nothing": "nothing", "new": "the new result, whole",
    "foreign": "the foreign files, untouched",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Strike:
    """Where a fault strikes a running command: at the ``nth`` call of ``at`` (``module:function``).

    ``when`` is before or after the call, or during it. ``do`` is a signal, an error, or a change of the
    disk (``inject.py``).
    """

    at: str
    do: str
    when: str = "before"
    nth: int = 1


@dataclass(frozen=True, slots=True)
class Case:
    """One fault at one moment of one command.

    ``verb`` names the command (``commands.py``), ``strike`` and ``around`` (``surroundings.py``) what goes
    wrong, ``first`` what went wrong in a run before; ``more`` is typed after the command. ``code`` and
    ``says`` (a regular expression for all of stderr) are what the command answers, ``then`` (of ``THEN``)
    is what lies in the place afterwards, ``kept`` finished work that must be there. ``resume`` is whether
    the same command (``fit`` with ``--resume``) then ends with the bytes of an undisturbed run.
    ``earlier`` is whether another result lies in the place at first. ``quick`` cases run with every test.
    """

    name: str
    fault: str
    verb: str
    moment: str
    code: int
    says: str = ""
    strike: Strike | None = None
    first: Strike | None = None
    around: str = ""
    then: str = "earlier"
    kept: tuple[str, ...] = ()
    resume: bool = True
    quick: bool = False
    earlier: bool = True
    more: tuple[str, ...] = ()
