"""Small doors in memory; each passes the same contract suite as the real one."""
