"""Alembic's entry: runs the one linear history against the address it was given.

Web processes that start together wait for each other here.
"""

from alembic import context
from sqlmodel import Session, SQLModel

import studio_server.index.tables  # noqa: F401 - fills the metadata
from studio_server.index.session import alone, open_engine

engine = open_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
    with context.begin_transaction():
        alone(Session(connection), "migrations")
        context.run_migrations()
    connection.commit()
engine.dispose()
