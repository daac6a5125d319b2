"""The nodes of a document, under the name by which this room's modules know them; they stand in `model/outline.py`."""

from __future__ import annotations

from intake.model.outline import Contents, Cover, Facts, Heading, Line, Node, Outline, Quoted, Table, Told

__all__ = ["Contents", "Cover", "Facts", "Heading", "Line", "Node", "Outline", "Quoted", "Table", "Told"]
