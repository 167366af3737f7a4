"""People sign in, are members of projects, hold tokens that can be taken back; what they do is written down."""

import sqlalchemy as sa
from alembic import op

from studio_server.index.tables import Moment

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("user", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("password_hash", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("invite_hash", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("invite_until", Moment(), nullable=True))
        batch_op.add_column(sa.Column("disabled_at", Moment(), nullable=True))
    op.create_table(
        "member",
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_member_user_id_user"),
        sa.PrimaryKeyConstraint("project_id", "user_id", name="pk_member"),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("rotated_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_session_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
    )
    op.create_index("ix_session_user_id", "session", ["user_id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["tenant_id", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_audit_at", "audit")
    op.drop_table("audit")
    op.drop_index("ix_session_user_id", "session")
    op.drop_table("session")
    op.drop_table("member")
    with op.batch_alter_table("user", schema=None, recreate="never") as batch_op:
        for column in ("disabled_at", "invite_until", "invite_hash", "password_hash"):
            batch_op.drop_column(column)
