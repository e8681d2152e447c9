"""What is asked: questionnaires, frameworks and the rules for reading an answer. Python and data."""
