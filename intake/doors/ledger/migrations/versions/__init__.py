"""One file for each step of the schema, in order; none is ever changed after a release."""
