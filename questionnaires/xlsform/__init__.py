"""XLSForm, the workbooks of Kobo and ODK: brought in as questionnaires, and questionnaires taken out."""
