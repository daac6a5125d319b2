"""The child that typesets: source and data in, PDF out. Arguments: an empty folder, then font folders."""

from __future__ import annotations

import resource
import struct
import sys
from pathlib import Path

import typst

MEMORY_BYTES = 8 * 1024 * 1024 * 1024


def main() -> None:
    """One document."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    stream = sys.stdin.buffer
    source_size, data_size = struct.unpack(">QQ", stream.read(16))
    folder = Path(sys.argv[1])
    (folder / "main.typ").write_bytes(stream.read(source_size))
    (folder / "data.json").write_bytes(stream.read(data_size))
    try:
        pdf = typst.compile(
            str(folder / "main.typ"), root=str(folder), font_paths=sys.argv[2:], ignore_system_fonts=True, pdf_standards=["ua-1"]
        )
    except Exception as error:  # Typst's own error type; its words go to the parent
        sys.stderr.write(str(error))
        sys.exit(1)
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
