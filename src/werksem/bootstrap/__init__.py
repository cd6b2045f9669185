"""The bootstrap: a full ML refit of the latent-variable model in every replicate."""
