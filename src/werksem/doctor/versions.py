"""Installed versions beside the ranges that werksem, and the libraries themselves, allow."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Mapping
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.version import Version

__all__ = ["Installed", "installed_versions", "missing_extras", "quarrels"]


@dataclass(frozen=True, slots=True)
class Installed:
    """A library: its version (empty where it is absent), what is allowed, and whether it is that."""

    name: str
    version: str
    allowed: str
    ok: bool


def version_of(name: str) -> str:
    """Return a library's version, empty where it is not installed."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _requirements(name: str, extra: str = "") -> list[Requirement]:
    """Return what a library requires here; with ``extra`` only what that extra adds."""
    try:
        texts = importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    found = [Requirement(text) for text in texts]
    if not extra:
        return [one for one in found if one.marker is None or one.marker.evaluate({"extra": ""})]
    return [
        one
        for one in found
        if one.marker and one.marker.evaluate({"extra": extra}) and not one.marker.evaluate({"extra": ""})
    ]


def installed_versions(library: str = "werksem", extra: str = "") -> list[Installed]:
    """Return what a library requires (with ``extra`` what that adds) beside what is installed, by name."""
    return sorted(map(_installed, _requirements(library, extra)), key=lambda one: one.name.lower())


def _installed(requirement: Requirement) -> Installed:
    version = version_of(requirement.name)
    ok = bool(version) and requirement.specifier.contains(version, prereleases=True)
    return Installed(requirement.name, version, str(requirement.specifier), ok)


def missing_extras(library: str = "werksem") -> dict[str, list[str]]:
    """Return the extras of which a library is absent, with the names of those libraries."""
    try:
        extras = importlib.metadata.metadata(library).get_all("Provides-Extra") or []
    except importlib.metadata.PackageNotFoundError:
        return {}
    absent = {
        extra: [one.name for one in installed_versions(library, extra) if not one.version] for extra in extras
    }
    return {extra: names for extra, names in absent.items() if names}


def quarrels(libraries: Mapping[str, str]) -> list[str]:
    """Return what installed libraries ask of one another and do not get, a sentence each.

    ``libraries`` maps the names that are looked at to their versions.
    """
    return [
        f"{library} {version} asks for {one.name} {one.allowed}, found {one.version}"
        for library, version in libraries.items()
        for one in installed_versions(library)
        if one.version and not one.ok
    ]


def at_least(version: str, least: str) -> bool:
    """Return whether a version is there and is ``least`` or newer.

    >>> at_least("5.28.5", "6"), at_least("6.0", "6"), at_least("", "1")
    (False, True, False)
    """
    return bool(re.match(r"\d", version)) and Version(version) >= Version(least)
