"""Reads the files that are named with Microsoft's markitdown; prints how many came out as text."""

import sys

from markitdown import MarkItDown

reader = MarkItDown(enable_plugins=False)
read = 0
for path in sys.argv[1:]:
    try:
        read += bool(reader.convert_local(path).markdown.strip())
    except Exception:  # a file that it refuses is counted by what is missing
        pass
print(read)
