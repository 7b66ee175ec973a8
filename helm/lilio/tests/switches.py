"""Every value of the chart, with what has to come of it."""

from typing import Callable, NamedTuple

SPEC = {
    "version": "1.2.3",
    "image": {"repository": "registry.example.com/lilio"},
    "storage": {"size": "100Gi"},
    "metadata": {"managed": {}},
}


class Switch(NamedTuple):
    """
    :param name: what is tested
    :param values: what is set
    :param check: given what is rendered with them; asserts
    """

    name: str
    values: dict
    check: Callable


SWITCHES = []


def switch(values):
    def register(check):
        SWITCHES.append(Switch(check.__name__, values, check))
        return check

    return register


@switch({"image": {"repository": "registry.example.com/op", "tag": "1.2.3", "pullPolicy": "Always"}})
def the_image_is_named_by_repository_and_tag(it):
    assert it.container["image"] == "registry.example.com/op:1.2.3"
    assert it.container["imagePullPolicy"] == "Always"
    assert it.one("Pod")["spec"]["containers"][0]["image"] == "registry.example.com/op:1.2.3"


@switch({"image": {"tag": "1.2.3", "digest": "sha256:" + "0a" * 32}})
def a_digest_outranks_the_tag(it):
    assert it.container["image"] == "lilio-operator@sha256:" + "0a" * 32


@switch({"image": {"pullSecrets": [{"name": "registry"}]}})
def the_registry_is_opened_for_all_pods(it):
    assert it.pod["spec"]["imagePullSecrets"] == [{"name": "registry"}]
    assert it.one("Pod")["spec"]["imagePullSecrets"] == [{"name": "registry"}]


@switch({"replicas": 2})
def two_replicas_have_a_budget(it):
    assert it.one("Deployment")["spec"]["replicas"] == 2
    budget = it.one("PodDisruptionBudget")["spec"]
    assert budget["maxUnavailable"] == 1
    assert budget["selector"]["matchLabels"].items() <= it.pod["metadata"]["labels"].items()


@switch({"replicas": 2, "podDisruptionBudget": {"enabled": False}})
def the_budget_can_be_left_out(it):
    assert it.all("PodDisruptionBudget") == []


@switch({"watchNamespaces": ["shop", "lab"]})
def named_namespaces_are_all_that_it_has_rights_in(it):
    assert it.variables["LILIO_OPERATOR_NAMESPACES"] == "shop,lab"
    granted = {each["metadata"]["namespace"] for each in it.all("Role")}
    assert granted == {"shop", "lab", "lilio-system"}
    (own,) = [each for each in it.all("Role") if each["metadata"]["namespace"] == "lilio-system"]
    assert {resource for rule in own["rules"] for resource in rule["resources"]} == {"leases"}
    bound = {each["roleRef"]["name"] for each in it.all("ClusterRoleBinding")}
    assert bound == {"lilio-operator-lilio-system-nodes"}
    for binding in it.all("RoleBinding"):
        assert binding["subjects"] == [
            {"kind": "ServiceAccount", "name": "lilio-operator", "namespace": "lilio-system"}
        ]


@switch({"watchNamespaces": ["shop"], "topology": {"readNodes": False}, "rbac": {"aggregate": False}, "crds": {"install": False}})
def a_namespaces_administrator_can_install_it(it):
    assert it.all("ClusterRole") == it.all("ClusterRoleBinding") == it.all("CustomResourceDefinition") == []


@switch({"topology": {"readNodes": False}})
def nodes_are_not_read(it):
    assert "nodes" not in {
        resource for role in it.all("ClusterRole") for rule in role["rules"] for resource in rule["resources"]
    }


@switch({"resync": "90s"})
def resources_are_looked_at_as_often_as_asked(it):
    assert it.variables["LILIO_OPERATOR_RESYNC"] == "90s"


@switch({"etcd": {"image": "registry.example.com/etcd:v3.6.1"}})
def etcd_has_an_image(it):
    assert it.variables["LILIO_OPERATOR_ETCD_IMAGE"] == "registry.example.com/etcd:v3.6.1"


@switch({"crds": {"install": False}})
def the_definitions_can_be_somebody_elses(it):
    assert it.all("CustomResourceDefinition") == []


@switch({"rbac": {"create": False, "aggregate": False}})
def rights_can_be_somebody_elses(it):
    assert [each for each in it.objects if each["apiVersion"].startswith("rbac.")] == []


@switch({"rbac": {"aggregate": True}})
def users_roles_extend_to_the_resources(it):
    labels = {label for role in it.all("ClusterRole") for label in role["metadata"]["labels"]}
    assert {f"rbac.authorization.k8s.io/aggregate-to-{role}" for role in ("view", "edit", "admin")} <= labels


@switch({"serviceAccount": {"name": "keeper", "annotations": {"example.com/role": "x"}}})
def the_service_account_has_a_name(it):
    account = it.one("ServiceAccount")
    assert account["metadata"]["name"] == it.pod["spec"]["serviceAccountName"] == "keeper"
    assert account["metadata"]["annotations"] == {"example.com/role": "x"}
    assert {s["name"] for each in it.all("ClusterRoleBinding") for s in each["subjects"]} == {"keeper"}


@switch({"serviceAccount": {"create": False}})
def the_service_account_can_be_somebody_elses(it):
    assert it.all("ServiceAccount") == []
    assert it.pod["spec"]["serviceAccountName"] == "default"


@switch({"service": {"annotations": {"example.com/scrape": "yes"}}})
def the_service_has_annotations(it):
    assert it.one("Service")["metadata"]["annotations"] == {"example.com/scrape": "yes"}


@switch({"serviceMonitor": {"enabled": True, "interval": "10s", "labels": {"release": "prometheus"}}})
def prometheus_finds_the_metrics(it):
    monitor = it.one("ServiceMonitor")
    service = it.one("Service")
    assert monitor["metadata"]["labels"]["release"] == "prometheus"
    assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    (endpoint,) = monitor["spec"]["endpoints"]
    assert endpoint["interval"] == "10s"
    assert endpoint["port"] in [port["name"] for port in service["spec"]["ports"]]


@switch({"logging": {"level": "DEBUG", "json": False}})
def it_logs_as_asked(it):
    assert it.variables["LILIO_OPERATOR_LOG_LEVEL"] == "DEBUG"
    assert it.variables["LILIO_OPERATOR_LOG_JSON"] == "false"


@switch({"javaOptions": "-Xss1m"})
def the_jvm_takes_options(it):
    assert it.variables["LILIO_JAVA_OPTS"] == "-Xss1m"


@switch({"resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "2Gi"}}})
def resources_are_as_asked(it):
    assert it.container["resources"] == {
        "requests": {"cpu": "1", "memory": "1Gi"},
        "limits": {"memory": "2Gi"},
    }


@switch({"podLabels": {"team": "storage", "app.kubernetes.io/name": "stolen"}, "podAnnotations": {"example.com/a": "b"}})
def pods_are_marked_and_still_found(it):
    labels = it.pod["metadata"]["labels"]
    assert labels["team"] == "storage"
    assert it.pod["metadata"]["annotations"]["example.com/a"] == "b"
    assert it.one("Service")["spec"]["selector"].items() <= labels.items()


@switch(
    {
        "nodeSelector": {"disk": "nvme"},
        "tolerations": [{"operator": "Exists"}],
        "affinity": {"podAntiAffinity": {}},
        "topologySpreadConstraints": [
            {"maxSkew": 2, "topologyKey": "rack", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {}}
        ],
        "priorityClassName": "system-cluster-critical",
    }
)
def pods_run_where_asked(it):
    spec = it.pod["spec"]
    assert spec["nodeSelector"] == {"disk": "nvme"}
    assert spec["tolerations"] == [{"operator": "Exists"}]
    assert spec["affinity"] == {"podAntiAffinity": {}}
    assert [each["topologyKey"] for each in spec["topologySpreadConstraints"]] == ["rack"]
    assert spec["priorityClassName"] == "system-cluster-critical"


@switch({"fullnameOverride": "keeper"})
def objects_can_be_called_otherwise(it):
    assert it.one("Deployment")["metadata"]["name"] == it.one("Service")["metadata"]["name"] == "keeper"
    assert it.one("Role")["metadata"]["name"] == it.one("RoleBinding")["roleRef"]["name"] == "keeper-leader"


@switch({"cluster": {"create": True, "name": "first", "namespace": "shop", "spec": SPEC}})
def a_first_cluster_comes_and_stays(it):
    cluster = it.one("LilioCluster")
    assert (cluster["metadata"]["name"], cluster["metadata"]["namespace"]) == ("first", "shop")
    assert cluster["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}
    assert cluster["spec"] == SPEC
