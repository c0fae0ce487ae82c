"""Lists made of what curators get: tables, plain text, spreadsheets, and lists of other publishers."""
