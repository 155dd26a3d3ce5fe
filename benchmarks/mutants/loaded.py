"""Give the functions that are loaded already the code of a mutant."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from wtforms.fields.core import UnboundField

from benchmarks.mutants.places import Mutant


def change_what_is_loaded(mutant: Mutant) -> str:
    """Change this process as the mutant's file (which says it already) does; returns what stands against it."""
    name = mutant.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    if name not in sys.modules:
        importlib.import_module(name)
        return ""  # it is read now, from the file as the mutant has it
    module = sys.modules[name]
    source = Path(str(module.__file__)).read_text(encoding="utf-8")
    if mutant.kind in {"needs", "signed-in"}:
        from tracker.views.guards import Policy

        vars(module)[mutant.function].policy = Policy(None, public=mutant.kind == "signed-in")
        return ""
    if mutant.kind == "form":
        _change_the_boxes(module, source)
        return ""
    if mutant.kind == "table":
        _change_the_table(module, source)
        return ""
    compiled = compile(source, str(module.__file__), "exec", dont_inherit=True)
    changed = _change_functions(module, compiled)
    return "" if changed else "The mutant's code reached no function"


def _change_the_table(module: ModuleType, source: str) -> None:
    for node in ast.parse(source).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "TABLE":
            assert node.value is not None
            new = eval(compile(ast.Expression(node.value), "TABLE", "eval"), vars(module))
            module.TABLE.clear()
            module.TABLE.update(new)


def _change_the_boxes(module: ModuleType, source: str) -> None:
    """Give the boxes of each form what the boxes of the mutant's forms have."""
    names: dict[str, Any] = {"__name__": module.__name__}
    exec(compile(source, str(module.__file__), "exec", dont_inherit=True), names)
    for name, form in vars(module).items():
        for box, field in vars(form).items() if isinstance(form, type) and form.__module__ == module.__name__ else ():
            if isinstance(field, UnboundField):
                changed = vars(names[name])[box]
                field.args, field.kwargs = changed.args, changed.kwargs


def _change_functions(module: ModuleType, compiled: CodeType) -> int:
    """Swap the code of each function of a module for what was compiled under its name; returns how many differ."""
    new = {code.co_qualname: code for code in _codes(compiled)}
    changed = 0
    for function in _functions(module):
        code = new.get(function.__qualname__)
        if code is not None and code != function.__code__:
            function.__code__ = code
            changed += 1
    return changed


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            if not constant.co_flags & 0x1:  # the body of a class: its methods
                yield from _codes(constant)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    for value in list(vars(module).values()):
        yield from _inside(value, module.__name__)
        if issubclass(type(value), type) and value.__module__ == module.__name__:
            for member in list(vars(value).values()):
                yield from _inside(member, module.__name__)


def _inside(value: Any, name: str) -> Iterator[FunctionType]:
    """Yield the function of ours that a value is, or wraps. Asks for the type alone: a value may stand for another."""
    kind = type(value)
    part = value.fget if kind is property else value.__func__ if kind in (classmethod, staticmethod) else value
    while type(part) in _WRAPS:
        # What wraps a function has its name too; its code has not.
        if type(part) is FunctionType and part.__module__ == name and part.__code__.co_qualname == part.__qualname__:
            yield part
        part = vars(part).get("__wrapped__")


_WRAPS = (FunctionType, type(cache(len)))
