"""How a message leaves: as a file, through a mail server, or through GOV.UK Notify."""
