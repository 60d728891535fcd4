"""The process that runs cells answers a line a cell, whatever they show."""

import json
import subprocess
import sys

CELLS = [
    "import os\nprint('said')",
    "1 + 1",
    "from IPython.display import display\ndisplay({'a': 1})",
    "os.system('echo printed by a program')",
    "1 / 0",
    "print('never run')",
]


def test_each_cell_is_answered_up_to_the_one_that_fails(tmp_path):
    asked = json.dumps([str(tmp_path), CELLS]) + "\n"
    run = [sys.executable, "-c", "from analysis.report.child import serve; serve()"]
    done = subprocess.run(run, input=asked, capture_output=True, text=True, timeout=120, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    printed, value, shown, program, failed = answers
    assert {(o["output_type"], o["name"]) for o in printed["outputs"]} == {("stream", "stdout")}
    assert "".join(o["text"] for o in printed["outputs"]) == "said\n"
    assert value["outputs"][0]["data"] == {"text/plain": "2"} and value["execution_count"] == 2
    assert shown["outputs"][0]["output_type"] == "display_data"
    assert "printed by a program" not in json.dumps(program)
    assert failed == {"error": "ZeroDivisionError: division by zero"}
