"""Data from files: areas, postcodes, population margins and national layers. One module per noun.

Every import reads the whole file, reports every problem with its row, and writes all of it or nothing.
Importing the same file again changes nothing. What is held and not in the file stays, unless asked.
"""

from survey_app.services.imports.outcome import Counts, Outcome
from survey_app.services.imports.problems import ImportProblem, ImportRefusedError

__all__ = ["Counts", "ImportProblem", "ImportRefusedError", "Outcome"]
