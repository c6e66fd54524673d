"""The territory's layers: where each comes from, its columns, how it looks and how it is drawn and saved."""
