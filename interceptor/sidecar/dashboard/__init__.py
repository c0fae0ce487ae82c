"""The dashboard: released windows as one page for people, without script. No figure here tells of an open window."""
