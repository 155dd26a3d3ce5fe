"""Where a check stands in the source, and what the source says without it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

REFUSALS = frozenset({"Refusal", "NotPermitted", "NotFound", "Conflict", "AlreadyDone", "ValidationError"})


@dataclass(frozen=True, slots=True)
class Mutant:
    """One check removed: in a file, the bytes from `start` to `end` say `new` instead."""

    path: str  # from the top of the tree
    line: int
    function: str  # "Class.method" or "function"; "" at the top of the module
    kind: str
    what: str  # the check, in one line
    start: int
    end: int
    new: str
    number: int = 0  # among those of one kind in one function

    @property
    def name(self) -> str:
        """Return a name that lines added elsewhere do not change."""
        where = f"{self.path.removeprefix('tracker/').removesuffix('.py')}:{self.function or 'module'}"
        return f"{where}:{self.kind}{f'-{self.number}' if self.number else ''}"

    def applied(self, source: bytes) -> bytes:
        """Return the source without the check."""
        return source[: self.start] + self.new.encode() + source[self.end :]


@dataclass
class Module:
    """A file as it is read: its bytes, its tree, and who is whose parent."""

    path: str
    source: bytes
    tree: ast.Module = field(init=False)
    parents: dict[ast.AST, ast.AST] = field(init=False)
    lines: list[int] = field(init=False)

    def __post_init__(self) -> None:
        """Parse, and remember where each line begins."""
        self.tree = ast.parse(self.source)
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}
        self.lines = [0]
        for line in self.source.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))

    @classmethod
    def read(cls, root: Path, path: str) -> Module:
        """Read a file of a tree."""
        return cls(path, (root / path).read_bytes())

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Return from where to where a node stands, in bytes."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.lines[node.lineno - 1] + node.col_offset, self.lines[node.end_lineno - 1] + node.end_col_offset

    def text(self, node: ast.expr | ast.stmt) -> str:
        """Return what stands at a node."""
        start, end = self.span(node)
        return self.source[start:end].decode()

    def function(self, node: ast.AST) -> str:
        """Return the name of the function in which a node stands."""
        names = []
        while node in self.parents:
            node = self.parents[node]
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.append(node.name)
        return ".".join(reversed(names))

    def mutant(self, node: ast.expr | ast.stmt, kind: str, new: str, what: str = "") -> Mutant:
        """Return the mutant that puts something else where a node stands."""
        start, end = self.span(node)
        said = " ".join((what or self.text(node)).split())
        short = said if len(said) <= 100 else f"{said[:97]}..."
        return Mutant(self.path, node.lineno, self.function(node), kind, short, start, end, new)


def numbered(found: Iterator[Mutant]) -> list[Mutant]:
    """Return mutants in the order of the file, those of one kind in one function with numbers, none twice."""
    counted: dict[str, int] = {}
    seen: set[tuple[str, int, int, str]] = set()
    result = []
    for one in sorted(found, key=lambda mutant: (mutant.path, mutant.start, mutant.end, mutant.new)):
        key = (one.path, one.start, one.end, one.new)
        if key in seen:
            continue
        seen.add(key)
        counted[one.name] = counted.get(one.name, 0) + 1
        result.append(replace(one, number=counted[one.name]) if counted[one.name] > 1 else one)
    return result


def called(node: ast.AST) -> str:
    """Return the last name of what is called, "" if nothing is."""
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def refuses(statement: ast.stmt) -> bool:
    """Tell whether a statement ends the act: raises something of its own, or gives an error page."""
    if isinstance(statement, ast.Raise):
        return statement.exc is not None
    if isinstance(statement, ast.Expr):
        return called(statement.value) in {"abort", "refuse"}
    if isinstance(statement, ast.Return) and statement.value is not None:
        numbers = {node.value for node in ast.walk(statement.value) if isinstance(node, ast.Constant)}
        return bool(numbers & {400, 403, 404, 409})
    return False
