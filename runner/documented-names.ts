export type Section = "global" | "runners" | "docker" | "kubernetes";

/**
 * The names of GitLab's documentation that have no key of their own here, by section:
 * https://docs.gitlab.com/runner/configuration/advanced-configuration/,
 * https://docs.gitlab.com/runner/configuration/slot_based_cgroups/ and
 * https://docs.gitlab.com/runner/executors/kubernetes/#configuration-settings, as of Runner 19.4.
 */
export const documentedNames: Readonly<Record<Section, readonly string[]>> = {
  global: [
    "connection_max_age",
    "log_field_dual_emit_target",
    "log_field_schema_version",
    "sentry_dsn",
    "user",
  ],
  runners: [
    "artifact",
    "cache_dir",
    "clean_git_config",
    "debug_trace_disabled",
    "experimental",
    "get_sources_timeout",
    "job_status_final_update_retry_limit",
    "post_build_script",
    "post_get_sources_script",
    "pre_build_script",
    "pre_get_sources_script",
    "prepare_timeout",
    "referees",
    "safe_directory_checkout",
    "slot_cgroup_template",
    "strict_check_interval",
    "tls-ca-file",
    "tls-cert-file",
    "tls-key-file",
    "unhealthy_interval",
    "unhealthy_requests_limit",
    "use_slot_cgroups",
  ],
  docker: [
    ...[
      "allowed_privileged_images",
      "allowed_privileged_services",
      "allowed_users",
      "cache_dir",
      "cap_add",
      "cap_drop",
      "container_labels",
      "cpu_shares",
    ],
    ...["cpuset_cpus", "cpuset_mems", "device_cgroup_rules", "devices", "disable_cache"],
    ...["disable_entrypoint_overwrite", "dns", "dns_search", "enable_ipv6", "gpus", "group_add"],
    ...["helper_image_flavor", "host", "hostname", "ipcmode", "isolation", "links", "log_options"],
    ...["mac_address", "memory_reservation", "memory_swap", "network_mtu", "oom_kill_disable"],
    ...[
      "oom_score_adjust",
      "runtime",
      "security_opt",
      "service_cgroup_parent",
      "service_cpu_shares",
    ],
    ...["service_cpus", "service_cpuset_cpus", "service_gpus", "service_memory"],
    ...["service_memory_reservation", "service_memory_swap", "service_slot_cgroup_template"],
    ...["services", "services_devices"],
    ...["services_limit", "services_privileged", "services_security_opt", "services_tmpfs"],
    ...["shm_size", "sysctls", "tls_cert_path", "tls_verify", "tmpfs", "ulimit", "user"],
    ...["userns_mode", "volume_driver", "volume_driver_ops", "volume_keep", "volumes_from"],
    "wait_for_services_timeout",
  ],
  kubernetes: [
    ...["affinity", "allow_privilege_escalation", "allowed_groups", "allowed_users", "autoscaler"],
    ...["automount_service_account_token", "bearer_token", "bearer_token_overwrite_allowed"],
    ...["build_container_security_context", "ca_file", "cap_add", "cap_drop", "cert_file"],
    ...["cleanup_grace_period_seconds", "cleanup_resources_timeout", "container_lifecycle"],
    ...["context", "dns_config", "dns_policy", "helper_container_security_context"],
    ...["helper_image_autoset_arch_and_os", "helper_image_flavor", "host", "host_aliases"],
    ...["init_permissions_container_security_context", "key_file", "logs_base_dir"],
    ...["namespace_overwrite_allowed", "namespace_per_job", "node_selector_overwrite_allowed"],
    ...["node_tolerations", "node_tolerations_overwrite_allowed", "pod_annotations"],
    ...["pod_annotations_overwrite_allowed", "pod_disruption_budget", "pod_labels"],
    ...["pod_labels_overwrite_allowed", "pod_security_context", "pod_spec"],
    ...["pod_termination_grace_period_seconds", "poll_interval", "poll_timeout"],
    ...[
      "print_pod_warning_events",
      "priority_class_name",
      "resource_availability_check_max_attempts",
    ],
    ...["retry_backoff_max", "retry_limit", "retry_limits", "runtime_class_name", "scheduler_name"],
    ...[
      "scripts_base_dir",
      "service_account_overwrite_allowed",
      "service_container_security_context",
    ],
    ...["services", "suspend_pvc_size", "suspend_pvc_storage_class"],
    ...["use_service_account_image_pull_secrets", "volumes"],
    ...resourceNames(),
  ],
};

/** The names that have a key of their own here, with that key. */
export const typedNames: Readonly<Record<Section, Readonly<Record<string, string>>>> = {
  global: {
    check_interval: "checkInterval",
    concurrent: "concurrency",
    listen_address: "listenAddress",
    log_format: "logFormat",
    log_level: "logLevel",
    runners: "another runner",
    session_server: "sessionServer",
    shutdown_timeout: "shutdownTimeout",
  },
  runners: {
    builds_dir: "buildsFolder",
    cache: "cache",
    clone_url: "cloneUrl",
    custom_build_dir: "jobsNameFolders",
    docker: "docker",
    environment: "environment",
    executor: "executor",
    feature_flags: "featureFlags",
    kubernetes: "kubernetes",
    limit: "limit",
    name: "description",
    output_limit: "outputLimit",
    request_concurrency: "requestConcurrency",
    shell: "shell",
    token: "generation, for another token,",
    url: "the address of GitLab",
  },
  docker: {
    ...containerNames("docker"),
    cpus: "docker.cpus",
    extra_hosts: "docker.extraHosts",
    memory: "docker.memory",
    network_mode: "docker.networkMode",
    volumes: "docker.volumes",
  },
  kubernetes: {
    ...containerNames("kubernetes"),
    cpu_limit: "kubernetes.cpuLimit",
    cpu_request: "kubernetes.cpuRequest",
    image_pull_secrets: "kubernetes.imagePullSecrets",
    memory_limit: "kubernetes.memoryLimit",
    memory_request: "kubernetes.memoryRequest",
    namespace: "kubernetes.namespace",
    node_selector: "kubernetes.nodeSelector",
    service_account: "kubernetes.serviceAccount",
  },
};

function containerNames(section: string): Record<string, string> {
  return {
    allowed_images: `${section}.allowedImages`,
    allowed_pull_policies: `${section}.allowedPullPolicies`,
    allowed_services: `${section}.allowedServices`,
    helper_image: `${section}.helperImage`,
    image: "image",
    privileged: `${section}.privileged`,
    pull_policy: `${section}.pullPolicy`,
  };
}

/**
 * Requests and limits of the build, helper and service containers and of the whole pod, each with its
 * own upper bound.
 */
function resourceNames(): string[] {
  const typed = ["cpu_limit", "cpu_request", "memory_limit", "memory_request"];
  return ["", "helper_", "service_"]
    .flatMap((container) => ["cpu", "memory", "ephemeral_storage"].map((what) => container + what))
    .concat(["pod_cpu", "pod_memory"])
    .flatMap((resource) => [`${resource}_limit`, `${resource}_request`])
    .flatMap((name) => [name, `${name}_overwrite_max_allowed`])
    .filter((name) => !typed.includes(name));
}
