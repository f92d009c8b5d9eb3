"""A day of a desk, in its own words: twenty claims for a spreadsheet, the documents they come from, and what it writes itself."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING

from terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

NOTICE = """Harbour office: notice on the winter timetable

The harbour office announced on 3 February 2025 that the night ferry will not run before the eastern pier is repaired.
“The pier has been closed since the storm of 12 January,” said Ada Brandt, the harbour master. “It carried 140 vehicles a day.”
Brandt said that no passenger was hurt when the ferry struck the pier.
The repair costs 4.2 million crowns, of which the county pays one half.
The ticket hall stays shut until Monday morning. Tickets that were bought before the storm are refunded in full.
"""
MINUTES = """Протокол заседания портовой комиссии

Комиссия установила, что паром подошёл к причалу со скоростью семь узлов, хотя разрешено не больше пяти.
Капитан Лев Орлов заявил: «Я не получал предупреждения о закрытии причала».
Представитель порта отметил, что предупреждение было отправлено по радио в шесть часов утра.
Комиссия не нашла признаков того, что двигатель был неисправен. Ремонт причала завершат к концу мая.
Профсоюз моряков считает, что экипаж работал без отдыха больше двенадцати часов.
"""
LETTER = """Порт жұмысшыларының хаты

Біз қыстың басынан бері айлақтың тозғанын айтып келеміз. Басшылық біздің хаттарымызға жауап берген жоқ.
Айлақтың тақтайлары шіріген, бірақ жөндеуге ақша бөлінбеді. Дауыл кезінде жеті жұмысшы айлақта қалып қойды.
"""
DOCUMENTS = {"notice.txt": NOTICE, "minutes.txt": MINUTES, "letter.txt": LETTER}
COLUMNS = ("claim", "by", "stance", "quote", "quote_lang", "said_at")
OFFICE, BRANDT, COURIER, COMMISSION = "Harbour office", "Ada Brandt", "Shore Courier", "Harbour commission"
ORLOV, UNION, PORT, WORKERS = "Lev Orlov", "Seamen's union", "Port of Lund", "Port workers"
CLAIMS = (
    (
        "No night ferry runs before the pier is repaired",
        OFFICE,
        "asserts",
        "the night ferry will not run before the eastern pier is repaired",
    ),
    ("The pier has been closed since 12 January", BRANDT, "asserts", "The pier has been closed since the storm of 12 January"),
    ("The pier carried 140 vehicles a day", BRANDT, "asserts", "It carried 140 vehicles a day"),
    ("Four hundred vehicles used the pier daily", COURIER, "reports", "It carried 410 vehicles a day"),
    ("Nobody was hurt when the ferry struck", BRANDT, "asserts", "no passenger was hurt when the ferry struck the pier"),
    ("The collision injured a traveller", COURIER, "reports", "A woman was taken to hospital after the collision"),
    ("Repairs cost 4.2 million crowns", OFFICE, "asserts", "The repair costs 4.2 million crowns"),
    ("The county bears half of the cost", OFFICE, "asserts", "of which the county pays one half"),
    ("Old tickets are refunded", OFFICE, "asserts", "Tickets that were bought before the storm are refunded in full"),
    ("Counters reopen after the weekend", COURIER, "reports", "The ticket hal stays shut untill Monday morning"),
    ("The vessel approached at seven knots", COMMISSION, "rules", "паром подошёл к причалу со скоростью семь узлов"),
    ("Five knots are the limit in the harbour", COMMISSION, "rules", "разрешено не больше пяти"),
    ("The captain heard of no closure", ORLOV, "asserts", "Я не получал предупреждения о закрытии причала"),
    ("A radio message went out at six", PORT, "asserts", "предупреждение было отправлено по радио в шесть часов утра"),
    ("Machinery broke down at sea", ORLOV, "asserts", "Машина отказала за минуту до удара о берег"),
    ("Investigators saw no fault in the engine", COMMISSION, "rules", "Комиссия не нашла признаков того, что двигатель был неисправен"),
    ("Sailors went without rest for twelve hours", UNION, "asserts", "экипаж работал без отдыха больше двенадцати часов"),
    ("Boards on the quay were rotten", WORKERS, "asserts", "Айлақтың тақтайлары шіріген"),
    ("Managers left letters unanswered", WORKERS, "asserts", "Басшылық біздің хаттарымызға жауап берген жоқ"),
    ("Seven labourers stayed outside during the gale", WORKERS, "asserts", "Дауыл кезінде жеті жұмысшы айлақта қалып қойды"),
)
"""Each claim with who made it, the stance and the quote. One quote has another number, one has slips, and two are nowhere."""

ABOUT = """title = "What is known of the accident at the eastern pier"
desk = "Shore fact desk"
published = "2025-03-20"
contact = "desk@claimreg.example.org"
policy = "https://claimreg.example.org/policy"
summary = ["The ferry came in too fast, and the pier was closed. One outlet changed a number."]
scale = [["False", "The documents say otherwise."], ["True", "The documents say so."]]

[[reply]]
party = "Shore Courier"
text = "Asked on 18 March; no answer by the day of this report."
"""
CORRECTION = """
[[correction]]
date = "2025-03-22"
text = "An earlier edition named the wrong day of the storm."
"""


def language_of(quote: str) -> str:
    """The language of one of these quotes: of the three scripts' own letters, only Kazakh has ғ, қ, ң, ұ, і."""
    if quote.isascii():
        return "en"
    return "kk" if set("ғқңұіәөүһ") & set(quote.casefold()) else "ru"


def write_desk(folder: Path) -> None:
    """Put the spreadsheet, the documents and the desk's own words into a folder."""
    with (folder / "claims.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows((*row, language_of(row[3]), "2025-02") for row in CLAIMS)
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "about.toml").write_text(ABOUT, encoding="utf-8")


class DeskDay:
    """A desk at its terminal of 80 columns, in one folder."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self._environment = {**environment, "TERM": "xterm-256color", "PAGER": "cat", "EDITOR": "false"}
        write_desk(folder)

    def at(self, *arguments: str, lines: int = 60) -> Terminal:
        """A command at a terminal of its own."""
        command = [sys.executable, "-m", "claimreg", *arguments]
        return Terminal(command, self._environment, self.folder, columns=80, lines=lines)

    def types(self, *arguments: str, code: int = 0, answers: str = "") -> str:
        """Type a command, answer its question if there is one, and wait for its end; the screen."""
        with self.at(*arguments) as terminal:
            if answers:
                terminal.wait_for("[y/N]")
                terminal.press(answers)
            ended = terminal.ends()
            assert ended == code, f"{arguments} ended with {ended}:\n{terminal.shown}"
            return terminal.shown

    def publishes(self, name: str) -> tuple[str, str]:
        """Write the report to publish as a page and as Markdown; both texts."""
        for form in ("html", "md"):
            self.types("report", "--style", "public", "--about", "about.toml", "--format", form, "-o", f"{name}.{form}")
        return tuple((self.folder / f"{name}.{form}").read_text("utf-8") for form in ("html", "md"))  # type: ignore[return-value]  # two of them
