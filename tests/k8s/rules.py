"""Rules for what deploys the system that no schema knows. Each looks at all of it and yields what is wrong, a line each.

    rules.py target/k8s/base.yaml target/k8s/kind.yaml target/k8s/cert-manager.yaml

`rules_itself.py` breaks each of them once.
"""

import base64
import re
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = [ROOT / "src/config.rs", *ROOT.glob("src/config/*.rs")]
ROLES = ["catalog", "orders", "kitchen", "identity", "gateway"]
OURS = "comanda"
TEMPLATED = ["Deployment", "StatefulSet", "DaemonSet", "Job"]
# The volumes that the restricted standard allows.
VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
VARIABLE = re.compile(r"\bCOMANDA_[A-Z_]+[A-Z]\b")


@dataclass
class World:
    """All that the rules look at."""

    builds: dict  # name of a build → its objects
    settings: str = field(default_factory=lambda: "".join(p.read_text() for p in sorted(SETTINGS)))
    mesh: str = field(default_factory=lambda: "".join(p.read_text() for p in sorted(ROOT.glob("crates/mesh/src/**/*.rs"))))
    compose: str = field(default_factory=lambda: (ROOT / "compose.yaml").read_text())
    dockerfile: str = field(default_factory=lambda: (ROOT / "Dockerfile").read_text())
    dockerignore: str = field(default_factory=lambda: (ROOT / ".dockerignore").read_text())
    workspace: dict = field(default_factory=lambda: tomllib.loads((ROOT / "Cargo.toml").read_text()))
    sources: dict = field(
        default_factory=lambda: {str(p.relative_to(ROOT)): p.read_text() for p in sorted(ROOT.glob("k8s/**/*")) if p.is_file()}
    )

    def services(self):
        """The services of compose.yaml, with the defaults of variables put in."""
        text = re.sub(r"(?<!\$)\$\{\w+:-([^}]*)\}", r"\1", self.compose)
        return yaml.safe_load(text)["services"]


def load(paths):
    return World({Path(p).stem: [d for d in yaml.safe_load_all(Path(p).read_text()) if d] for p in paths})


# --- looking things up -------------------------------------------------------------------------------------------


def of_kind(objects, *kinds):
    return [o for o in objects if o["kind"] in kinds]


def name(thing):
    return f"{thing['kind']}/{thing['metadata']['name']}"


def pod_of(workload):
    return workload["spec"]["template"]["spec"]


def containers_of(pod):
    return pod.get("initContainers", []) + pod.get("ephemeralContainers", []) + pod["containers"]


def labels_of(workload):
    return workload["spec"]["template"]["metadata"].get("labels", {})


def within(selector, labels):
    return bool(selector) and selector.items() <= labels.items()


def ports_of(pod):
    """Container ports by name and by number."""
    ports = [p for c in containers_of(pod) for p in c.get("ports", [])]
    return {p["containerPort"] for p in ports} | {p["name"] for p in ports if "name" in p}


def is_role(workload):
    return workload["kind"] == "Deployment" and workload["metadata"]["name"] in ROLES


def each_workload(world):
    for build, objects in world.builds.items():
        for workload in of_kind(objects, *TEMPLATED):
            yield build, objects, workload


def each_container(world):
    for build, objects, workload in each_workload(world):
        for container in containers_of(pod_of(workload)):
            yield f"{build}: {name(workload)}: {container['name']}", pod_of(workload), container, objects


def find(objects, kind, wanted):
    return next((o for o in of_kind(objects, kind) if o["metadata"]["name"] == wanted), None)


def secret_data(secret):
    decoded = {key: base64.b64decode(value).decode() for key, value in (secret.get("data") or {}).items()}
    return decoded | (secret.get("stringData") or {})


def environment(container, objects):
    """What the container's environment will be, secrets included where the build has them."""
    result = {}
    for source in container.get("envFrom", []):
        reference = find(objects, "ConfigMap", source["configMapRef"]["name"])
        result |= (reference or {}).get("data", {})
    for variable in container.get("env", []):
        value = variable.get("value")
        if reference := variable.get("valueFrom", {}).get("secretKeyRef"):
            secret = find(objects, "Secret", reference["name"])
            value = secret_data(secret).get(reference["key"]) if secret else None
        result[variable["name"]] = value
    return result


def known_settings(world):
    return set(re.findall(r'env = "(COMANDA_[A-Z_]+)"', world.settings))


def secret_settings(world):
    return set(re.findall(r'env = "(COMANDA_[A-Z_]+)",\s+hide_env_values = true', world.settings))


# --- pods --------------------------------------------------------------------------------------------------------


def pods_are_restricted(world):
    for build, objects in world.builds.items():
        for namespace in of_kind(objects, "Namespace"):
            if namespace["metadata"].get("labels", {}).get("pod-security.kubernetes.io/enforce") != "restricted":
                yield f"{build}: {name(namespace)}: does not enforce the restricted standard"
    for build, _, workload in each_workload(world):
        pod, where = pod_of(workload), f"{build}: {name(workload)}"
        for shared in ["hostNetwork", "hostPID", "hostIPC"]:
            if pod.get(shared):
                yield f"{where}: {shared}"
        for volume in pod.get("volumes", []):
            if not (set(volume) - {"name"}) <= VOLUMES:
                yield f"{where}: volume {volume['name']} is of a forbidden kind"
        if pod.get("automountServiceAccountToken") is not False:
            yield f"{where}: mounts a service account's token"


def containers_are_restricted(world):
    for where, pod, container, _ in each_container(world):
        own = container.get("securityContext", {})
        effective = pod.get("securityContext", {}) | own
        capabilities = own.get("capabilities", {})
        if effective.get("runAsNonRoot") is not True or effective.get("runAsUser", 1) == 0:
            yield f"{where}: may be root"
        if effective.get("seccompProfile", {}).get("type") not in ("RuntimeDefault", "Localhost"):
            yield f"{where}: no seccomp profile"
        if own.get("allowPrivilegeEscalation") is not False or own.get("privileged"):
            yield f"{where}: may gain privileges"
        if "ALL" not in capabilities.get("drop", []) or set(capabilities.get("add", [])) - {"NET_BIND_SERVICE"}:
            yield f"{where}: keeps capabilities"
        if own.get("readOnlyRootFilesystem") is not True:
            yield f"{where}: writable root filesystem"
        if own.get("procMount", "Default") != "Default":
            yield f"{where}: procMount"
        if any(port.get("hostPort") for port in container.get("ports", [])):
            yield f"{where}: hostPort"
        if container["image"].split(":")[0] == OURS and effective.get("runAsUser") != 65532:
            yield f"{where}: not the image's user 65532"


def containers_are_bounded(world):
    for where, _, container, _ in each_container(world):
        resources = container.get("resources", {})
        if not {"cpu", "memory"} <= set(resources.get("requests", {})) or "memory" not in resources.get("limits", {}):
            yield f"{where}: needs requests of cpu and memory and a limit of memory"


def images_have_a_version(world):
    images = [(where, container["image"]) for where, _, container, _ in each_container(world)]
    images += [(f"compose: {key}", service["image"]) for key, service in world.services().items()]
    stages = re.findall(r"^FROM \S+ AS (\w+)", world.dockerfile, re.M)
    images += [("Dockerfile", image) for image in re.findall(r"^FROM (\S+)", world.dockerfile, re.M) if image not in stages]
    for where, image in images:
        if "@sha256:" not in image and not re.search(r":(?!latest$)[\w.-]+$", image):
            yield f"{where}: image {image} has no version"


def references_exist(world):
    """ConfigMaps in every build; Secrets where a build makes them: the base leaves that to its overlays."""
    for build, objects, workload in each_workload(world):
        pod, where = pod_of(workload), f"{build}: {name(workload)}"
        has_secrets = bool(of_kind(objects, "Secret"))
        if not find(objects, "ServiceAccount", pod.get("serviceAccountName", "")) and OURS in images_of(pod):
            yield f"{where}: no service account of its own"
        for container in containers_of(pod):
            for source in container.get("envFrom", []):
                if not find(objects, "ConfigMap", source["configMapRef"]["name"]):
                    yield f"{where}: no ConfigMap {source['configMapRef']['name']}"
            for variable in container.get("env", []):
                reference = variable.get("valueFrom", {}).get("secretKeyRef")
                if reference and has_secrets:
                    secret = find(objects, "Secret", reference["name"])
                    if not secret or reference["key"] not in secret_data(secret):
                        yield f"{where}: no Secret {reference['name']} with {reference['key']}"
            yield from files_exist(where, container, pod, objects, has_secrets)
        volumes = {v["name"] for v in pod.get("volumes", [])}
        claims = {c["metadata"]["name"] for c in workload["spec"].get("volumeClaimTemplates", [])}
        for container in containers_of(pod):
            for mount in container.get("volumeMounts", []):
                if mount["name"] not in volumes | claims:
                    yield f"{where}: no volume {mount['name']}"


def files_exist(where, container, pod, objects, has_secrets):
    """COMANDA_…_FILE names a key of a Secret that is mounted there."""
    mounts = {m["mountPath"]: m["name"] for m in container.get("volumeMounts", [])}
    volumes = {v["name"]: v.get("secret", {}).get("secretName") for v in pod.get("volumes", [])}
    for variable in container.get("env", []):
        if not variable["name"].endswith("_FILE"):
            continue
        folder, _, key = variable["value"].rpartition("/")
        secret_name = volumes.get(mounts.get(folder))
        secret = find(objects, "Secret", secret_name) if secret_name else None
        if not secret_name or (has_secrets and (not secret or key not in secret_data(secret))):
            yield f"{where}: {variable['name']} names no mounted secret"


def images_of(pod):
    return {container["image"].split(":")[0] for container in containers_of(pod)}


# --- roles -------------------------------------------------------------------------------------------------------


def roles_are_complete(world):
    for build, objects in world.builds.items():
        for role in ROLES:
            for kind in ["Deployment", "Service", "ServiceAccount", "PodDisruptionBudget"]:
                if not find(objects, kind, role):
                    yield f"{build}: no {kind}/{role}"
            # Its callers spread their calls over its pods, which they find by name.
            service = find(objects, "Service", role)
            if service and role != "gateway" and service["spec"].get("clusterIP") != "None":
                yield f"{build}: {name(service)}: hides its pods behind one address"
        if not find(objects, "Job", "migrate"):
            yield f"{build}: no Job/migrate"


def roles_start_and_end_well(world):
    drain = re.search(r"DRAIN: Duration = Duration::from_secs\((\d+)\)", world.mesh)
    if not drain:
        yield "crates/mesh: DRAIN, the bound of the drain, is not found"
        return
    for build, objects, workload in each_workload(world):
        if not is_role(workload):
            continue
        pod, where = pod_of(workload), f"{build}: {name(workload)}"
        container = pod["containers"][0]
        role = workload["metadata"]["name"]
        sleep = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        if sleep != 5:
            yield f"{where}: preStop must sleep 5 s"
        if pod.get("terminationGracePeriodSeconds", 30) <= sleep + int(drain[1]):
            yield f"{where}: is killed before sleep and drain are over"
        if workload["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] != 0:
            yield f"{where}: a rollout takes replicas away"
        if workload["spec"]["replicas"] < 2:
            yield f"{where}: one replica is none"
        if container["args"] != [role]:
            yield f"{where}: runs {container['args']}"
        ports = {p["name"]: p["containerPort"] for p in container["ports"]}
        for probe, service in {"startupProbe": "liveness", "readinessProbe": "readiness", "livenessProbe": "liveness"}.items():
            if container.get(probe, {}).get("grpc") != {"port": ports.get("health"), "service": service}:
                yield f"{where}: {probe} must ask for {service} on the port health"
        settings = environment(container, objects)
        own = {"COMANDA_HEALTH_LISTEN": "health", f"COMANDA_{role.upper()}_LISTEN": "http" if role == "gateway" else "grpc"}
        for variable, port in own.items():
            if settings.get(variable) != f"[::]:{ports.get(port)}":
                yield f"{where}: {variable} is not the port {port}"


# --- how the roles talk ------------------------------------------------------------------------------------------

# What we use of cert-manager.io/v1, which no schema here knows.
CERTIFICATE = {
    "secretName", "dnsNames", "usages", "duration", "renewBefore", "privateKey", "issuerRef", "isCA", "commonName",
}  # fmt: skip
PRIVATE_KEY = {"algorithm": {"ECDSA"}, "size": {256}, "encoding": {"PKCS8"}, "rotationPolicy": {"Always", "Never"}}
USAGES = {"digital signature", "server auth", "client auth", "cert sign", "crl sign"}


def talks_tls(container, objects):
    return "COMANDA_TLS_DIR" in environment(container, objects)


def roles_say_how_they_talk(world):
    """By TLS or in plaintext, said by every overlay and never by the base; whom they call is called in the same way."""
    for build, objects, workload in each_workload(world):
        if not is_role(workload):
            continue
        where, settings = f"{build}: {name(workload)}", environment(pod_of(workload)["containers"][0], objects)
        said = sorted(settings.keys() & {"COMANDA_TLS_DIR", "COMANDA_PLAINTEXT"})
        if build == "base":
            if said:
                yield f"{where}: chooses {said[0]} for all overlays"
            continue
        if len(said) != 1 or settings.get("COMANDA_PLAINTEXT", "true") != "true":
            yield f"{where}: must say COMANDA_TLS_DIR or COMANDA_PLAINTEXT, but says {said}"
        scheme = "https://" if said == ["COMANDA_TLS_DIR"] else "http://"
        for role in ROLES:
            url = settings.get(f"COMANDA_{role.upper()}_URL")
            if url and not url.startswith(scheme):
                yield f"{where}: COMANDA_{role.upper()}_URL is not {scheme}"


def roles_are_who_they_say(world):
    """Where a role talks by TLS, it mounts the whole secret of a certificate that bears its name and is good for both ends."""
    for build, objects, workload in each_workload(world):
        pod, role, where = pod_of(workload), workload["metadata"]["name"], f"{build}: {name(workload)}"
        folder = environment(pod["containers"][0], objects).get("COMANDA_TLS_DIR")
        if not is_role(workload) or not folder:
            continue
        mount = next((m for m in pod["containers"][0]["volumeMounts"] if m["mountPath"] == folder), {})
        volume = next((v for v in pod["volumes"] if v["name"] == mount.get("name")), {})
        wanted = volume.get("secret", {}).get("secretName")
        made = [c for c in of_kind(objects, "Certificate") if c["spec"]["secretName"] == wanted]
        if "subPath" in mount or len(made) != 1:
            yield f"{where}: COMANDA_TLS_DIR is not where one certificate's secret is mounted"
            continue
        spec, namespace = made[0]["spec"], workload["metadata"].get("namespace")
        if {role, f"{role}.{namespace}.svc"} - set(spec["dnsNames"]) or set(spec["dnsNames"]) & (set(ROLES) - {role}):
            yield f"{where}: its certificate does not bear its name and no other role's"
        if {"server auth", "client auth"} - set(spec["usages"]) or spec["privateKey"].get("encoding") != "PKCS8":
            yield f"{where}: its certificate is not good for both ends"


def certificates_are_sound(world):
    for build, objects in world.builds.items():
        for issuer in of_kind(objects, "Issuer"):
            kind = set(issuer["spec"])
            cas = {c["spec"]["secretName"] for c in of_kind(objects, "Certificate") if c["spec"].get("isCA")}
            if len(kind) != 1 or kind - {"ca", "selfSigned"} or ("ca" in kind and issuer["spec"]["ca"]["secretName"] not in cas):
                yield f"{build}: {name(issuer)}: has no CA"
        for certificate in of_kind(objects, "Certificate"):
            spec, where = certificate["spec"], f"{build}: {name(certificate)}"
            if certificate["apiVersion"] != "cert-manager.io/v1" or set(spec) - CERTIFICATE or not spec.get("secretName"):
                yield f"{where}: fields that are not known"
            if any(value not in PRIVATE_KEY.get(key, ()) for key, value in spec["privateKey"].items()):
                yield f"{where}: a private key that is not known"
            if set(spec["usages"]) - USAGES:
                yield f"{where}: usages that are not known"
            lasts, renewed = (int(re.fullmatch(r"(\d+)h", spec[key])[1]) for key in ["duration", "renewBefore"])
            if renewed >= lasts:
                yield f"{where}: is never good"
            issuer = spec["issuerRef"]
            if issuer.get("group") != "cert-manager.io" or not find(objects, issuer["kind"], issuer["name"]):
                yield f"{where}: no {issuer['kind']}/{issuer['name']}"


# --- selectors and ports -----------------------------------------------------------------------------------------


def selectors_fit(world):
    for build, objects in world.builds.items():
        workloads = of_kind(objects, *TEMPLATED)
        for workload in workloads:
            selector = workload["spec"].get("selector", {}).get("matchLabels")
            if workload["kind"] != "Job" and not within(selector, labels_of(workload)):
                yield f"{build}: {name(workload)}: selector and pod labels differ"
            for spread in pod_of(workload).get("topologySpreadConstraints", []):
                keys = set(spread.get("matchLabelKeys", [])) - {"pod-template-hash"}
                if not within(spread["labelSelector"]["matchLabels"], labels_of(workload)) or keys - set(labels_of(workload)):
                    yield f"{build}: {name(workload)}: topology spread counts other pods"
        for service in of_kind(objects, "Service"):
            chosen = [w for w in workloads if within(service["spec"].get("selector"), labels_of(w))]
            if len(chosen) != 1:
                yield f"{build}: {name(service)}: selects {len(chosen)} workloads"
        for budget in of_kind(objects, "PodDisruptionBudget"):
            spec = budget["spec"]
            chosen = [w for w in workloads if within(spec["selector"]["matchLabels"], labels_of(w))]
            if len(chosen) != 1:
                yield f"{build}: {name(budget)}: selects {len(chosen)} workloads"
            elif spec.get("maxUnavailable", chosen[0]["spec"]["replicas"] - spec.get("minAvailable", 0)) < 1:
                yield f"{build}: {name(budget)}: permits no eviction"


def ports_exist(world):
    for build, objects in world.builds.items():
        workloads = of_kind(objects, *TEMPLATED)
        for service in of_kind(objects, "Service"):
            chosen = [pod_of(w) for w in workloads if within(service["spec"]["selector"], labels_of(w))]
            for port in service["spec"]["ports"]:
                target = port.get("targetPort", port["port"])
                if any(target not in ports_of(pod) for pod in chosen):
                    yield f"{build}: {name(service)}: no container port {target}"
                # Then clients connect to the pods themselves.
                if service["spec"].get("clusterIP") == "None" and any(port["port"] not in ports_of(pod) for pod in chosen):
                    yield f"{build}: {name(service)}: pods do not listen on {port['port']}"
                tls = any(talks_tls(pod["containers"][0], objects) for pod in chosen) and service["metadata"]["name"] != "gateway"
                if port["name"] == "grpc" and port.get("appProtocol") != ("https" if tls else "kubernetes.io/h2c"):
                    yield f"{build}: {name(service)}: gRPC without appProtocol, or with another's"
        for workload in workloads:
            for container in containers_of(pod_of(workload)):
                for probe in ["startupProbe", "readinessProbe", "livenessProbe"]:
                    for way in ["grpc", "tcpSocket", "httpGet"]:
                        port = container.get(probe, {}).get(way, {}).get("port")
                        if port is not None and port not in ports_of({"containers": [container]}):
                            yield f"{build}: {name(workload)}: {probe} asks a port that is none: {port}"


def addresses_exist(world):
    """A role's http://host:port is a Service with that port; so are a build's own databases, broker and cache."""
    for where, _, container, objects in each_container(world):
        for variable, value in environment(container, objects).items():
            address = re.match(r"\w+://(?:[^@/]*@)?([\w.-]+):(\d+)", value or "")
            if not variable.endswith("_URL") or not address:
                continue
            service = find(objects, "Service", address[1])
            if not service or int(address[2]) not in {p["port"] for p in service["spec"]["ports"]}:
                yield f"{where}: {variable}: no Service {address[1]} with port {address[2]}"


# --- settings and secrets ----------------------------------------------------------------------------------------


def settings_exist(world):
    texts = world.sources | {"compose.yaml": world.compose, "Dockerfile": world.dockerfile}
    known = known_settings(world)
    for path, text in texts.items():
        for variable in sorted(set(VARIABLE.findall(text)) - known):
            yield f"{path}: the settings know no {variable}"


def secrets_stay_out(world):
    for path, text in world.sources.items():
        if path.startswith("k8s/overlays/kind/"):
            continue
        if re.search(r"^(kind: Secret|secretGenerator:)|://\w+:[^@\s]+@", text, re.M):
            yield f"{path}: a secret outside the kind overlay"
    for secret in of_kind(world.builds["base"], "Secret"):
        yield f"base: {name(secret)}: a secret outside the kind overlay"
    hidden = secret_settings(world)
    if len(hidden) < 9:
        yield "the secret settings are not recognised"
    for build, objects in world.builds.items():
        for config in of_kind(objects, "ConfigMap"):
            for variable in hidden & set(config.get("data", {})):
                yield f"{build}: {name(config)}: {variable} belongs into a Secret"
    for where, _, container, _ in each_container(world):
        for variable in container.get("env", []):
            if variable["name"] in hidden and "value" in variable:
                yield f"{where}: {variable['name']} belongs into a Secret"


# --- compose and image -------------------------------------------------------------------------------------------


def compose_agrees_with_kind(world):
    """The same program, arguments and settings in both, but for these."""
    # Only Kubernetes probes; under compose people read the logs, not machines.
    only_in_kind = {"COMANDA_HEALTH_LISTEN", "COMANDA_LOG_FORMAT"}
    objects, services = world.builds["kind"], world.services()
    for workload in of_kind(objects, *TEMPLATED):
        key, container = workload["metadata"]["name"], pod_of(workload)["containers"][0]
        service = services.get(key)
        if not service:
            yield f"compose: no service {key}"
            continue
        if container["image"] != service["image"]:
            yield f"compose: {key}: image {service['image']}, in kind {container['image']}"
        if container.get("args", []) != service.get("command", []):
            yield f"compose: {key}: runs {service.get('command')}, in kind {container.get('args')}"
        ours = {k: v for k, v in environment(container, objects).items() if k.startswith("COMANDA_")}
        theirs = {k: v for k, v in (service.get("environment") or {}).items() if k.startswith("COMANDA_")}
        for variable in sorted((ours.keys() | theirs.keys()) - only_in_kind):
            if ours.get(variable) != theirs.get(variable):
                yield f"compose: {key}: {variable} differs from kind"


def compose_is_closed_and_ordered(world):
    services = world.services()
    for key, service in services.items():
        for port in service.get("ports", []):
            if key != "gateway" or not str(port).startswith("127.0.0.1:"):
                yield f"compose: {key}: {port} is open"
        for other, how in service.get("depends_on", {}).items():
            if other not in services:
                yield f"compose: {key}: no service {other}"
            elif how["condition"] == "service_healthy" and "healthcheck" not in services[other]:
                yield f"compose: {key}: {other} cannot become healthy"
        if key in [*ROLES, "migrate"] and not (service.get("read_only") and service.get("cap_drop") == ["ALL"]):
            yield f"compose: {key}: not hardened"


def image_is_complete_and_not_root(world):
    users = re.findall(r"^USER (\S+)", world.dockerfile, re.M)
    if users[-1:] != ["65532:65532"]:
        yield "Dockerfile: the last user is not 65532"
    copied = set(re.findall(r"^COPY (\S+)", world.dockerfile, re.M))
    allowed = set(re.findall(r"^!(\S+)$", world.dockerignore, re.M))
    # Of what only tests need, cargo wants to see the manifest.
    manifest = lambda member: f"{member}/Cargo.toml" if member.startswith("tests/") else member.split("/")[0]
    parts = {manifest(member) for member in world.workspace["workspace"]["members"]} - {"."} | {"src"}
    for part in sorted(parts - copied):
        yield f"Dockerfile: copies no {part}"
    for part in sorted(parts - allowed):
        yield f".dockerignore: lets no {part} in"
    for section in ["test", "bench", "example"]:
        for target in world.workspace.get(section, []):
            path = target.get("path", f"{section}{'es' if section == 'bench' else 's'}/{target['name']}/main.rs")
            if path not in world.dockerfile:
                yield f"Dockerfile: Cargo.toml names {path}, which must be there"


RULES = [
    pods_are_restricted,
    containers_are_restricted,
    containers_are_bounded,
    images_have_a_version,
    references_exist,
    roles_are_complete,
    roles_start_and_end_well,
    roles_say_how_they_talk,
    roles_are_who_they_say,
    certificates_are_sound,
    selectors_fit,
    ports_exist,
    addresses_exist,
    settings_exist,
    secrets_stay_out,
    compose_agrees_with_kind,
    compose_is_closed_and_ordered,
    image_is_complete_and_not_root,
]


def complaints(world):
    return [complaint for rule in RULES for complaint in rule(world)]


if __name__ == "__main__":
    found = complaints(load(sys.argv[1:]))
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    sys.exit(1 if found else 0)
