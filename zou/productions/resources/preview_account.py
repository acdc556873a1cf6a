"""The preview account of a production."""

from zou.people.rules import manages
from zou.platform.http import body, permission, returns
from zou.productions.answers import NEW_PREVIEW_ACCOUNT, PREVIEW_ACCOUNT
from zou.productions.bodies import PreviewAccountStateSchema
from zou.productions.models import Project
from zou.productions.resources.rows import ProductionRoute
from zou.productions.services import preview_account


def form(account):
    """What managers see of the account, or None."""
    if account is None:
        return None
    until = account.preview_open_until
    return {
        "id": account.id,
        "email": account.email,
        "full_name": f"{account.first_name} {account.last_name}",
        "preview_open_until": until and until.isoformat(),
    }


class PreviewAccountResource(ProductionRoute):
    """The preview account of a production."""

    @permission(manages, on=Project)
    @returns(PREVIEW_ACCOUNT)
    def get(self, project):
        """The account, or null."""
        return form(preview_account.find(self.tx, project))

    @permission(manages, on=Project, lock=True)
    @returns(NEW_PREVIEW_ACCOUNT, 201)
    def post(self, project):
        """Make the account, or give it a new password and close it; only this answer shows the password."""
        account, password = preview_account.renew(self.tx, project)
        return {**form(account), "password": password}

    @permission(manages, on=Project, lock=False)
    @body(PreviewAccountStateSchema)
    @returns(PREVIEW_ACCOUNT)
    def put(self, project, body):
        """Open the account for an hour, or close it."""
        return form(preview_account.set_open(self.tx, project, body["is_open"]))

    @permission(manages, on=Project, lock=False)
    @returns(None, 204)
    def delete(self, project):
        """Remove the account with all that is theirs."""
        preview_account.remove(self.tx, self.actor, project)
