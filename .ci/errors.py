#!/usr/bin/env python3
"""Errors that are made while a statement is compiled, and whether a golden script shows each.

Lists every place below query/parse, query/bind, query/plan, query/optimize that makes an error,
by its message, and looks for that message in tests/golden (and, of texts that are too long for a
script, in tests/query/parse/limits_test.cc). Prints the share that is shown, and the
places that are not. With --strict it fails when there is any but those that need no script.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ["query/parse", "query/bind", "query/plan", "query/optimize"]
MAKERS = re.compile(
    r"\b(BindError|SyntaxError|SemanticError|TypeError|ArgumentError|NotFoundError|ConstraintError"
    r"|ProcedureError|UnsupportedError|LimitError|Composition|Error)\(\s*(?=[\"\w])"
)
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
# Reached by our own mistake alone: what stands before lets no statement through to them.
OUR_OWN = {
    "transaction control is not bound",
    "the number of paths must be a number or a parameter",
    "properties of a pattern are written as a map: {{name: value}}",
    "{} changes a property, such as n.name",
}


def arguments(text, at):
    """The text between the bracket that opens before `at` and the one that closes it."""
    depth, i = 1, at
    while depth and i < len(text):
        if text[i] == '"':
            i = LITERAL.match(text, i).end()
            continue
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        i += 1
    return text[at : i - 1]


def message(call, body):
    """The format string of an error: the literals that stand side by side, or None."""
    pieces = [(m.start(), m.end(), m.group(1)) for m in LITERAL.finditer(body)]
    if call == "BindError":
        pieces = pieces[1:]  # the detail
    if not pieces:
        return None
    text, end = pieces[0][2], pieces[0][1]
    for start, stop, piece in pieces[1:]:
        if body[end:start].strip():
            break
        text, end = text + piece, stop
    return text


def pattern(text):
    text = text.replace('\\"', '"').replace("{{", "\0").replace("}}", "\1")
    parts = [re.escape(p.replace("\0", "{").replace("\1", "}")) for p in re.split(r"{[^}]*}", text)]
    return re.compile(r"^\w+: " + ".*".join(parts) + r"( \(\w+\))?$", re.MULTILINE)


def sites():
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.cc")):
            source = path.read_text()
            for made in MAKERS.finditer(source):
                body = arguments(source, made.end())
                text = message(made.group(1), body)
                if text is None or text in OUR_OWN or not re.search(r"\w", text):
                    continue
                line = source.count("\n", 0, made.start()) + 1
                yield f"{path.relative_to(ROOT)}:{line}", text


def main():
    scripts = sorted((ROOT / "tests/golden").rglob("*.test"))
    shown = "\n".join(path.read_text() for path in scripts)
    tested = (ROOT / "tests/query/parse/limits_test.cc").read_text()
    shown += "\n".join(f"_: {text}" for text in LITERAL.findall(tested))
    missing, count = [], 0
    for place, text in sites():
        count += 1
        if not pattern(text).search(shown):
            missing.append((place, text))
    for place, text in missing:
        print(f"{place}: no golden script shows: {text}")
    print(f"{count - len(missing)} of {count} errors of compiling are shown by a golden script")
    return 1 if missing and "--strict" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
