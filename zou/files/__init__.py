"""Files: working and output files, software, and the register of what the storage holds."""

from zou.files.models import FileStatus, OutputFile, OutputType, Software, WorkingFile
from zou.files.resources import software
from zou.files.rules import changes_output
from zou.files.schemas import FileStatusSchema, OutputFileSchema, OutputTypeSchema, SoftwareSchema, WorkingFileSchema
from zou.files.services.rows import OutputFileRows, WorkingFileRows
from zou.people.rules import admin, anyone, in_team, mine_and_open, not_vendor, reads_entity, task_access, task_action_access
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
        visible=admin | in_team,
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
        visible=admin | mine_and_open,
        reads=reads_entity,
        writes=changes_output,
        service=OutputFileRows,
        malformed=404,
        item_relations=False,
    ),
)

domain.route("/data/departments/software-licenses", software.LicensesOfDepartmentsResource)
domain.route("/data/departments/<department_id>/software-licenses", software.DepartmentLicensesResource)
domain.route("/data/departments/<department_id>/software-licenses/<software_id>", software.DepartmentLicenseResource)
domain.route("/data/projects/<project_id>/task-type-softwares", software.ProjectSoftwaresResource)
domain.route("/data/projects/<project_id>/task-types/<task_type_id>/softwares", software.TaskTypeSoftwaresResource)
domain.route("/data/projects/<project_id>/task-types/<task_type_id>/softwares/<software_id>", software.TaskTypeSoftwareResource)
