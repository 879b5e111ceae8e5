"""The first tables: learners, attempts, events, and a secret that is drawn once.

It does not follow later changes of `tables`.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and draw the secret from which every learner's numbers follow."""
    installation = op.create_table(
        "installation",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_installation"),
    )
    op.bulk_insert(installation, [{"name": "secret", "value": secrets.token_bytes(32)}])
    op.create_table(
        "learner",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("nick", sa.String(60), nullable=False),
        sa.Column("created", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_learner"),
    )
    _create_log(
        "attempt",
        sa.Column("lesson_sha", sa.String(64), nullable=False),
        sa.Column("skill", sa.String(80), nullable=False),
        sa.Column("variant", sa.Integer, nullable=False),
        sa.Column("params", sa.JSON, nullable=False),
        sa.Column("answer", sa.JSON, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("score", sa.Float),
        sa.Column("matched", sa.String, nullable=False),
        sa.Column("diagnosis", sa.String(40), nullable=False),
        sa.Column("hints", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Integer),
    )
    _create_log(
        "event",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
    )


def _create_log(name: str, *columns: sa.Column) -> None:
    """Make a table that only grows: numbered rows of one learner, each with an id made by its sender."""
    op.create_table(
        name,
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("uid", sa.String(36), nullable=False),
        sa.Column("learner", sa.String(36), nullable=False),
        sa.Column("lesson", sa.String(80), nullable=False),
        sa.Column("question", sa.String(80), nullable=False),
        *columns,
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("number", name=f"pk_{name}"),
        sa.UniqueConstraint("uid", name=f"uq_{name}_uid"),
        sa.ForeignKeyConstraint(["learner"], ["learner.id"], name=f"fk_{name}_learner", ondelete="CASCADE"),
    )
    op.create_index(f"ix_{name}_learner_lesson", name, ["learner", "lesson"])


def downgrade() -> None:
    """Remove all tables and what they hold."""
    for name in ("event", "attempt", "learner", "installation"):
        op.drop_table(name)
