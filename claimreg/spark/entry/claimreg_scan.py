"""Script for spark-submit: ``spark-submit $(claimreg scan --engine spark --print-entry) scan …`` runs the command there.

It lies in a folder of its own, since spark-submit puts the script's folder on the path that modules are looked for in.
"""

from __future__ import annotations

import sys

from claimreg.__main__ import main

if __name__ == "__main__":
    # Whoever hands the scan to Spark means Spark.
    if sys.argv[1:2] == ["scan"] and not any(one.startswith("--engine") for one in sys.argv):
        sys.argv[2:2] = ["--engine", "spark"]
    main()
