"""What `zou run` puts into a new database."""

from zou.people import accounts
from zou.platform.db import db
from zou.studio.initial_data import init_data


def make(app, domain, admin_email):
    """Make the initial data of `domain`, unless it is None, and the first administrator, in one transaction.

    Returns the password of that administrator, None when there was one already.
    """
    with app.app_context():
        if domain is not None:
            init_data(db.session, domain)
        password = accounts.create_first_admin(db.session, admin_email)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return password
