"""Messages to Slack, Mattermost and Discord over their HTTP interfaces. Rules: contract/rules/notifications-and-news.md §6.1."""

from urllib.parse import urlsplit

import requests

from zou.inbox.services.mail import LOGO, Outcome, site

TIMEOUT_S = 30
SLACK = "https://slack.com/api/chat.postMessage"
DISCORD = "https://discord.com/api/v10"
MEMBERS = 1000  # of a page of Discord's


class Failed(Exception):
    """An answer that ends an attempt; carries its `Outcome`."""

    def __init__(self, outcome):
        super().__init__(outcome.reason)
        self.outcome = outcome


def send(channel, secret, user, project_name, text):
    """Send a text to a person on a channel. `secret`: the studio's token or hook; it is never told. Returns the `Outcome`."""
    if not secret:
        return Outcome("refused", f"The studio has no credentials of {channel}.")
    if not user:
        return Outcome("refused", f"The person has no user name of {channel}.")
    try:
        return SENDERS[channel](secret, user, project_name, text)
    except Failed as failure:
        return failure.outcome
    except (requests.RequestException, ValueError) as error:
        return Outcome("later", without(secret, f"{type(error).__name__}: {error}"))


def without(secret, text):
    """A text that does not tell the secret, nor the parts of an address that is one: libraries name host and path apart."""
    address = urlsplit(secret)
    for part in (secret, address.path, address.query):
        text = text.replace(part, "***") if len(part) > 1 else text
    return text


def checked(response):
    """The response. Raises Failed for one that says no: for good, or for now when the service is busy or down."""
    if response.status_code >= 400:
        later = response.status_code == 429 or response.status_code >= 500
        raise Failed(Outcome("later" if later else "refused", f"HTTP {response.status_code}"))
    return response


def to_slack(token, user, project_name, text):
    """A direct message by the studio's Slack application."""
    body = {"channel": f"@{user}", "as_user": True, "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]}
    answer = checked(requests.post(SLACK, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT_S)).json()
    return Outcome("sent") if answer.get("ok") else Outcome("refused", f"Slack: {answer.get('error')}")


def to_mattermost(hook, user, project_name, text):
    """A direct message by the studio's incoming web hook."""
    body = {"text": text, "channel": f"@{user}", "username": f"Kitsu - {project_name}", "icon_url": f"{site()}{LOGO}"}
    checked(requests.post(hook, json=body, timeout=TIMEOUT_S))
    return Outcome("sent")


def to_discord(token, user, project_name, text):
    """A direct message by the studio's bot, to the member of one of its servers who bears that name."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bot {token}"
        member = member_named(session, user)
        if member is None:
            return Outcome("refused", "No member of the bot's servers bears that name.")
        call(session, "post", "/users/@me/channels", {"recipient_id": member}, then=text)
    return Outcome("sent")


def call(session, verb, path, body=None, then=None):
    """The JSON of an answer of Discord. `then`: a text to post into the channel that it describes."""
    answer = checked(session.request(verb, f"{DISCORD}{path}", json=body, timeout=TIMEOUT_S)).json()
    if then is not None:
        call(session, "post", f"/channels/{answer['id']}/messages", {"embeds": [{"description": then}]})
    return answer


def member_named(session, user):
    """The id of the member of the bot's servers with this name, new style or `name#1234`; None without one."""
    for guild in call(session, "get", "/users/@me/guilds"):
        after = "0"
        while after is not None:
            page = call(session, "get", f"/guilds/{guild['id']}/members?limit={MEMBERS}&after={after}")
            for member in (item["user"] for item in page):
                if user in (member["username"], f"{member['username']}#{member.get('discriminator')}"):
                    return member["id"]
            after = page[-1]["user"]["id"] if len(page) == MEMBERS else None
    return None


SENDERS = {"slack": to_slack, "mattermost": to_mattermost, "discord": to_discord}
