"""What the press and its child say to each other: apart, so that the one who asks does not load what typesets."""

from __future__ import annotations

import struct

MOVED = 3
"""Exit code: the file has not the length that was told."""
REQUEST = struct.Struct(">QQQ??")
"""Sizes of source, data and known signs; whether the first page's number will be told; sure."""
NUMBER = struct.Struct(">Q")
"""The size of what follows, or the first page's number."""
