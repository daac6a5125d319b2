"""A proxy of our own between the daemon and its servers, with eight kinds of poison and flipped bits."""
