"""From files to respondents: reading, checking, scale means, synthetic populations."""
