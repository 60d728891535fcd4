"""A page and rows of a table, about an invented bridge."""

import json

PAGE = """Tarn closes its bridge as the river rises

14.03.2014

The old bridge at Tarn was closed on Monday after the river rose overnight.

Engineers found cracks in three of its seven piers, the council said.

ab/cd (AFP, dpa)
"""


ROWS = [
    {"id": "p1", "outlet": "Tarn Post", "date": "14 March 2014", "text": "The bridge is closed."},
    {"id": "p2", "outlet": "Le Passeur", "date": "2014-03-15", "text": "A ferry runs.It is slow."},
]


def jsonl(path, rows):
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")
    return path
