// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Compose.Sections;

/// <summary>Keys of the compose specification that a service may not have here, each with what to do instead.</summary>
internal static class RefusedKeys
{
    private const string NoNetworks =
        "services reach each other by name (NAME.service.consul) and published ports; networks of a cluster's own come later";
    private const string OneHost = "it concerns one machine, and replicas may run on any node";
    private const string UseDeploy = "limits and reservations stand under deploy.resources";
    private const string NotYet = "the cluster does not pass it to the engine yet";

    // Known, and waiting for somebody who needs them.
    private static readonly string[] Unsupported =
    [
        "annotations", "blkio_config", "cgroup", "device_cgroup_rules", "devices", "gpus", "group_add", "ipc", "mem_swappiness",
        "memswap_limit", "oom_kill_disable", "oom_score_adj", "pid", "post_start", "pre_stop", "privileged", "runtime",
        "security_opt", "storage_opt", "use_api_socket", "userns_mode", "uts",
    ];

    private static readonly Dictionary<string, string> Limits = new(StringComparer.Ordinal)
    {
        ["cpu_count"] = UseDeploy,
        ["cpu_percent"] = UseDeploy,
        ["cpu_period"] = UseDeploy,
        ["cpu_quota"] = UseDeploy,
        ["cpu_rt_period"] = UseDeploy,
        ["cpu_rt_runtime"] = UseDeploy,
        ["cpu_shares"] = UseDeploy,
        ["cpus"] = "write deploy.resources.limits.cpus",
        ["mem_limit"] = "write deploy.resources.limits.memory",
        ["mem_reservation"] = "write deploy.resources.reservations.memory",
        ["pids_limit"] = "write deploy.resources.limits.pids",
        ["scale"] = "write deploy.replicas",
    };

    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["attach"] = "it concerns the terminal of 'docker compose up'",
        ["build"] = "nodes pull images: build it, push it to a registry that all nodes reach, and name it by 'image'",
        ["cgroup_parent"] = OneHost,
        ["configs"] = "put the content into the image, an environment variable or a bind mount",
        ["container_name"] = "a service can have many replicas: the cluster names containers stack-service.slot.allocation",
        ["cpuset"] = OneHost,
        ["credential_spec"] = "nodes run Linux",
        ["develop"] = "it concerns a developer's machine",
        ["dns"] = "the node's Consul answers names and forwards the rest",
        ["dns_opt"] = "the node's Consul answers names and forwards the rest",
        ["dns_search"] = "the node's Consul answers names and forwards the rest",
        ["domainname"] = "write the full name as 'hostname'",
        ["expose"] = "containers of a node reach each other's ports anyway; publish under 'ports' what other nodes are to reach",
        ["extends"] = "use YAML anchors and merge keys (<<: *base)",
        ["external_links"] = NoNetworks,
        ["isolation"] = "nodes run Linux",
        ["label_file"] = "write the labels under 'labels'",
        ["links"] = NoNetworks,
        ["logging"] = "logs are kept by the node, 3 files of 10 MB, and read with 'cluster logs'",
        ["mac_address"] = OneHost,
        ["models"] = "a model runs as a service like any other",
        ["network_mode"] = NoNetworks,
        ["networks"] = NoNetworks,
        ["platform"] = "write the constraint node.platform.arch == amd64 under deploy.placement.constraints",
        ["profiles"] = "every service of the file is deployed: keep others in a file of their own",
        ["provider"] = "services are containers here",
        ["pull_policy"] = "an image is resolved to its digest once per revision and pulled where it is missing",
        ["secrets"] = "secrets of a cluster's own come later",
        ["shm_size"] = "mount a tmpfs with a size at /dev/shm under 'volumes'",
        ["stdin_open"] = "services have no terminal",
        ["tmpfs"] = "write it under 'volumes': {type: tmpfs, target: /path}",
        ["tty"] = "services have no terminal",
        ["volume_driver"] = "volumes are directories of their home node",
        ["volumes_from"] = "name the volumes under 'volumes'",
    };

    /// <summary>Key and reason.</summary>
    public static IReadOnlyDictionary<string, string> OfService { get; } = new Dictionary<string, string>(
        Others.Concat(Limits).Concat(Unsupported.Select(key => KeyValuePair.Create(key, NotYet))), StringComparer.Ordinal);
}
