"""Renders the chart as `helm template` does."""

import os
import pathlib
import shutil
import subprocess

import pytest
import yaml

CHART = pathlib.Path(__file__).resolve().parents[1]
REPOSITORY = CHART.parents[1]
RELEASE = "lilio"
NAMESPACE = "lilio-system"
# The oldest that the chart takes; a helm that was built from its sources takes itself for one of 1.20.
KUBERNETES = "1.29.0"
KNOWN = "lilio.io/v1alpha1/LilioCluster"
# The definitions are long: the parser in C takes a tenth of the time.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Refused(Exception):
    """helm refused the values, with these words."""


class Rendered:
    """What a chart comes to: all objects that it makes."""

    def __init__(self, text):
        self.objects = [each for each in yaml.load_all(text, Loader=LOADER) if each]

    def all(self, kind):
        return [each for each in self.objects if each["kind"] == kind]

    def one(self, kind, name=None):
        found = [each for each in self.all(kind) if name in (None, each["metadata"]["name"])]
        assert len(found) == 1, f"{len(found)} objects of kind {kind}, name {name}"
        return found[0]

    @property
    def pod(self):
        """The operator's pod template."""
        return self.one("Deployment")["spec"]["template"]

    @property
    def container(self):
        containers = self.pod["spec"]["containers"]
        assert len(containers) == 1
        return containers[0]

    @property
    def variables(self):
        return {each["name"]: each.get("value") for each in self.container["env"]}


class Chart:
    def __init__(self, helm):
        self.helm = helm

    def run(self, *arguments, values=None):
        command = [self.helm, *arguments]
        given = None
        if values is not None:
            command += ["--values", "-"]
            given = yaml.safe_dump(values)
        done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise Refused(done.stderr)
        return done.stdout

    def render(self, values=None, release=RELEASE, knows=(), directory=CHART):
        """:param knows: kinds that Kubernetes has besides its own"""
        apis = [argument for kind in knows for argument in ("--api-versions", kind)]
        return Rendered(self.template(release, str(directory), "--namespace", NAMESPACE, *apis, values=values or {}))

    def template(self, *arguments, values=None):
        return self.run("template", "--kube-version", KUBERNETES, *arguments, values=values)


@pytest.fixture(scope="session")
def chart():
    helm = shutil.which("helm")
    if helm is None:
        if os.environ.get("CI"):
            pytest.fail("helm is not on the PATH, and CI has to render the chart")
        pytest.skip("helm is not on the PATH: the chart is not rendered")
    return Chart(helm)
