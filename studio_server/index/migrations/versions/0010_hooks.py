"""Webhooks, and what is to be delivered to them."""

import sqlalchemy as sa
from alembic import op

from studio_server.index.tables import Moment

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "hook",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("log_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("off_because", sa.String(), nullable=False),
        sa.Column("failing_since", Moment(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hook"),
    )
    op.create_index("ix_hook_project_id", "hook", ["project_id"])
    op.create_table(
        "delivery",
        sa.Column("hook_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("tried_at", Moment(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("delivered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["hook_id"], ["hook.id"], name="fk_delivery_hook_id_hook"),
        sa.PrimaryKeyConstraint("hook_id", "id", name="pk_delivery"),
    )
    op.create_index("ix_delivery_due_at", "delivery", ["due_at"])


def downgrade() -> None:
    op.drop_table("delivery")
    op.drop_table("hook")
