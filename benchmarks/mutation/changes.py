"""Small bugs to plant in a module: each one a change of one node of its syntax tree.

Theory of operation: the tree is walked in a fixed order, and each node offers what might stand in its place
by mistake: another comparison, a bound off by one, a step left out. A change is applied to the tree in place,
by a process that then compiles it and ends. What says nothing at run time is left alone: docstrings,
annotations, imports, names of types.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import copy
from typing import Any, NamedTuple

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_NAMES = {
    "any": "all",
    "min": "max",
    "argmin": "argmax",
    "minimum": "maximum",
    "zeros": "ones",
    "append": "extend",
}
_NAMES |= {other: name for name, other in _NAMES.items()} | {
    "sorted": "list",
    "setdefault": "get",
    "rstrip": "strip",
}
_TEXTS = {"left": "right", "right": "left"}
_SYMMETRIC = {"max", "maximum", "min", "minimum"}
_SAYS_NOTHING = {"dtype", "strict"}
"""Keyword arguments that are there for readers, or hold by construction."""
_TYPES = {"Literal", "TypeAlias", "NDArray", "Callable", "TypeVar"}


class Change(NamedTuple):
    """One planted bug: where it is, what it changes, and how to apply it to the tree."""

    line: int
    what: str
    apply: Callable[[], None]


def changes(tree: ast.Module) -> Iterator[Change]:
    """Yield all bugs that can be planted in a module, in a fixed order."""
    yield from _below(tree)


def _below(node: ast.AST) -> Iterator[Change]:
    for field, value in ast.iter_fields(node):
        if field == "slice" and _is_only_one(node):
            continue
        if field in ("annotation", "returns", "decorator_list", "bases", "type_comment", "type_params"):
            continue
        if isinstance(value, list):
            for at, item in enumerate(value):
                if isinstance(item, ast.AST) and not _says_nothing(node, item, at):
                    yield from _at(item, value, at)
        elif isinstance(value, ast.AST):
            yield from _at(value, node, field)


def _name(function: ast.expr) -> str:
    """Return the last part of the name of what is called."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_only_one(node: ast.AST) -> bool:
    """Whether a subscript takes the only item there is, so that another one means the same, or nothing."""
    match node:
        case ast.Subscript(value=ast.Call(func=ast.Attribute(attr="nonzero"))):
            return True
    return False


def _at(node: ast.AST, holder: Any, place: Any) -> Iterator[Change]:
    """Yield the changes of a node, which `holder` holds at `place`, and of all below it."""
    old = _text(node)
    for new in _instead(node):
        yield Change(getattr(node, "lineno", 0), f"{old} → {_text(new)}", _replacing(holder, place, new))
    yield from _inside(node)
    yield from _below(node)


def _replacing(holder: Any, place: Any, new: ast.AST) -> Callable[[], None]:
    def apply() -> None:
        if isinstance(holder, list):
            holder[place] = new
        else:
            setattr(holder, place, new)

    return apply


def _setting(node: ast.AST, field: str, new: Any, line: int, note: str = "") -> Change:
    """Return the mutant that has another field; the change is shown on a copy."""
    shown = copy(node)
    setattr(shown, field, new)
    what = note or f"{_text(node)} → {_text(shown)}"
    return Change(line, what, lambda: setattr(node, field, new))


def _text(node: ast.AST) -> str:
    return "pass" if isinstance(node, ast.Pass) else ast.unparse(node).split("\n")[0]


def _says_nothing(holder: ast.AST, node: ast.AST, at: int) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.Expr(value=ast.Constant(value=str())):
            return True  # a docstring, or what stands below a constant
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.keyword(arg=name, value=value):
            stable = (
                isinstance(value, ast.Constant) and value.value == "stable"
            )  # may be left out, not misspelt
            return name in _SAYS_NOTHING or stable or isinstance(holder, ast.ClassDef)
        case ast.Assign(targets=[ast.Name(id="__all__" | "__slots__")]):
            return True
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.AST() as value):
            return isinstance(holder, ast.Module) and any(
                isinstance(part, ast.Name) and part.id in _TYPES for part in ast.walk(value)
            )
    return False


def _instead(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what might stand in the place of a node."""
    match node:
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.Constant(value=float(value)):
            yield ast.Constant(value + 1)
        case ast.Constant(value=str(value)):
            yield ast.Constant(_TEXTS.get(value, f"{value}?"))
        case ast.UnaryOp(op=ast.Not() | ast.Invert() | ast.USub(), operand=operand):
            yield operand
        case ast.BoolOp(values=values):
            for at in range(len(values)):
                rest = values[:at] + values[at + 1 :]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        case ast.Call(func=ast.Attribute(value=value, attr="copy"), args=[]):
            yield value
        case ast.Expr(value=ast.Call()) | ast.Assign() | ast.AugAssign() | ast.Raise() | ast.Delete():
            yield ast.Pass()
        case ast.Return(value=ast.AST() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()


def _inside(node: ast.AST) -> Iterator[Change]:
    """Yield the changes of a node's own fields."""
    line = getattr(node, "lineno", 0)
    match node:
        case ast.Compare(ops=ops):
            for at, op in enumerate(ops):
                for other in _COMPARISONS[type(op)]:
                    yield _setting(node, "ops", [*ops[:at], other(), *ops[at + 1 :]], line)
        case ast.BinOp(op=op) | ast.AugAssign(op=op):
            yield _setting(node, "op", _OPERATORS[type(op)](), line)
        case ast.BoolOp(op=op):
            yield _setting(node, "op", ast.Or() if isinstance(op, ast.And) else ast.And(), line)
        case ast.If(test=test) | ast.IfExp(test=test) | ast.Assert(test=test):
            for forced in (True, False):
                if not isinstance(node, ast.Assert):
                    yield _setting(
                        node, "test", ast.Constant(forced), line, f"if {_text(test)} → if {forced}"
                    )
        case ast.While(test=test) if not isinstance(test, ast.Constant):
            yield _setting(node, "test", ast.Constant(False), line)
        case ast.comprehension(ifs=[_, *_] as ifs):
            for at, test in enumerate(ifs):
                yield _setting(
                    node, "ifs", ifs[:at] + ifs[at + 1 :], test.lineno, f"for … if {_text(test)} → for …"
                )
        case ast.Slice():
            for field in ("lower", "upper", "step"):
                if getattr(node, field) is not None:
                    whole = f"[{_text(node)}]"
                    shown = copy(node)
                    setattr(shown, field, None)
                    yield _setting(node, field, None, line, f"{whole} → [{_text(shown)}]")
        case ast.Attribute(attr=name) if name in _NAMES:
            yield _setting(node, "attr", _NAMES[name], line)
        case ast.Name(id=name, ctx=ast.Load()) if name in _NAMES:
            yield _setting(node, "id", _NAMES[name], line)
        case ast.Call(args=args, keywords=keywords):
            for at in range(0 if _name(node.func) in _SYMMETRIC else len(args) - 1):
                alike = not isinstance(args[at], ast.Constant) and not isinstance(args[at + 1], ast.Constant)
                if alike and _text(args[at]) != _text(args[at + 1]):
                    swapped = [*args[:at], args[at + 1], args[at], *args[at + 2 :]]
                    yield _setting(node, "args", swapped, line)
            for at, keyword in enumerate(keywords):
                if keyword.arg not in _SAYS_NOTHING:
                    yield _setting(node, "keywords", keywords[:at] + keywords[at + 1 :], line)
