"""The bootstrap's and the posterior's distribution of each path over one another."""
