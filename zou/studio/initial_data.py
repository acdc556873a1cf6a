"""The rows a new installation starts with. Source: contract/rules/cli.md, `init-data`, and contract/initial_data.json."""

from sqlalchemy import select

from zou.entities.models import EntityType
from zou.people.models import Department
from zou.platform.errors import Invalid
from zou.productions.models import ProjectStatus
from zou.tasks.models import TaskStatus, TaskType

PROJECT_STATUSES = ["Open", "Closed"]
SHOT_TYPES = ["Shot", "Scene", "Sequence", "Episode"]
EDIT_TYPES = ["Edit", "Concept", "ConceptFolder"]
ASSET_TYPES = {
    "2d": ["Character", "Prop", "Background", "FX"],
    "3d": ["Character", "Prop", "Environment", "FX"],
    "vfx": ["Character", "Prop", "Environment", "FX", "Vehicle"],
    "games": ["Character", "Prop", "Environment", "FX", "UI"],
}

# short name: name, colour, the flags that are set.
TASK_STATUSES = {
    "todo": ("Todo", "#f5f5f5", {"is_default"}),
    "wip": ("Work In Progress", "#3273dc", {"is_wip"}),
    "wfa": ("Waiting For Approval", "#ab26ff", {"is_feedback_request"}),
    "retake": ("Retake", "#ff3860", {"is_retake"}),
    "done": ("Done", "#22d160", {"is_done"}),
    "ready": ("Ready To Start", "#fbc02d", set()),
    "neutral": ("Neutral", "#CCCCCC", {"is_default", "for_concept"}),
    "approved": ("Approved", "#66BB6A", {"for_concept"}),
    "rejected": ("Rejected", "#E81123", {"for_concept"}),
}

DEPARTMENTS_2D = {"Concept": "#8D6E63", "Layout": "#7CB342", "Animation": "#009688", "Compositing": "#F06292"}
DEPARTMENTS_3D = {
    "Modeling": "#78909C",
    "Animation": "#009688",
    "FX": "#26C6DA",
    "Compositing": "#F06292",
    "Concept": "#8D6E63",
    "Layout": "#7CB342",
}
DEPARTMENTS_GAMES = {
    "Game Design": "#7B1FA2",
    "Level Design": "#00897B",
    "Character Art": "#78909C",
    "Environment Art": "#43A047",
    "Animation": "#009688",
    "VFX": "#26C6DA",
    "QA": "#E53935",
}
DEPARTMENTS = {
    "2d": DEPARTMENTS_2D,
    "3d": DEPARTMENTS_3D,
    "vfx": DEPARTMENTS_3D | {"Matchmove": "#5C6BC0", "DMP": "#8D6E63"},
    "games": DEPARTMENTS_GAMES,
}

# By kind of studio, then by kind of entity: (name, department, colour, priority).
# A task type of concepts belongs to no department (initial_data.json).
CONCEPT = [("Concept", None, "#8D6E63", 1)]
ASSET_STEPS_3D = [
    ("Concept", "Concept", "#8D6E63", 1),
    ("Modeling", "Modeling", "#78909C", 2),
    ("Shading", "Modeling", "#64B5F6", 3),
    ("Rigging", "Animation", "#9CCC65", 4),
]
SHOT_STEPS_3D = [
    ("Storyboard", "Concept", "#43A047", 1),
    ("Layout", "Layout", "#7CB342", 2),
    ("Animation", "Animation", "#009688", 3),
    ("Lighting", "Compositing", "#F9A825", 4),
    ("FX", "FX", "#26C6DA", 5),
    ("Rendering", "Compositing", "#F06292", 6),
    ("Compositing", "Compositing", "#ff5252", 7),
]
TASK_TYPES = {
    "2d": {
        "Concept": CONCEPT,
        "Asset": [("Concept", "Concept", "#8D6E63", 1)],
        "Shot": [
            ("Storyboard", "Concept", "#43A047", 1),
            ("Layout", "Layout", "#7CB342", 2),
            ("Animation", "Animation", "#009688", 3),
            ("Clean-up", "Animation", "#4DB6AC", 4),
            ("Color", "Compositing", "#F9A825", 5),
            ("Compositing", "Compositing", "#ff5252", 6),
        ],
        "Edit": [("Edit", "Compositing", "#9b298c", 7)],
    },
    "3d": {
        "Concept": CONCEPT,
        "Asset": ASSET_STEPS_3D,
        "Shot": SHOT_STEPS_3D,
        "Edit": [("Edit", "Compositing", "#9b298c", 8)],
    },
    "vfx": {
        "Concept": CONCEPT,
        "Asset": ASSET_STEPS_3D,
        "Shot": [
            ("Matchmove", "Matchmove", "#5C6BC0", 1),
            ("Rotomation", "Matchmove", "#7986CB", 2),
            *SHOT_STEPS_3D,
            ("DMP", "DMP", "#A1887F", 8),
        ],
        "Edit": [("Edit", "Compositing", "#9b298c", 9)],
    },
    "games": {
        "Concept": CONCEPT,
        "Asset": [
            ("Game Design", "Game Design", "#7B1FA2", 1),
            ("Level Design", "Level Design", "#00897B", 2),
            ("Character Art", "Character Art", "#78909C", 3),
            ("Environment Art", "Environment Art", "#43A047", 4),
            ("Animation", "Animation", "#009688", 5),
            ("VFX", "VFX", "#26C6DA", 6),
        ],
        "Shot": [("QA", "QA", "#E53935", 1)],
    },
}


def init_data(tx, domain="3d"):
    """Make the rows a new installation needs, those that are missing. Returns the lines to print.

    `domain`: 2d, 3d, vfx or games, in any case. Raises Invalid for another. Running it again changes nothing.
    """
    domain = domain.lower()
    if domain not in TASK_TYPES:
        raise Invalid(f"Unknown domain {domain}: give one of {', '.join(TASK_TYPES)}.", field="domain")
    for name in PROJECT_STATUSES:
        get_or_create(tx, ProjectStatus, {"name": name}, color="#000000")
    for name in SHOT_TYPES + EDIT_TYPES + ASSET_TYPES[domain]:
        get_or_create(tx, EntityType, {"name": name})
    make_task_types(tx, domain)
    for short_name, (name, color, flags) in TASK_STATUSES.items():
        get_or_create(tx, TaskStatus, {"short_name": short_name}, name=name, color=color, **dict.fromkeys(flags, True))
    return [
        "Project status initialized.",
        f"Asset types initialized (domain: {domain}).",
        "Shot types initialized.",
        "Edit type initialized.",
        "Task types initialized.",
        "Task status initialized.",
    ]


def make_task_types(tx, domain):
    """Make the departments and task types of a kind of studio."""
    departments = {None: None}
    for name, color in DEPARTMENTS[domain].items():
        departments[name] = get_or_create(tx, Department, {"name": name}, color=color).id
    for for_entity, steps in TASK_TYPES[domain].items():
        for name, department, color, priority in steps:
            get_or_create(
                tx,
                TaskType,
                {"name": name, "for_entity": for_entity},
                short_name="",
                color=color,
                priority=priority,
                department_id=departments[department],
            )


def get_or_create(tx, model, key, **values):
    """The row with the columns of `key`, made with `values` when there is none."""
    row = tx.scalars(select(model).filter_by(**key).limit(1)).first()
    if row is None:
        row = model(**key, **values)
        tx.add(row)
        tx.flush()
    return row
