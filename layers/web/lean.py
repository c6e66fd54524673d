"""Scripts without what only their authors read: comments that fill a line, and the room at the head of lines.

Lines stay lines, so that nothing joins what a line end parts, and names stay names. Minifiers were tried first: rjsmin
1.3 drops spaces inside nested templates, and tdewolff-minify 2.24 has no wheel for Macs of the last years.
"""

from __future__ import annotations


def lean(script: str) -> str:
    """Give a script that does the same in fewer bytes; one whose texts go on over a line end is given as it is."""
    lines = script.split("\n")
    # In a template or a text that goes on in the next line, what stands at its head is said to a reader.
    if any(line.count("`") % 2 or line.endswith("\\") for line in lines):
        return script
    kept: list[str] = []
    inside = False
    for line in (line.strip() for line in lines):
        if inside or line.startswith("/*"):
            ends = line.find("*/", 0 if inside else 2)
            if 0 <= ends < len(line) - 2:
                # Code behind the end of a comment: nothing here is written so.
                return script
            inside = ends < 0
        elif line and not line.startswith("//"):
            kept.append(line)
    return "\n".join(kept) + "\n"
