"""Find every check in the source by its shape, so that what lands later is found without a word here."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.mutants.by_hand import BY_HAND
from benchmarks.mutants.places import REFUSALS, Module, Mutant, called, numbered, refuses

SEARCHED = (
    "tracker/app.py",
    "tracker/rules/*.py",
    "tracker/forms/*.py",
    "tracker/views/*.py",
    "tracker/services/*.py",
    "tracker/services/structure/*.py",
)
ASKS = {"allowed": "True", "scope": "object()", "lapse_if_changed": "False"}
WIRES = {"before_request", "after_request"}
INSTALLS = {".register_guards", "extensions.csrf.init_app"}
PERSON = {"person_id"}
VALIDATORS = {"DataRequired", "InputRequired"}
DECIDES = ("why_not", "who_decides")
"""How functions begin that return what stands against something, and do not raise it."""


def find(root: Path) -> list[Mutant]:
    """Return every mutant of a tree."""
    modules = [Module.read(root, path.relative_to(root).as_posix()) for path in searched(root)]
    guards = guards_in(modules)
    found: list[Mutant] = []
    for module in modules:
        found += numbered(_in_module(module, guards))
    return found


def searched(root: Path) -> list[Path]:
    """Return the files in which checks are looked for."""
    return [path for pattern in SEARCHED for path in sorted(root.glob(pattern))]


def guards_in(modules: Iterable[Module]) -> frozenset[str]:
    """Return the functions that do nothing but refuse: they return nothing, raise, and store nothing."""
    names = set()
    for module in modules:
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.FunctionDef) or not _returns_nothing(node):
                continue
            calls = {called(inner) for inner in ast.walk(node)}
            stores = {"add", "change", "flush", "delete", "write", "_write"} & calls
            raised = {called(inner.exc) for inner in ast.walk(node) if isinstance(inner, ast.Raise) and inner.exc}
            if raised & REFUSALS and not stores:
                names.add(node.name)
    return frozenset(names - {"_open"})


def _returns_nothing(node: ast.FunctionDef) -> bool:
    return isinstance(node.returns, ast.Constant) and node.returns.value is None


def _in_module(module: Module, guards: frozenset[str]) -> Iterator[Mutant]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef):
            yield from _decorators(module, node)
        elif isinstance(node, ast.Expr):
            yield from _statement(module, node, guards)
        elif isinstance(node, ast.If):
            yield from _condition(module, node)
        elif isinstance(node, ast.Raise):
            yield from _raise(module, node)
        elif isinstance(node, ast.Call) and called(node) in ASKS and not isinstance(module.parents[node], ast.Expr):
            kind = "lapse" if called(node) == "lapse_if_changed" else "allowed"
            new = "Scope.ALL" if called(node) == "scope" and "rules" in module.path else ASKS[called(node)]
            yield module.mutant(node, kind, new)
        elif isinstance(node, ast.Compare):
            yield from _comparison(module, node)
        elif isinstance(node, ast.ClassDef) and "/forms/" in module.path:
            yield from _boxes(module, node)
    if module.path.endswith("rules/permissions.py"):
        yield from _table(module)
    if module.path.endswith("rules/signature.py"):
        yield from _signed(module)
    for path, kind, old, new in BY_HAND:
        if path == module.path:
            yield _by_hand(module, kind, old, new)


def _decorators(module: Module, node: ast.FunctionDef) -> Iterator[Mutant]:
    """A route that needs a permission answers everybody who is signed in; one for these answers everybody."""
    for decorator in node.decorator_list:
        if called(decorator) == "needs":
            assert isinstance(decorator, ast.Call)
            found = module.mutant(decorator.args[0], "needs", "None", f"@{module.text(decorator)}")
            yield replace(found, function=node.name)
        elif isinstance(decorator, ast.Name) and decorator.id == "signed_in_only":
            new = '__import__("tracker.views.guards", fromlist=["public"]).public'
            yield replace(module.mutant(decorator, "signed-in", new, "@signed_in_only"), function=node.name)


def _boxes(module: Module, form: ast.ClassDef) -> Iterator[Mutant]:
    """A box of a form may stay empty, or hold what it may not."""
    for node in form.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        box = f"{form.name}.{module.text(node.targets[0])}"
        lists = [*node.value.args, *(word.value for word in node.value.keywords)]
        for part in (one for found in lists if isinstance(found, ast.List) for one in found.elts):
            if called(part) in VALIDATORS or (isinstance(part, ast.Name) and part.id != "trimmed"):
                yield replace(module.mutant(part, "form", "(lambda form, field: None)"), function=box)
        for word in node.value.keywords:
            if word.arg == "required" and module.text(word.value) == "True":
                yield replace(module.mutant(word.value, "form", "False", "required=True"), function=box)


def _statement(module: Module, node: ast.Expr, guards: frozenset[str]) -> Iterator[Mutant]:
    """A call that only refuses, writes to the ledger or installs a guard is left out."""
    call, name = node.value, called(node.value)
    if not isinstance(call, ast.Call):
        return
    on = module.text(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    if name in guards and not on:
        kind = {"permit": "permit", "use_token": "token", "check_version": "version"}.get(name, "guard")
        yield module.mutant(node, kind, "pass")
    elif name == "lapse_if_changed":
        yield module.mutant(node, "lapse", "pass")
    elif on == "recorder" and name in {"close", "add"}:
        yield module.mutant(node, "ledger", "pass")
    elif on == "recorder" and name == "change" and len(call.args) >= 3:
        row, values = module.text(call.args[0]), module.text(call.args[2])
        new = f"[setattr({row}, name, value) for name, value in ({values}).items()]"
        yield module.mutant(node, "ledger", new)
    elif name == "_write" and module.path.endswith("ledger.py"):
        yield module.mutant(node, "ledger", "pass")
    elif (name in WIRES and module.path.endswith("guards.py")) or f"{on}.{name}" in INSTALLS:
        yield module.mutant(node, "door", "pass")


def _condition(module: Module, node: ast.If) -> Iterator[Mutant]:
    """An act that would be refused goes on: the condition is never true, or one of its alternatives is not."""
    if any(refuses(statement) for statement in node.body):
        if isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.Or):
            for part in node.test.values:
                if called(part.operand if isinstance(part, ast.UnaryOp) else part) not in ASKS:
                    yield module.mutant(part, "refusal", "False", f"if {module.text(node.test)}: {module.text(part)}")
        else:
            yield module.mutant(node.test, "refusal", "False", f"if {module.text(node.test)}")
    elif module.function(node).lstrip("_").startswith(DECIDES) and isinstance(node.body[0], ast.Return):
        said = node.body[0].value
        if not isinstance(said, ast.Constant) or said.value:
            yield module.mutant(node.test, "duty", "False", f"if {module.text(node.test)}")


def _raise(module: Module, node: ast.Raise) -> Iterator[Mutant]:
    """A refusal that stands under no condition of its own is left out."""
    if node.exc is None or called(node.exc) not in REFUSALS:
        return
    parent = module.parents[node]
    if not isinstance(parent, ast.If) or node not in parent.body:
        yield module.mutant(node, "raise", "pass")


def _comparison(module: Module, node: ast.Compare) -> Iterator[Mutant]:
    """Whoever acts counts as somebody else; what was signed counts as unchanged."""
    attributes = {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}
    parent = module.parents[node]
    if isinstance(parent, ast.If) and any(refuses(statement) for statement in parent.body):
        return  # the condition as a whole is one already
    none = any(isinstance(side, ast.Constant) and side.value is None for side in node.comparators)
    if attributes & PERSON and not none and ("actor" in module.text(node) or "person" in module.function(node)):
        same = isinstance(node.ops[0], ast.Eq | ast.In)
        in_query = called(parent) == "where"
        yield module.mutant(node, "duty", "True" if in_query or not same else "False")
    if "signed_hash" in attributes and isinstance(node.ops[0], ast.Eq | ast.NotEq):
        yield module.mutant(node, "lapse", "True" if isinstance(node.ops[0], ast.Eq) else "False")


def _table(module: Module) -> Iterator[Mutant]:
    """Each role that lacks an act gets it; each that has it for its own gets it for all."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.AnnAssign) or module.text(node.target) != "TABLE":
            continue
        roles = _members(module, "Role")
        assert isinstance(node.value, ast.Dict)
        for act, cells in zip(node.value.keys, node.value.values, strict=True):
            assert act is not None
            if isinstance(cells, ast.Name):
                continue  # every role has it
            name = module.text(act)
            has = {module.text(node) for node in ast.walk(cells) if isinstance(node, ast.Attribute)}
            for role in sorted(roles - has):
                wider = f"{{**({module.text(cells)}), {role}: Scope.ALL}}"
                widened = module.mutant(cells, "table", wider, f"{name} for {role}")
                yield replace(widened, function=f"{name}>{role}")
            pairs = zip(cells.keys, cells.values, strict=True) if isinstance(cells, ast.Dict) else ()
            for key, cell in pairs:
                if key is not None and module.text(cell) == "Scope.OWN":
                    role = module.text(key)
                    widened = module.mutant(cell, "table", "Scope.ALL", f"{name} of everything for {role}")
                    yield replace(widened, function=f"{name}>{role}")


def _members(module: Module, name: str) -> set[str]:
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return {f"{name}.{module.text(item.targets[0])}" for item in node.body if isinstance(item, ast.Assign)}
    raise LookupError(name)


def _signed(module: Module) -> Iterator[Mutant]:
    """Each thing that a sign-off is bound to is left out of its hash."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.List) and module.function(node) == "Signed.hash":
            for part in node.elts:
                yield module.mutant(part, "lapse", '""', f"{module.text(part)} in the hash")


def _by_hand(module: Module, kind: str, old: str, new: str) -> Mutant:
    start = module.source.find(old.encode())
    if start < 0 or module.source.count(old.encode()) > 1:
        raise LookupError(f"{module.path} does not hold once: {old}")
    line = module.source[:start].count(b"\n") + 1
    inside = [n for n in ast.walk(module.tree) if isinstance(n, ast.FunctionDef) and n.lineno <= line]
    inside = [n for n in inside if (n.end_lineno or 0) >= line]
    function = max(inside, key=lambda n: n.lineno).name if inside else ""
    return Mutant(module.path, line, function, kind, " ".join(old.split()), start, start + len(old.encode()), new)
