"""Are printed betas, stars, n and R² mutually possible?"""
