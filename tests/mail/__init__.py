"""Ways out: files, a mail server, GOV.UK Notify."""
