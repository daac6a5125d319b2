"""The benchmark: how fast, how large, beside whom. Never part of `make test`; see run.py."""
