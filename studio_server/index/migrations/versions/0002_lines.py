"""Projects have a line of their own: places in it, a pause, and how long each pipeline took at each quality."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("project", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("queue_paused", sa.Boolean(), nullable=False, server_default="0"))
    with op.batch_alter_table("job", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("pipeline", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("quality", sa.String(), nullable=False, server_default=""))
        batch_op.create_index("ix_job_line", ["project_id", "state", "place"], unique=False)
        batch_op.create_index("ix_job_pace", ["pipeline", "quality", "state", "finished_at"], unique=False)
    job = sa.table("job", sa.column("plan", sa.JSON()), sa.column("pipeline"), sa.column("quality"))
    op.execute(
        sa.update(job).values(
            pipeline=job.c.plan["pipeline_id"].as_string(), quality=job.c.plan["quality_used"].as_string()
        )
    )


def downgrade() -> None:
    with op.batch_alter_table("job", schema=None, recreate="never") as batch_op:
        batch_op.drop_index("ix_job_pace")
        batch_op.drop_index("ix_job_line")
        batch_op.drop_column("quality")
        batch_op.drop_column("pipeline")
        batch_op.drop_column("place")
    with op.batch_alter_table("project", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("queue_paused")
