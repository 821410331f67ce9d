"""Breaks one thing at a time, in memory, and sees that the right rule complains in the right words.

A rule that can no longer fail is found here, and so is one that nothing here breaks.
"""

import copy
import sys

import rules
from rules import ROOT, find, load, pod_of

BROKEN = []


def broken(rule, says):
    """The function breaks a world; then this rule must complain in these words."""
    return lambda breaks: BROKEN.append((rule, says, breaks)) or breaks


def workload(world, kind="Deployment", name="orders", build="kind"):
    return find(world.builds[build], kind, name)


def pod(world, **which):
    return pod_of(workload(world, **which))


def container(world, **which):
    return pod(world, **which)["containers"][0]


def variable(world, wanted, **which):
    return next(v for v in container(world, **which)["env"] if v["name"] == wanted)


def certificate(world, wanted):
    return find(world.builds["cert-manager"], "Certificate", wanted)["spec"]


def text(rule, says, attribute, old, new):
    """Breaks a text by a replacement."""

    def breaks(world):
        before = getattr(world, attribute)
        assert old in before, f"{attribute} no longer has {old!r}"
        setattr(world, attribute, before.replace(old, new))

    BROKEN.append((rule, says, breaks))


@broken("pods_are_restricted", "hostNetwork")
def _(w):
    pod(w)["hostNetwork"] = True


@broken("pods_are_restricted", "forbidden kind")
def _(w):
    pod(w)["volumes"].append({"name": "host", "hostPath": {"path": "/"}})


@broken("pods_are_restricted", "service account's token")
def _(w):
    del pod(w, kind="Job", name="migrate")["automountServiceAccountToken"]


@broken("pods_are_restricted", "does not enforce")
def _(w):
    find(w.builds["kind"], "Namespace", "comanda")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] = "baseline"


@broken("containers_are_restricted", "may be root")
def _(w):
    pod(w, kind="StatefulSet", name="postgres")["securityContext"]["runAsNonRoot"] = False


@broken("containers_are_restricted", "no seccomp profile")
def _(w):
    del pod(w)["securityContext"]["seccompProfile"]


@broken("containers_are_restricted", "may gain privileges")
def _(w):
    del container(w, kind="Job", name="migrate")["securityContext"]["allowPrivilegeEscalation"]


@broken("containers_are_restricted", "keeps capabilities")
def _(w):
    container(w)["securityContext"]["capabilities"]["add"] = ["NET_ADMIN"]


@broken("containers_are_restricted", "writable root filesystem")
def _(w):
    container(w, name="redis")["securityContext"]["readOnlyRootFilesystem"] = False


@broken("containers_are_restricted", "procMount")
def _(w):
    container(w)["securityContext"]["procMount"] = "Unmasked"


@broken("containers_are_restricted", "hostPort")
def _(w):
    container(w)["ports"][0]["hostPort"] = 80


@broken("containers_are_restricted", "not the image's user")
def _(w):
    pod(w)["securityContext"]["runAsUser"] = 1000


@broken("containers_are_restricted", "second: keeps capabilities")
def _(w):
    second = copy.deepcopy(container(w)) | {"name": "second"}
    del second["securityContext"]["capabilities"]
    pod(w)["initContainers"] = [second]


@broken("containers_are_bounded", "limit of memory")
def _(w):
    del container(w)["resources"]["limits"]


@broken("images_have_a_version", "has no version")
def _(w):
    container(w, build="base")["image"] = "comanda"


@broken("images_have_a_version", "redis:latest has no version")
def _(w):
    container(w, name="redis")["image"] = "redis:latest"


text("images_have_a_version", "compose: redis: image redis:latest", "compose", "redis:7.4-bookworm", "redis:latest")


@broken("references_exist", "no service account")
def _(w):
    pod(w)["serviceAccountName"] = "default"


@broken("references_exist", "no ConfigMap")
def _(w):
    container(w, build="base")["envFrom"][0]["configMapRef"]["name"] = "orders"


@broken("references_exist", "no Secret")
def _(w):
    variable(w, "COMANDA_BROKER_URL", name="kitchen")["valueFrom"]["secretKeyRef"]["key"] = "uri"


@broken("references_exist", "names no mounted secret")
def _(w):
    variable(w, "COMANDA_TOKEN_KEY_FILE")["value"] = "/run/secrets/comanda/key"


@broken("references_exist", "no volume data")
def _(w):
    del workload(w, kind="StatefulSet", name="rabbitmq")["spec"]["volumeClaimTemplates"]


@broken("roles_are_complete", "no PodDisruptionBudget/gateway")
def _(w):
    w.builds["base"].remove(find(w.builds["base"], "PodDisruptionBudget", "gateway"))


@broken("roles_start_and_end_well", "preStop must sleep")
def _(w):
    del container(w)["lifecycle"]


@broken("roles_start_and_end_well", "is killed before")
def _(w):
    pod(w)["terminationGracePeriodSeconds"] = 13


text("roles_start_and_end_well", "is killed before", "mesh", "from_secs(8)", "from_secs(15)")
text("roles_start_and_end_well", "is not found", "mesh", "DRAIN: Duration", "END: Duration")


@broken("roles_start_and_end_well", "takes replicas away")
def _(w):
    workload(w)["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] = 1


@broken("roles_start_and_end_well", "one replica")
def _(w):
    workload(w)["spec"]["replicas"] = 1


@broken("roles_start_and_end_well", "runs ['kitchen']")
def _(w):
    container(w, build="base")["args"] = ["kitchen"]


@broken("roles_start_and_end_well", "livenessProbe must ask")
def _(w):
    container(w)["livenessProbe"]["grpc"]["service"] = "readiness"


@broken("roles_start_and_end_well", "COMANDA_HEALTH_LISTEN is not")
def _(w):
    variable(w, "COMANDA_HEALTH_LISTEN")["value"] = "127.0.0.1:50060"


@broken("roles_are_complete", "hides its pods")
def _(w):
    del find(w.builds["base"], "Service", "orders")["spec"]["clusterIP"]


@broken("roles_say_how_they_talk", "base: Deployment/orders: chooses COMANDA_PLAINTEXT")
def _(w):
    container(w, build="base")["env"].append({"name": "COMANDA_PLAINTEXT", "value": "true"})


@broken("roles_say_how_they_talk", "kind: Deployment/orders: must say")
def _(w):
    container(w)["env"].remove(variable(w, "COMANDA_PLAINTEXT"))


@broken("roles_say_how_they_talk", "kind: Deployment/kitchen: must say")
def _(w):
    variable(w, "COMANDA_PLAINTEXT", name="kitchen")["value"] = "false"


@broken("roles_say_how_they_talk", "says ['COMANDA_PLAINTEXT', 'COMANDA_TLS_DIR']")
def _(w):
    container(w, build="cert-manager")["env"].append({"name": "COMANDA_PLAINTEXT", "value": "true"})


@broken("roles_say_how_they_talk", "COMANDA_KITCHEN_URL is not https://")
def _(w):
    variable(w, "COMANDA_KITCHEN_URL", build="cert-manager")["value"] = "http://kitchen:50053"


@broken("roles_are_who_they_say", "one certificate's secret")
def _(w):
    volumes = pod(w, build="cert-manager")["volumes"]
    next(v for v in volumes if v["name"] == "tls")["secret"]["secretName"] = "role-tls"


@broken("roles_are_who_they_say", "one certificate's secret")
def _(w):
    mounts = container(w, build="cert-manager")["volumeMounts"]
    next(m for m in mounts if m["name"] == "tls")["subPath"] = "tls.crt"


@broken("roles_are_who_they_say", "does not bear its name")
def _(w):
    certificate(w, "orders")["dnsNames"][0] = "order"


@broken("roles_are_who_they_say", "does not bear its name")
def _(w):
    certificate(w, "orders")["dnsNames"].append("kitchen")


@broken("roles_are_who_they_say", "both ends")
def _(w):
    certificate(w, "orders")["usages"].remove("client auth")


@broken("certificates_are_sound", "Issuer/comanda-ca: has no CA")
def _(w):
    certificate(w, "comanda-ca")["secretName"] = "other"


@broken("certificates_are_sound", "fields that are not known")
def _(w):
    certificate(w, "orders")["dnsName"] = "orders"


@broken("certificates_are_sound", "private key that is not known")
def _(w):
    certificate(w, "orders")["privateKey"]["encoding"] = "pkcs8"


@broken("certificates_are_sound", "usages that are not known")
def _(w):
    certificate(w, "orders")["usages"].append("client_auth")


@broken("certificates_are_sound", "is never good")
def _(w):
    certificate(w, "orders")["renewBefore"] = "720h"


@broken("certificates_are_sound", "no Issuer/ca")
def _(w):
    certificate(w, "orders")["issuerRef"]["name"] = "ca"


@broken("selectors_fit", "selector and pod labels differ")
def _(w):
    workload(w)["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"] = "order"


@broken("selectors_fit", "topology spread")
def _(w):
    pod(w)["topologySpreadConstraints"][0]["matchLabelKeys"] = ["app"]


@broken("selectors_fit", "Service/kitchen: selects 0")
def _(w):
    find(w.builds["kind"], "Service", "kitchen")["spec"]["selector"]["app.kubernetes.io/name"] = "kitchens"


@broken("selectors_fit", "Service/kitchen: selects 9")
def _(w):
    find(w.builds["kind"], "Service", "kitchen")["spec"]["selector"] = {"app.kubernetes.io/part-of": "comanda"}


@broken("selectors_fit", "PodDisruptionBudget/catalog: selects 0")
def _(w):
    find(w.builds["kind"], "PodDisruptionBudget", "catalog")["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"] = "x"


@broken("selectors_fit", "permits no eviction")
def _(w):
    spec = find(w.builds["kind"], "PodDisruptionBudget", "catalog")["spec"]
    del spec["maxUnavailable"]
    spec["minAvailable"] = 2


@broken("ports_exist", "no container port http")
def _(w):
    find(w.builds["kind"], "Service", "orders")["spec"]["ports"][0]["targetPort"] = "http"


@broken("ports_exist", "gRPC without appProtocol")
def _(w):
    del find(w.builds["base"], "Service", "gateway")["spec"]["ports"][1]["appProtocol"]


@broken("ports_exist", "Service/orders: gRPC without appProtocol")
def _(w):
    find(w.builds["cert-manager"], "Service", "orders")["spec"]["ports"][0]["appProtocol"] = "kubernetes.io/h2c"


@broken("ports_exist", "pods do not listen on 80")
def _(w):
    find(w.builds["base"], "Service", "orders")["spec"]["ports"][0]["port"] = 80


@broken("ports_exist", "readinessProbe asks a port")
def _(w):
    container(w, kind="StatefulSet", name="rabbitmq")["readinessProbe"]["tcpSocket"]["port"] = 15672


@broken("addresses_exist", "COMANDA_ORDERS_URL: no Service orders")
def _(w):
    find(w.builds["base"], "Service", "orders")["spec"]["ports"][0]["port"] = 80


@broken("addresses_exist", "COMANDA_BROKER_URL: no Service rabbitmq")
def _(w):
    find(w.builds["kind"], "Service", "rabbitmq")["metadata"]["name"] = "broker"


text("settings_exist", "know no COMANDA_BROKER_URL", "settings", "COMANDA_BROKER_URL", "COMANDA_QUEUE_URL")
text("settings_exist", "compose.yaml: the settings know no COMANDA_LOGS", "compose", "COMANDA_LOG:", "COMANDA_LOGS:")


@broken("secrets_stay_out", "base: Secret/tokens")
def _(w):
    w.builds["base"].append({"kind": "Secret", "metadata": {"name": "tokens"}})


@broken("secrets_stay_out", "k8s/base/kustomization.yaml: a secret")
def _(w):
    w.sources["k8s/base/kustomization.yaml"] += "secretGenerator:\n"


@broken("secrets_stay_out", "COMANDA_TOKEN belongs into a Secret")
def _(w):
    container(w, build="base")["env"].append({"name": "COMANDA_TOKEN", "value": "hush"})


@broken("secrets_stay_out", "COMANDA_CACHE_URL belongs into a Secret")
def _(w):
    config = next(o for o in w.builds["base"] if o["kind"] == "ConfigMap")
    config["data"]["COMANDA_CACHE_URL"] = "redis://redis:6379"


text("secrets_stay_out", "are not recognised", "settings", "hide_env_values", "hide")
text("compose_agrees_with_kind", "COMANDA_KITCHEN_URL differs", "compose", "http://kitchen:50053", "http://kitchen:50054")
text("compose_agrees_with_kind", "migrate: runs", "compose", "[migrate, --sample-menu]", "[migrate]")
text("compose_agrees_with_kind", "postgres: image", "compose", "postgres:17", "postgres:16")
text("compose_is_closed_and_ordered", "is open", "compose", '["127.0.0.1:8080:8080"]', '["8080:8080"]')
text("compose_is_closed_and_ordered", "cannot become healthy", "compose", "healthcheck:", "x-healthcheck:")
text("compose_is_closed_and_ordered", "no service rabbit", "compose", "      rabbitmq: {", "      rabbit: {")
text("compose_is_closed_and_ordered", "not hardened", "compose", "read_only: true", "read_only: false")
text("image_is_complete_and_not_root", "last user", "dockerfile", "USER 65532:65532", "USER root")
text("image_is_complete_and_not_root", "copies no services", "dockerfile", "COPY services services\n", "")
text("image_is_complete_and_not_root", "lets no proto in", "dockerignore", "!proto\n", "")
text("image_is_complete_and_not_root", "tests/it/main.rs, which must be there", "dockerfile", "tests/it/main.rs", "")
text("images_have_a_version", "Dockerfile: image node has no version", "dockerfile", "node:22-bookworm-slim", "node")


def main():
    whole = load([ROOT / f"target/k8s/{build}.yaml" for build in ["base", "kind", "cert-manager"]])
    wrong = [f"{rule.__name__}: nothing breaks it" for rule in rules.RULES if rule.__name__ not in {b[0] for b in BROKEN}]
    for rule, says, breaks in BROKEN:
        world = copy.deepcopy(whole)
        breaks(world)
        found = list(getattr(rules, rule)(world))
        if not any(says in complaint for complaint in found):
            wrong.append(f"{rule}: does not say {says!r}, but {found}")
    print(*wrong, sep="\n", end="\n" if wrong else "", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
