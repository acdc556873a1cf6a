"""The database: one SQLAlchemy registry, one session a request."""

from flask_sqlalchemy import SQLAlchemy

from zou.platform.db.base import Base, Row, project_of

# Engine options come from the settings of the application (SQLALCHEMY_ENGINE_OPTIONS).
db = SQLAlchemy(model_class=Base)

__all__ = ["Base", "Row", "db", "project_of"]
