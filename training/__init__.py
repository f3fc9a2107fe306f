"""From published weights to a shipped model: import, corpora, network, training, export."""
