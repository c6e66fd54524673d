"""What each connector's services answer, as the dossier describes it: true field names, made-up values."""
