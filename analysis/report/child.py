"""What runs in the processes that execute notebooks: IPython that keeps what cells show.

Little is imported here, since each of these processes waits for it.
"""

import base64
import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import Any, ClassVar

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config


class _Returned(DisplayHook):
    """What a cell ends on, as an output of it."""

    def write_output_prompt(self) -> None:
        """No prompt: an output knows its number."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        """The value in all its forms."""
        forms = {"data": format_dict, "metadata": md_dict or {}}
        _Shell.add("execute_result", execution_count=None, **forms)


class _Published(DisplayPublisher):
    """What a cell displays, as an output of it."""

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **_: Any) -> None:
        """The value in all its forms."""
        _Shell.add("display_data", data=data, metadata=metadata or {})


class _Shell(InteractiveShell):
    """IPython that keeps what cells show, as a notebook does."""

    displayhook_class = Type(_Returned)
    display_pub_class = Type(_Published)
    outputs: ClassVar[list[dict[str, Any]]]

    @classmethod
    def add(cls, kind: str, **given: Any) -> None:
        """An output; pictures are written in letters."""
        for form, value in given.get("data", {}).items():
            if isinstance(value, bytes):
                given["data"][form] = base64.b64encode(value).decode("ascii")
        cls.outputs.append({"output_type": kind} | given)

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no window that would have to be kept alive."""


class _Printed(io.TextIOBase):
    """What a cell prints, as an output of it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, text: str) -> int:
        if text:
            _Shell.add("stream", name=self.name, text=text)
        return len(text)


def serve() -> None:
    """Run the cells that a line of standard input gives, with its folder; answer a line a cell."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # where the programs print that a cell calls
    asked, sys.stdin = sys.stdin, io.StringIO()
    for line in asked:
        folder, sources = json.loads(line)
        os.chdir(folder)
        _Shell.clear_instance()
        shell = _Shell.instance(config=Config(HistoryManager={"enabled": False}))
        for source in sources:
            _Shell.outputs = []
            with redirect_stdout(_Printed("stdout")), redirect_stderr(_Printed("stderr")):
                ran = shell.run_cell(source, store_history=True)
            said = {"outputs": _Shell.outputs, "execution_count": ran.execution_count}
            if error := ran.error_before_exec or ran.error_in_exec:
                said = {"error": f"{type(error).__name__}: {error}"}
            print(json.dumps(said, default=str), file=answers, flush=True)
            if error:
                break
