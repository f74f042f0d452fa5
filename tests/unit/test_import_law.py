"""Who may import whom, read from the source: rooms of the project, layers of the core, and no file in a circle."""

import pytest

from tests.unit.sources_read import ROOT, imported, is_ours, modules

# Rooms by path, first match; with what each may import of the project, and of the outside.
LAW = {
    "functions/core": {"functions/core"},
    "functions/usecases": {
        "functions/core",
        "functions/usecases",
        "functions/settings",
        "functions/sources",
        "functions/destinations",
    },
    "functions/sources": {"functions/core", "functions/sources"},
    "functions/destinations": {"functions/core", "functions/destinations"},
    "functions/adapters": {"functions/core", "functions/adapters"},
    "functions/handlers": {
        "functions/core",
        "functions/usecases",
        "functions/handlers",
        "functions/wiring",
        "functions/settings",
        "functions/telemetry",
        # Which of them a deployment has is a setting.
        "functions/destinations",
    },
    "functions/telemetry": set(),
    "functions/entry": set(),
    "functions/startup": {
        "functions/wiring",
        "functions/telemetry",
        "functions/topology",
        "functions/topology_rows",
        "functions/core",
    },
    "functions/wiring": {"functions"},
    # A setting names a time zone, and core alone knows which there are.
    "functions/settings": {
        "functions/settings",
        "functions/topology",
        "functions/topology_rows",
        "functions/core/base",
    },
    "functions/topology": {"functions/topology_grants", "functions/topology_resources", "functions/topology_rows"},
    # A part of the topology, which is read from the topology alone: there is one place that says what is deployed.
    "functions/topology_resources": {"functions/topology_rows"},
    "functions/topology_grants": {"functions/topology_rows"},
    "functions/topology_rows": set(),
    "batch": {"batch", "functions/core"},
    # What the topology says of a host by default is what `segue check` takes for it, and of tables what `segue adopt`
    # compares with. Rows of files are made messages by the same code wherever they are imported.
    "cli": {
        "cli",
        "batch",
        "functions/core",
        "functions/settings",
        "functions/sources/tabular",
        "functions/topology",
        "functions/topology_rows",
    },
    # A destination that does not exist is refused before anything is deployed; outputs say which formats are read.
    "infra": {
        "infra",
        "functions/topology",
        "functions/topology_rows",
        "functions/settings",
        "functions/destinations",
        "functions/core/base/errors",
        "functions/core/base/formats",
    },
    # The machine and the AWS that it runs on know each other; nobody below knows the pages or the demo.
    "local/runtime": {"local/runtime", "local/aws", "functions"},
    "local/aws": {"local/aws", "local/runtime", "functions"},
    "local/http": {"local/http", "local/aws", "local/runtime", "functions", "cli"},
    "local/demo": {"local/demo", "local/http", "local/aws", "local/runtime", "functions"},
}
# The layers of the core, each of which sees itself and those above it in this list. A name without a slash at its end
# stands for the files of that package alone, without the packages inside it.
LAYERS = (
    "functions/core/base/",
    "functions/core/timelines/",
    "functions/core/profiles/",
    "functions/core/segments",
    "functions/core/segments/language/",
    "functions/core/segments/parts/",
    "functions/core/segments/engine/",
    "functions/core/scores/",
    "functions/core/segments/operators/",
    "functions/core/deliveries/",
    "functions/core/jobs/",
    "functions/core/flows/",
    "functions/core/messages/",
    "functions/core/mappings/",
    "functions/core/definitions/",
    "functions/core/answers/",
    "functions/core/ports/",
    "functions/core",
)


@pytest.mark.parametrize("room", LAW)
def test_a_package_imports_only_the_packages_it_may(room):
    for path in modules(room):
        for name in filter(is_ours, imported(path)):
            target = name.replace(".", "/")
            assert any(f"{target}/".startswith(f"{allowed}/") for allowed in LAW[room]), f"{path} imports {name}"


def layer(module: str) -> int:
    """The place of a module's layer."""
    path = module.replace(".", "/")
    package = path if (ROOT / path).is_dir() else path.rpartition("/")[0]
    return next(
        place
        for place, each in enumerate(LAYERS)
        if each == package or (each.endswith("/") and f"{package}/".startswith(each))
    )


def every_import() -> dict[str, set[str]]:
    """Which modules each module imports, at its top or inside a function; a package is its ``__init__``."""
    files = [path for room in ("functions", "batch", "cli", "infra", "local", "bench") for path in modules(room)]
    names = {
        ".".join((path.parent if path.stem == "__init__" else path.with_suffix("")).relative_to(ROOT).parts): path
        for path in files
    }
    found = {}
    for module, path in names.items():
        targets = {name if name in names else name.rpartition(".")[0] for name in imported(path)}
        found[module] = (targets & names.keys()) - {module}
    return found


def test_a_layer_of_the_core_sees_only_itself_and_the_layers_above_it():
    for module, targets in every_import().items():
        for target in targets:
            if module.startswith("functions.core.") and target.startswith("functions.core."):
                assert layer(target) <= layer(module), f"{module} imports {target}"


def test_no_file_imports_itself_by_way_of_others():
    left = every_import()
    while free := {module for module, targets in left.items() if not targets & left.keys()}:
        left = {module: targets for module, targets in left.items() if module not in free}
    assert left == {}, "every one of these imports another one of them"
