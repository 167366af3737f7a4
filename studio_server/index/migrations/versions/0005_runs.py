"""Jobs wait for other jobs, and belong to a run that was started as one."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "need",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("needs_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name="fk_need_job_id_job"),
        sa.ForeignKeyConstraint(["needs_id"], ["job.id"], name="fk_need_needs_id_job"),
        sa.PrimaryKeyConstraint("job_id", "needs_id", name="pk_need"),
    )
    with op.batch_alter_table("job", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("run", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("job", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("run")
    op.drop_table("need")
