"""Tokens can be for one project; files that somebody works on are locked."""

import sqlalchemy as sa
from alembic import op

from studio_server.index.tables import Moment

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    with op.batch_alter_table("session", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("project_id", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "file_lock",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_file_lock_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_file_lock"),
        sa.UniqueConstraint("project_id", "path", name="uq_file_lock_project_id"),
    )


def downgrade() -> None:
    op.drop_table("file_lock")
    with op.batch_alter_table("session", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("project_id")
