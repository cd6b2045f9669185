"""The hierarchical posterior of latent-variable models: latents integrated out, groups pooled."""
