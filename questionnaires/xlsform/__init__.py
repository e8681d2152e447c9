"""XLSForm, the workbooks of Kobo and ODK: bringing them in as questionnaires, and taking questionnaires out."""
