"""The import contract that import-linter does not bring along: which files of a capability others may not open."""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class PrivateFiles(Contract):
    """`files` of each app are imported by that app alone; `shared_among_apps` by other apps too, but by no higher floor."""

    type_name = "private"
    apps = fields.StringField()
    files = fields.ListField(subfield=fields.StringField())
    shared_among_apps = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        found = [
            (importer, imported)
            for app in graph.find_children(str(self.apps))
            for name in (*self.files, *self.shared_among_apps)  # type: ignore[misc]
            for imported in {f"{app}.{name}", *_inside(graph, f"{app}.{name}")} & graph.modules
            for importer in graph.find_modules_that_directly_import(imported)
            if not importer.startswith(f"{app}." if name in self.files else f"{self.apps}.")  # type: ignore[operator]
        ]
        return ContractCheck(kept=not found, metadata={"found": sorted(found)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["found"]:
            output.print_error(f"{importer} imports {imported}; ask its queries or commands instead.")


def _inside(graph: ImportGraph, module: str) -> set[str]:
    return graph.find_descendants(module) if module in graph.modules else set()
