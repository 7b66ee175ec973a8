"""What the chart makes of its values; every test renders it with helm."""

import shutil

import pytest

from conftest import CHART, KNOWN, NAMESPACE, RELEASE, REPOSITORY, Refused
from switches import SPEC, SWITCHES

APPLIED = {
    "configmaps", "services", "serviceaccounts", "statefulsets", "cronjobs", "poddisruptionbudgets", "networkpolicies",
    "servicemonitors", "secrets",
}  # fmt: skip


@pytest.mark.parametrize("switch", SWITCHES, ids=[switch.name for switch in SWITCHES])
def test_switch(chart, switch):
    switch.check(chart.render(switch.values, knows=[KNOWN]))


def test_lint_finds_nothing(chart):
    assert "0 chart(s) failed" in chart.run("lint", "--strict", str(CHART))


def test_all_namespaces_and_the_images_that_make_builds_unless_told_otherwise(chart):
    it = chart.render()
    assert it.container["image"] == "lilio-operator:dev"
    assert "OPERATOR_IMAGE ?= lilio-operator:dev" in (REPOSITORY / "Makefile").read_text()
    assert "LILIO_OPERATOR_NAMESPACES" not in it.variables
    assert it.all("PodDisruptionBudget") == it.all("ServiceMonitor") == it.all("LilioCluster") == []


def test_definitions_come_with_the_release_and_stay_when_it_goes(chart):
    definitions = chart.render().all("CustomResourceDefinition")
    assert {each["metadata"]["name"] for each in definitions} == {"lilioclusters.lilio.io", "liliobuckets.lilio.io"}
    for each in definitions:
        assert each["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"
        assert each["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]


def test_every_pod_meets_the_restricted_pod_security_standard_on_a_read_only_root(chart):
    it = chart.render()
    for spec in (it.pod["spec"], it.one("Pod")["spec"]):
        security = spec["securityContext"]
        assert security["runAsNonRoot"] and security["runAsUser"] > 0
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in spec["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["resources"]["limits"]["memory"]
        assert all("emptyDir" in volume for volume in spec.get("volumes", []))


def test_the_services_pods_are_the_operators_alone(chart):
    it = chart.render()
    selector = it.one("Service")["spec"]["selector"]
    assert selector == it.one("Deployment")["spec"]["selector"]["matchLabels"]
    assert selector.items() <= it.pod["metadata"]["labels"].items()
    assert not selector.items() <= it.one("Pod")["metadata"]["labels"].items()


def test_the_operator_is_told_the_labels_by_which_network_policies_let_it_in(chart):
    it = chart.render(release="other")
    told = dict(each.split("=") for each in it.variables["LILIO_OPERATOR_LABELS"].split(","))
    assert told.items() <= it.pod["metadata"]["labels"].items()


def test_secrets_are_never_listed_or_watched(chart):
    for values in ({}, {"watchNamespaces": ["shop"]}):
        it = chart.render(values)
        verbs = {
            verb
            for role in it.all("ClusterRole") + it.all("Role")
            for rule in role["rules"]
            if "secrets" in rule["resources"]
            for verb in rule["verbs"]
        }
        assert verbs and not verbs & {"list", "watch", "update", "deletecollection", "*"}


def test_no_rule_has_a_wildcard_or_lets_the_operator_grant_rights(chart):
    for role in chart.render().all("ClusterRole"):
        for rule in role["rules"]:
            assert "*" not in rule["apiGroups"] + rule["resources"] + rule["verbs"]
            assert "rbac.authorization.k8s.io" not in rule["apiGroups"]
            assert not {"bind", "escalate", "impersonate"} & set(rule["verbs"])


def test_what_the_operator_applies_it_may_make_and_change(chart):
    it = chart.render()
    role = it.one("ClusterRole", "lilio-operator-lilio-system")
    verbs = {}
    for rule in role["rules"]:
        for resource in rule["resources"]:
            verbs.setdefault(resource, set()).update(rule["verbs"])
    for resource in APPLIED:
        assert {"get", "create", "patch"} <= verbs[resource], resource


def test_rights_in_named_namespaces_are_those_for_all_of_them(chart):
    everywhere = chart.render().one("ClusterRole", "lilio-operator-lilio-system")["rules"]
    for role in chart.render({"watchNamespaces": ["shop", "lab"]}).all("Role"):
        if role["metadata"]["namespace"] != NAMESPACE:
            assert role["rules"] == everywhere


def test_releases_of_one_name_in_two_namespaces_do_not_share_roles(chart):
    elsewhere = chart.template(RELEASE, str(CHART), "--namespace", "elsewhere")
    assert "name: lilio-operator-elsewhere\n" in elsewhere
    assert f"name: lilio-operator-{NAMESPACE}\n" not in elsewhere


def test_a_release_named_by_digits_is_a_string_wherever_it_is_named(chart):
    it = chart.render(release="123")
    assert it.pod["metadata"]["labels"]["app.kubernetes.io/instance"] == "123"
    assert it.one("Service")["spec"]["selector"]["app.kubernetes.io/instance"] == "123"


def test_helm_test_asks_the_service_at_its_port(chart):
    it = chart.render()
    (pod,) = it.all("Pod")
    assert pod["metadata"]["annotations"]["helm.sh/hook"] == "test"
    host, port, *paths = pod["spec"]["containers"][0]["args"]
    service = it.one("Service")
    assert host == f"{service['metadata']['name']}.{NAMESPACE}.svc"
    assert int(port) == service["spec"]["ports"][0]["port"]
    assert it.container["readinessProbe"]["httpGet"]["path"] in paths


def test_a_first_cluster_before_the_definitions_is_refused_with_what_to_do(chart):
    with pytest.raises(Refused, match="helm upgrade --reuse-values --set cluster.create=true"):
        chart.render({"cluster": {"create": True, "spec": SPEC}})


def test_a_first_cluster_where_nobody_looks_is_refused(chart):
    values = {"watchNamespaces": ["shop"], "cluster": {"create": True, "namespace": "lab", "spec": SPEC}}
    with pytest.raises(Refused, match="not among watchNamespaces"):
        chart.render(values, knows=[KNOWN])


@pytest.mark.parametrize(
    "values",
    [
        {"replica": 2},
        {"replicas": 0},
        {"replicas": "two"},
        {"image": {"tag": "latest"}},
        {"image": {"repository": ""}},
        {"image": {"digest": "sha256:short"}},
        {"image": {"pullPolicy": "Sometimes"}},
        {"image": {"pullSecrets": ["registry"]}},
        {"etcd": {"image": "quay.io/coreos/etcd"}},
        {"etcd": {"image": "quay.io/coreos/etcd:latest"}},
        {"watchNamespaces": ["Shop"]},
        {"watchNamespaces": ["shop", "shop"]},
        {"watchNamespaces": "shop"},
        {"logging": {"level": "loud"}},
        {"resync": "often"},
        {"serviceMonitor": {"interval": "often"}},
        {"resources": {"request": {}}},
        {"cluster": {"create": True, "spec": {"version": "1.2.3"}}},
        {"cluster": {"name": "a-name-that-is-longer-than-forty-characters"}},
    ],
    ids=str,
)
def test_bad_values_are_refused(chart, values):
    with pytest.raises(Refused, match="(?i)schema"):
        chart.render(values, knows=[KNOWN])


def notes(chart, tmp_path, values):
    """What helm says after an installation, which it renders only where there is a Kubernetes: here as an object's content."""
    copy = tmp_path / "lilio"
    shutil.copytree(CHART, copy)
    (copy / "templates" / "NOTES.txt").rename(copy / "notes.txt")
    (copy / "templates" / "notes.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: notes}\ndata:\n"
        '  notes: |\n    {{- tpl (.Files.Get "notes.txt") . | nindent 4 }}\n'
    )
    return chart.render(values, knows=[KNOWN], directory=copy).one("ConfigMap")["data"]["notes"]


def test_notes_name_the_next_command(chart, tmp_path):
    said = notes(chart, tmp_path, {})
    assert "kubectl apply -f helm/lilio/examples/quickstart.yaml" in said
    assert "kubectl wait --for=condition=Ready liliocluster/demo" in said


def test_notes_name_a_namespace_that_is_looked_after(chart, tmp_path):
    said = notes(chart, tmp_path, {"watchNamespaces": ["shop", "lab"]})
    assert "kubectl -n shop apply -f helm/lilio/examples/quickstart.yaml" in said


def test_notes_name_the_first_cluster(chart, tmp_path):
    said = notes(chart, tmp_path, {"cluster": {"create": True, "name": "first", "spec": SPEC}})
    assert f"kubectl -n {NAMESPACE} wait --for=condition=Ready liliocluster/first" in said
    assert "quickstart" not in said
