"""Attacks on result folders: what somebody who has every file could work out about few respondents."""
