"""The Violence Harm Assessment pipeline: extraction, warehouse, audit, report, sign-off, release."""
