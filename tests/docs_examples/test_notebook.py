"""The notebook's cells run in order in one namespace, and give the text that stands below them."""

from __future__ import annotations

import ast
import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "examples").glob("*.ipynb"))


def code_cells(notebook: Path) -> Iterator[dict[str, Any]]:
    document = json.loads(notebook.read_text("utf-8"))
    assert document["nbformat"] == 4
    return (cell for cell in document["cells"] if cell["cell_type"] == "code")


def run(source: str, namespace: dict[str, Any]) -> tuple[str, str]:
    """What a cell prints, and how the value of its last line looks, as a notebook shows it."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed, value = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "<cell>", "exec"), namespace)  # noqa: S102 (the project's own example)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), namespace)  # noqa: S307 (as above)
    return printed.getvalue(), "" if value is None else repr(value)


def shown(cell: dict[str, Any]) -> tuple[str, str]:
    """The text that is stored below a cell: what it printed, and its value."""
    printed, value = "", ""
    for output in cell["outputs"]:
        if output["output_type"] == "stream":
            printed += "".join(output["text"])
        else:
            assert output["output_type"] == "execute_result"
            value += "".join(output["data"]["text/plain"])
    return printed, value


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.name)
def test_a_notebook_gives_what_it_shows(notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    cells = list(code_cells(notebook))
    given = [run("".join(cell["source"]), namespace) for cell in cells]
    assert given == [shown(cell) for cell in cells]
    assert any(value for _, value in given)
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))


def test_there_is_a_notebook() -> None:
    assert [notebook.name for notebook in NOTEBOOKS] == ["first_steps.ipynb"]


def test_a_cell_is_run_as_a_notebook_runs_it() -> None:
    namespace: dict[str, Any] = {}
    assert run("a = 2\nprint(a)\na + 1", namespace) == ("2\n", "3")
    assert run("a = a + 1", namespace) == ("", "")
    assert run("a", namespace) == ("", "3")
