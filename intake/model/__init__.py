"""The words: frozen values and enums, nothing else."""
