"""What was learned: from tallies to a release. Runs without the web app and without a database."""
