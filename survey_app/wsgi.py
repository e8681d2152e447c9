"""What gunicorn serves: `gunicorn -c python:survey_app.gunicorn survey_app.wsgi:app`."""

from survey_app.app import create_app
from survey_app.config import from_environment, with_secret

app = create_app(with_secret(from_environment()))
