"""Estimates side by side: per path of one study, and across result folders."""
