"""Reading Swift source far enough to find declarations: where comments and strings are, and where brackets close."""

from pathlib import Path

BRACKETS = {"(": ")", "{": "}", "[": "]"}


def swift_files(root):
    """Every Swift file below `Sources`, in a stable order, as (path from the root, text)."""
    for path in sorted((Path(root) / "Sources").rglob("*.swift")):
        yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")


def segments(text):
    """The text in pieces: (kind, start, end), where kind is code, comment or string."""
    at = start = 0
    while at < len(text):
        if text.startswith("//", at):
            kind, end = "comment", _line_end(text, at)
        elif text.startswith("/*", at):
            kind, end = "comment", _comment_end(text, at)
        elif text[at] == '"' or (text[at] == "#" and text[at:].lstrip("#")[:1] == '"'):
            kind, end = "string", string_end(text, at)
        else:
            at += 1
            continue
        if start < at:
            yield "code", start, at
        yield kind, at, end
        at = start = end
    if start < at:
        yield "code", start, at


def without_comments(text):
    """The text with comments blanked and strings kept: same length, same lines."""
    out = []
    for kind, start, end in segments(text):
        piece = text[start:end]
        out.append("".join(c if c == "\n" else " " for c in piece) if kind == "comment" else piece)
    return "".join(out)


def closing(text, opening):
    """The index just after the bracket that closes the one at `opening`; the text has no comments."""
    depth, at = 0, opening
    while at < len(text):
        if text[at] == '"':
            at = string_end(text, at)
            continue
        if text[at] in BRACKETS:
            depth += 1
        elif text[at] in BRACKETS.values():
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return len(text)


def string_end(text, at):
    """The index just after the literal string that starts at `at`, with its hashes and interpolations."""
    hashes = 0
    while text[at + hashes] == "#":
        hashes += 1
    quote = '"""' if text.startswith('"""', at + hashes) else '"'
    close, escape = quote + "#" * hashes, "\\" + "#" * hashes
    at += hashes + len(quote)
    while at < len(text) and not text.startswith(close, at):
        if text.startswith(escape + "(", at):
            at = closing(text, at + len(escape))
        elif text.startswith(escape, at):
            at += len(escape) + 1
        elif text[at] == "\n" and quote == '"':
            return at
        else:
            at += 1
    return min(len(text), at + len(close))


def literal(text, at):
    """What the literal string at `at` says: quotes off, a multi-line one joined to one line."""
    raw = text[at : string_end(text, at)].strip("#")
    if raw.startswith('"""'):
        return " ".join(line.strip().rstrip("\\") for line in raw[3:-3].strip().splitlines())
    return raw[1:-1].replace('\\"', '"')


def doc_comment(text, at):
    """The `///` lines above the declaration at `at`, as one line of text."""
    lines = text[: text.rfind("\n", 0, at) + 1].splitlines()
    found = []
    for line in reversed(lines):
        line = line.strip()
        if line.startswith("///"):
            found.append(line[3:].strip())
        elif not line.startswith("@"):
            break
    return " ".join(reversed(found)).strip()


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def _line_end(text, at):
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _comment_end(text, at):
    depth = 0
    while at < len(text):
        if text.startswith("/*", at):
            depth, at = depth + 1, at + 2
        elif text.startswith("*/", at):
            depth, at = depth - 1, at + 2
            if depth == 0:
                return at
        else:
            at += 1
    return len(text)
