"""The words every room shares: money, identifiers, health dates, errors. Pure; imports nothing of ours."""
