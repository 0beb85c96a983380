"""Subjects of Paramètres."""
