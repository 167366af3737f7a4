"""What POST /prompt checks, word for word as the real server answers (data/comfy/prompt_validation_errors.json)."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.comfy.schemas import MEDIA_INPUTS

Graph = dict[str, Any]
Reason = dict[str, Any]

_LONG_LIST = 20


class Refused(Exception):  # noqa: N818 - an answer, no fault
    """A whole prompt is refused with 400."""

    def __init__(self, error: dict[str, Any], node_errors: dict[str, Any]) -> None:
        super().__init__(json.dumps(error))
        self.body = {"error": error, "node_errors": node_errors}


def error(kind: str, message: str, details: str = "", **extra: Any) -> dict[str, Any]:
    return {"type": kind, "message": message, "details": details, "extra_info": extra}


def check(graph: Graph, schemas: Mapping[str, Any], has_file: Callable[[str], bool]) -> tuple[list[str], Graph]:
    """Return the outputs that can run and the errors of the others; raise `Refused` where none can."""
    outputs = [number for number, node in graph.items() if _known(number, node, schemas)["output_node"]]
    if not outputs:
        raise Refused(error("prompt_no_outputs", "Prompt has no outputs"), {})
    good, told, node_errors = [], [], {}
    for output in outputs:
        look = _Look(graph, schemas, has_file)
        try:
            look.at(output, [])
        except (KeyError, IndexError) as why:
            look.found.setdefault(output, []).append(error("exception_during_validation", "Exception", str(why)))
        if not look.found:
            good.append(output)
            continue
        told += [f"{reason['message']}: {reason['details']}" for reason in look.found.get(output, [])]
        for number, reasons in look.found.items():
            entry = node_errors.setdefault(
                number, {"errors": reasons, "dependent_outputs": [], "class_type": graph[number]["class_type"]}
            )
            entry["dependent_outputs"].append(output)
    if not good:
        whole = error("prompt_outputs_failed_validation", "Prompt outputs failed validation", "\n".join(told))
        raise Refused(whole, node_errors)
    return good, node_errors


def _known(number: str, node: dict[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a node's class; raise `Refused` where there is none."""
    kind = node.get("class_type")
    title = node.get("_meta", {}).get("title", kind)
    if kind in schemas:
        return schemas[kind]
    words = f"Node '{title}' not found. The custom node may not be installed."
    if kind is None:
        words = f"Node '{title}' has no class_type. The workflow may be corrupted or a custom node is missing."
    extra = {"node_id": number, "class_type": kind, "node_title": title}
    raise Refused(error("missing_node_type", words, f"Node ID '#{number}'", **extra), {})


class _Look:
    """One output seen from below; `found` are the reasons by node."""

    def __init__(self, graph: Graph, schemas: Mapping[str, Any], has_file: Callable[[str], bool]) -> None:
        self.graph, self.schemas, self.has_file = graph, schemas, has_file
        self.found: dict[str, list[Reason]] = {}
        self.seen: set[str] = set()

    def at(self, number: str, path: list[str]) -> None:
        if number in path:
            cycle = [*path[path.index(number) :], number]
            words = " -> ".join(f"{one} ({self.graph[one]['class_type']})" for one in cycle)
            reason = error(
                "dependency_cycle", "Dependency cycle detected", words, node_id=number, cycle_nodes=cycle[:-1]
            )
            self.found.setdefault(number, []).append(reason)
            return
        if number in self.seen:
            return
        self.seen.add(number)
        node = self.graph[number]
        declared = self.schemas[node["class_type"]]["input"]
        for part in ("required", "optional"):
            for name, spec in declared.get(part, {}).items():
                if name in node["inputs"]:
                    self._input(number, name, spec, [*path, number])
                elif part == "required":
                    reason = error("required_input_missing", "Required input is missing", name, input_name=name)
                    self.found.setdefault(number, []).append(reason)

    def _input(self, number: str, name: str, spec: list[Any], path: list[str]) -> None:
        value = self.graph[number]["inputs"][name]
        config = [spec[0], spec[1] if len(spec) > 1 else {}]
        told = {"input_name": name, "input_config": config}
        if not isinstance(value, list):
            self._value(number, name, value, told)
            return
        if len(value) != 2:
            words = "Bad linked input, must be a length-2 list of [node_id, slot_index]"
            self._say(number, error("bad_linked_input", words, name, **told, received_value=value))
            return
        source, slot = value
        try:
            given = self.schemas[self.graph[source]["class_type"]]["output"][slot]
            if given != config[0]:
                details = f"{name}, received_type({given}) mismatch input_type({config[0]})"
                words = "Return type mismatch between linked nodes"
                reason = error("return_type_mismatch", words, details, **told, received_type=given, linked_node=value)
                self._say(number, reason)
                return
            self.at(source, path)
        except (KeyError, IndexError) as why:
            if len(path) == 1:
                raise
            raise _Inner(why) from why
        except _Inner as inner:
            why = inner.why
            words = str(why) if isinstance(why, KeyError) else "tuple index out of range"
            reason = error(
                "exception_during_inner_validation",
                "Exception when validating inner node",
                words,
                **told,
                exception_message=words,
                exception_type=type(why).__name__,
                traceback=[],
                linked_node=value,
            )
            self._say(source, reason)

    def _value(self, number: str, name: str, value: Any, told: dict[str, Any]) -> None:
        kind, limits = told["input_config"]
        told = told | {"received_value": value}
        convert = {"INT": int, "FLOAT": float, "STRING": str}.get(kind) if isinstance(kind, str) else None
        if convert:
            try:
                value = convert(value)
            except ValueError as why:
                words = f"Failed to convert an input value to a {kind} value"
                reason = error(
                    "invalid_input_type", words, f"{name}, {value}, {why}", **told, exception_message=str(why)
                )
                self._say(number, reason)
                return
            if "min" in limits and value < limits["min"]:
                words = f"Value {value} smaller than min of {limits['min']}"
                self._say(number, error("value_smaller_than_min", words, name, **told))
                return
            if "max" in limits and value > limits["max"]:
                words = f"Value {value} bigger than max of {limits['max']}"
                self._say(number, error("value_bigger_than_max", words, name, **told))
                return
        if media := MEDIA_INPUTS.get((self.graph[number]["class_type"], name)):
            if not self.has_file(value):
                details = f"{name} - Invalid {media} file: {value}"
                words = "Custom validation failed for node"
                self._say(number, error("custom_validation_failed", words, details, input_name=name))
            return
        choices = kind if isinstance(kind, list) else limits.get("options") if kind == "COMBO" else None
        if choices is not None and value not in choices:
            long = len(choices) > _LONG_LIST
            shown = f"(list of length {len(choices)})" if long else f"{choices}"
            if long:
                told["input_config"] = None
            details = f"{name}: '{value}' not in {shown}"
            self._say(number, error("value_not_in_list", "Value not in list", details, **told))

    def _say(self, number: str, reason: Reason) -> None:
        self.found.setdefault(number, []).append(reason)


class _Inner(Exception):  # noqa: N818 - it is caught where it is understood
    def __init__(self, why: Exception) -> None:
        super().__init__(str(why))
        self.why = why
