"""Who had a turn when is looked up at every claim."""

from alembic import op

revision = "0004"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("job", schema=None, recreate="never") as batch_op:
        batch_op.create_index("ix_job_turns", ["queue", "created_by", "started_at"], unique=False)
        batch_op.create_index("ix_job_turns_in", ["queue", "project_id", "started_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("job", schema=None, recreate="never") as batch_op:
        batch_op.drop_index("ix_job_turns_in")
        batch_op.drop_index("ix_job_turns")
