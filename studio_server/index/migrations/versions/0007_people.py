"""Turns are shared between people by who they are: two may have one name. Older jobs know the name only."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("job", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("person_id", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE job SET person_id = created_by")
    with op.batch_alter_table("job", schema=None, recreate="never") as batch_op:
        batch_op.drop_index("ix_job_turns")
        batch_op.create_index("ix_job_turns", ["queue", "person_id", "started_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("job", schema=None, recreate="never") as batch_op:
        batch_op.drop_index("ix_job_turns")
        batch_op.drop_column("person_id")
        batch_op.create_index("ix_job_turns", ["queue", "created_by", "started_at"], unique=False)
