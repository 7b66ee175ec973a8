"""What needs no helm: that the chart's files fit together and to the rest of the repository."""

import json
import re

import pytest
import yaml

from conftest import CHART, REPOSITORY
from switches import SWITCHES


def leaves(values, path=()):
    """The paths of all values that are no further values."""
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key)


def values():
    return yaml.safe_load((CHART / "values.yaml").read_text())


def documents(path):
    return [each for each in yaml.safe_load_all(path.read_text()) if each]


def test_the_charts_definitions_are_those_that_the_classes_make():
    made = {path.name: path.read_bytes() for path in (REPOSITORY / "crds").glob("*.lilio.io.yaml")}
    copied = {path.name: path.read_bytes() for path in (CHART / "files" / "crds").iterdir()}
    assert made
    assert copied == made, "run scripts/chart-crds"


def test_each_definition_has_one_place_for_the_annotation_that_keeps_it():
    for path in (CHART / "files" / "crds").iterdir():
        assert path.read_text().count("\nmetadata:\n") == 1, path.name


def test_every_value_has_a_test_of_its_switch():
    tested = {path for switch in SWITCHES for path in leaves(switch.values)}
    covered = {path[: i + 1] for path in tested for i in range(len(path))}
    assert set(leaves(values())) - covered == set()


def test_every_value_is_in_the_schema_which_admits_no_other():
    schema = json.loads((CHART / "values.schema.json").read_text())
    for path in leaves(values()):
        part = schema
        for key in path:
            if "properties" not in part:
                break  # what is Kubernetes' own, such as resources.requests
            assert part["additionalProperties"] is False, path
            assert key in part["properties"], path
            part = part["properties"][key]


def test_every_variable_is_a_setting_that_the_operator_reads():
    config = (REPOSITORY / "operator/src/main/java/io/lilio/operator/runtime/OperatorConfig.java").read_text()
    settings = {re.sub("(?<!^)(?=[A-Z])", "_", name).upper() for name in re.findall(r"(\w+)\(\);", config)}
    deployment = (CHART / "templates" / "deployment.yaml").read_text()
    named = re.findall(r"name: LILIO_OPERATOR_(?:LOG_)?(\w+)", deployment)
    assert named and set(named) <= settings


def test_the_operator_may_renew_the_lease_that_it_takes():
    leadership = (REPOSITORY / "operator/src/main/java/io/lilio/operator/runtime/Leadership.java").read_text()
    (lease,) = re.findall(r'LEASE = "(.*)"', leadership)
    assert f"resourceNames: [{lease}]" in (CHART / "templates" / "rbac.yaml").read_text()


def test_no_image_is_the_latest_one():
    for path in [CHART / "Chart.yaml", CHART / "values.yaml", *(CHART / "examples").iterdir()]:
        assert not re.search(r"^[^#]*\blatest\b", path.read_text(), re.MULTILINE), path.name


@pytest.mark.parametrize("name", ["quickstart", "production"])
def test_an_example_is_made_of_fields_that_there_are(name):
    definitions = {
        definition["spec"]["names"]["kind"]: definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
        for path in (CHART / "files" / "crds").iterdir()
        for definition in documents(path)
    }
    objects = documents(CHART / "examples" / f"{name}.yaml")
    assert {"LilioCluster", "LilioBucket"} <= {each["kind"] for each in objects}
    for each in objects:
        if each["kind"] in definitions:
            require_known(each["spec"], definitions[each["kind"]]["properties"]["spec"], each["kind"])


def require_known(value, schema, path):
    if isinstance(value, list):
        for item in value:
            require_known(item, schema["items"], path)
    elif isinstance(value, dict) and "properties" in schema:
        assert set(schema.get("required", [])) <= set(value), path
        for key, part in value.items():
            assert key in schema["properties"], f"{path}.{key}"
            require_known(part, schema["properties"][key], f"{path}.{key}")
    elif "enum" in schema:
        assert value in schema["enum"], path


def test_the_quickstart_answers_at_the_port_that_kind_opens():
    (port,) = [
        mapping["containerPort"]
        for node in documents(REPOSITORY / "kind-config.yaml")[0]["nodes"]
        for mapping in node.get("extraPortMappings", [])
    ]
    (service,) = [each for each in documents(CHART / "examples" / "quickstart.yaml") if each["kind"] == "Service"]
    assert [each["nodePort"] for each in service["spec"]["ports"]] == [port]


def test_kind_has_three_workers_in_three_zones_and_chooses_its_own_image():
    nodes = documents(REPOSITORY / "kind-config.yaml")[0]["nodes"]
    workers = [node for node in nodes if node["role"] == "worker"]
    assert len({node["labels"]["topology.kubernetes.io/zone"] for node in workers}) == len(workers) == 3
    assert [node for node in nodes if "image" in node] == []
