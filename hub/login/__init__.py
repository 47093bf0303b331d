"""Who you are: authenticators over the roster, invitations, passwords."""
