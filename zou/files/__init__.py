"""Files: working and output files, software, and the register of what the storage holds."""

from zou.files.models import FileStatus, OutputFile, OutputType, Software, WorkingFile
from zou.files.resources import outputs, software, working
from zou.files.rules import changes_output
from zou.files.schemas import FileStatusSchema, OutputFileSchema, OutputTypeSchema, SoftwareSchema, WorkingFileSchema
from zou.files.services.rows import OutputFileRows, WorkingFileRows
from zou.people.rules import admin, anyone, finds_entity, not_vendor, reads_entity, task_access, task_action_access
from zou.platform.http import Crud, Domain

domain = Domain("files")
domain.crud(
    Crud(FileStatus, FileStatusSchema, "file-status", lists=anyone, reads=anyone),
    Crud(OutputType, OutputTypeSchema, "output-types", lists=anyone, reads=anyone, malformed=404, item_relations=False),
    Crud(Software, SoftwareSchema, "softwares", lists=anyone, reads=anyone, malformed=404, item_relations=False),
    Crud(
        WorkingFile,
        WorkingFileSchema,
        "working-files",
        lists=not_vendor,
        visible=task_access,
        reads=task_access,
        writes=task_action_access,
        service=WorkingFileRows,
        malformed=404,
        item_relations=True,
    ),
    Crud(
        OutputFile,
        OutputFileSchema,
        "output-files",
        lists=not_vendor,
        visible=admin | finds_entity,
        reads=reads_entity,
        writes=changes_output,
        service=OutputFileRows,
        malformed=404,
        item_relations=False,
    ),
)
domain.route("/data/tasks/<task_id>/working-file-path", working.WorkingFilePathResource)
domain.route("/data/tasks/<task_id>/working-files", working.TaskWorkingFilesResource)
domain.route("/data/tasks/<task_id>/working-files/new", working.NewWorkingFileResource)
domain.route("/data/tasks/<task_id>/working-files/last-revisions", working.TaskLastWorkingFilesResource)
domain.route("/data/entities/<entity_id>/working-files", working.EntityWorkingFilesResource)
domain.route("/actions/working-files/<working_file_id>/comment", working.WorkingFileCommentResource)
domain.route("/actions/working-files/<working_file_id>/modified", working.WorkingFileModifiedResource)
domain.route("/data/working-files/<working_file_id>/file", working.WorkingFileSceneResource)
domain.route("/data/files/<file_id>", working.FileResource)
domain.route("/data/projects/<project_id>/output-files", outputs.ProjectOutputFilesResource)
domain.route("/data/entities/<entity_id>/output-file-path", outputs.EntityOutputPathResource)
domain.route("/data/entities/<entity_id>/output-files", outputs.EntityOutputFilesResource)
domain.route("/data/entities/<entity_id>/output-files/new", outputs.EntityNewOutputResource)
domain.route("/data/entities/<entity_id>/output-files/next-revision", outputs.EntityNextRevisionResource)
domain.route("/data/entities/<entity_id>/output-files/last-revisions", outputs.EntityLastOutputsResource)
domain.route("/data/entities/<entity_id>/output-types", outputs.EntityOutputTypesResource)
domain.route("/data/entities/<entity_id>/output-types/<output_type_id>/output-files", outputs.EntityTypeOutputsResource)
domain.route("/data/entities/guess-from-path", outputs.GuessFromPathResource)
domain.route("/data/entities/guess_from_path", outputs.GuessFromPathResource)
domain.route("/data/asset-instances/<asset_instance_id>/output-files", outputs.InstanceOutputFilesResource)
instance = "/data/asset-instances/<asset_instance_id>/entities/<temporal_entity_id>"
domain.route(f"{instance}/output-file-path", outputs.InstanceOutputPathResource)
domain.route(f"{instance}/output-files/new", outputs.InstanceNewOutputResource)
domain.route(f"{instance}/output-files/next-revision", outputs.InstanceNextRevisionResource)
domain.route(f"{instance}/output-files/last-revisions", outputs.InstanceLastOutputsResource)
domain.route(f"{instance}/output-types", outputs.InstanceOutputTypesResource)
domain.route(f"{instance}/output-types/<output_type_id>/output-files", outputs.InstanceTypeOutputsResource)

domain.route("/data/departments/software-licenses", software.LicensesOfDepartmentsResource)
domain.route("/data/departments/<department_id>/software-licenses", software.DepartmentLicensesResource)
domain.route("/data/departments/<department_id>/software-licenses/<software_id>", software.DepartmentLicenseResource)
domain.route("/data/projects/<project_id>/task-type-softwares", software.ProjectSoftwaresResource)
domain.route("/data/projects/<project_id>/task-types/<task_type_id>/softwares", software.TaskTypeSoftwaresResource)
domain.route("/data/projects/<project_id>/task-types/<task_type_id>/softwares/<software_id>", software.TaskTypeSoftwareResource)
