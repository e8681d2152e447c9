"""What is asked: questionnaires, frameworks and the rules for reading an answer. Pure Python and data files."""
