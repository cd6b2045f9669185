"""The four engines of a study file: from respondents and model to rows of estimates."""
