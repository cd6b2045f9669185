"""Why a beta changed between two waves of a survey: measurement, spread, path and composition."""
