"""Attempts remember which version of their question they answered; those from before do not know it.

It does not follow later changes of `tables`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; an older CNN Lab that still writes leaves it empty."""
    op.add_column("attempt", sa.Column("version", sa.String(64), nullable=False, server_default=""))


def downgrade() -> None:
    """Remove the column."""
    op.drop_column("attempt", "version")
