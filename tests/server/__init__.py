"""Real servers on loopback, started for the tests with files of their own."""
