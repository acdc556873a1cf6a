"""HTTP of how far episodes are. Rules: contract/rules/entities.md §10."""

from zou.people.rules import is_client_of, member
from zou.platform.http import Resource, permission, returns
from zou.productions.models import Project
from zou.productions.queries.lists import role_on
from zou.tasks.answers import EPISODE_STATS, RETAKE_STATS
from zou.tasks.queries import episode_stats
from zou.tasks.rules import reads_episode_stats


class EpisodeStatsResource(Resource):
    """Tasks of episodes by status."""

    @permission(reads_episode_stats, on=Project)
    @returns(EPISODE_STATS)
    def get(self, project):
        """Number of tasks, frames and drawings of each episode, by task type and status; clients where the production lets them."""
        role = role_on(self.tx, self.actor, str(project.id))
        return episode_stats.by_status(self.tx, project.id, self.actor.id if role == "vendor" else None)


class EpisodeRetakeStatsResource(Resource):
    """Tasks of episodes by retake."""

    @permission(member & ~is_client_of, on=Project)
    @returns(RETAKE_STATS)
    def get(self, project):
        """Number of tasks, frames and drawings of each episode that are done, in retake or neither, and how that went take by take."""
        role = role_on(self.tx, self.actor, str(project.id))
        return episode_stats.by_retake(self.tx, project.id, self.actor.id if role == "vendor" else None)
