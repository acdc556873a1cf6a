"""`zou`, or `python -m zou`: the command line, with the place of every command."""

from zou.platform.cli import LazyGroup

COMMANDS = {
    "version": "zou.platform.cli.terminal:version",
    "shell-completion": "zou.platform.cli.terminal:shell_completion",
    "clear-memory-cache": "zou.platform.cli.terminal:clear_memory_cache",
    "init-db": "zou.platform.cli.schema:init_db",
    "is-db-ready": "zou.platform.cli.schema:is_db_ready",
    "upgrade-db": "zou.platform.cli.schema:upgrade_db",
    "downgrade-db": "zou.platform.cli.schema:downgrade_db",
    "migrate-db": "zou.platform.cli.schema:migrate_db",
    "stamp-db": "zou.platform.cli.schema:stamp_db",
    "reset-migrations": "zou.platform.cli.schema:reset_migrations",
    "clear-db": "zou.platform.cli.schema:clear_db",
    "reset-db": "zou.platform.cli.schema:reset_db",
    "create-admin": "zou.people.commands:create_admin",
    "change-password": "zou.auth.commands:change_password",
    "set-person-as-active": "zou.people.commands:set_person_as_active",
    "disable-two-factor-authentication": "zou.people.commands:disable_two_factor_authentication",
    "clean-auth-tokens": "zou.auth.commands:clean_auth_tokens",
    "clear-all-auth-tokens": "zou.auth.commands:clear_all_auth_tokens",
    "create-bot": "zou.auth.commands:create_bot",
    "sync-with-ldap-server": "zou.auth.commands:sync_with_ldap_server",
    "reset-search-index": "zou.search.commands:reset_search_index",
    "search-asset": "zou.search.commands:search_asset",
    "init-data": "zou.studio.commands:init_data",
    "sync-full": "zou.exchange.sync_commands:sync_full",
    "sync-last-events": "zou.exchange.sync_commands:sync_last_events",
    "sync-changes": "zou.exchange.sync_commands:sync_changes",
    "sync-full-files": "zou.exchange.sync_commands:sync_full_files",
    "sync-last-files": "zou.exchange.sync_commands:sync_last_files",
    "sync-file-changes": "zou.exchange.sync_commands:sync_file_changes",
    "sync-push": "zou.exchange.sync_commands:sync_push",
    "sync-verify": "zou.exchange.sync_commands:sync_verify",
    "sync-push-verify": "zou.exchange.sync_commands:sync_push_verify",
    "dump-database": "zou.exchange.backup_commands:dump_database",
    "backup": "zou.exchange.backup_commands:write_backup",
    "restore": "zou.exchange.backup_commands:restore",
    "upload-files-to-cloud-storage": "zou.exchange.backup_commands:upload_files_to_cloud_storage",
    "download-storage-files": "zou.exchange.backup_commands:download_storage_files",
    "adopt": "zou.exchange.backup_commands:adopt",
    "install-plugin": "zou.studio.plugin_commands:install_plugin",
    "uninstall-plugin": "zou.studio.plugin_commands:uninstall_plugin",
    "list-plugins": "zou.studio.plugin_commands:list_plugins",
    "create-plugin-skeleton": "zou.studio.plugin_commands:create_plugin_skeleton",
    "create-plugin-package": "zou.studio.plugin_commands:create_plugin_package",
    "migrate-plugin-db": "zou.studio.plugin_commands:migrate_plugin_db",
    "doctor": "zou.studio.commands:doctor",
    "run": "zou.studio.run:run",
    "web": "zou.studio.commands:web",
    "worker": "zou.studio.commands:worker",
    "clean-tasks-data": "zou.tasks.commands:clean_tasks_data",
    "reset-breakdown-data": "zou.entities.commands:reset_breakdown_data",
    "renormalize-movie-preview-files": "zou.previews.commands:renormalize_movie_preview_files",
    "probe-preview-files": "zou.previews.commands:probe_preview_files",
    "normalize-annotation-times": "zou.previews.commands:normalize_annotation_times",
    "reset-movie-files-metadata": "zou.previews.commands:reset_movie_files_metadata",
    "reset-picture-files-metadata": "zou.previews.commands:reset_picture_files_metadata",
    "generate-preview-extra": "zou.previews.commands:generate_preview_extra",
    "find-orphans": "zou.studio.maintenance:find_orphans",
    "remove-old-data": "zou.studio.maintenance:remove_old_data",
    "reload-config": "zou.studio.maintenance:reload_config",
    "get-current-config": "zou.studio.maintenance:get_current_config",
    "deliveries": "zou.inbox.commands:list_deliveries",
}
# Commands that are there only where a setting has a value.
ONLY_WITH = {"get-current-config": "ADMIN_TOKEN"}


def create_app(settings):
    """The application, imported when a command asks for it."""
    from zou.app import create_app

    return create_app(settings)


main = LazyGroup(COMMANDS, create_app, only_with=ONLY_WITH, name="zou", help="A production tracker for animation, VFX and game studios.")

if __name__ == "__main__":
    main(prog_name="zou")
