"""What the house tests look at: the source tree as text and as syntax, nothing imported."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "holdfast"

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> list[Path]:
    """Every Python module of the package, migrations left out (Django writes them)."""
    found = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
    assert found, "a house test that finds no module has failed"
    return found


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def definitions(path: Path) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    """Every function and class of a module, with its dotted name."""

    def inside(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function | ast.ClassDef]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield f"{prefix}{child.name}", child
                yield from inside(child, f"{prefix}{child.name}.")
            else:
                yield from inside(child, prefix)

    yield from inside(ast.parse(path.read_text(encoding="utf-8")), "")


def lines_without_docstring(node: Function | ast.ClassDef) -> int:
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def parameters(node: Function) -> int:
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    if given and given[0].arg in {"self", "cls"}:
        given = given[1:]
    return len(given) + (node.args.vararg is not None) + (node.args.kwarg is not None)
