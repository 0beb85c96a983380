"""Layouts emptied without a flash."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout


def vider(disposition: QLayout) -> None:
    """Remove the widgets of a layout, hidden at once so that nothing is painted twice."""
    while (element := disposition.takeAt(0)) is not None:
        if (widget := element.widget()) is not None:
            widget.hide()
            widget.deleteLater()
