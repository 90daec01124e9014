// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Telemetry;

/// <summary>Names of what agents measure. They report it to the leader, which shows it with the label <c>node</c>.</summary>
public static class AgentMetricNames
{
    /// <summary>Allocations, by state.</summary>
    public const string Allocations = "cluster.agent.allocations";

    /// <summary>Attempts after the first.</summary>
    public const string Restarts = "cluster.agent.restarts";

    /// <summary>Images pulled, by outcome.</summary>
    public const string Pulls = "cluster.agent.pulls";

    /// <summary>Time spent on pulls.</summary>
    public const string PullTime = "cluster.agent.pull.time";

    /// <summary>Calls of the Docker Engine, by kind and outcome.</summary>
    public const string EngineCalls = "cluster.agent.engine.calls";

    /// <summary>Time spent on calls of the Docker Engine, by kind.</summary>
    public const string EngineCallTime = "cluster.agent.engine.call.time";

    /// <summary>Health probes by HTTP and TCP, by outcome.</summary>
    public const string Probes = "cluster.agent.probes";

    /// <summary>Entries in Consul that were not as they should be, though nothing had changed, and were repaired.</summary>
    public const string RegistrationsRepaired = "cluster.agent.registrations.repaired";

    /// <summary>Calls of the node's Consul by the agent, by kind and outcome.</summary>
    public const string ConsulCalls = "cluster.agent.consul.calls";

    /// <summary>Free bytes, of the disk with the cluster's data and of the one with Docker's.</summary>
    public const string DiskFree = "cluster.agent.disk.free";

    /// <summary>Size of the same disks.</summary>
    public const string DiskSize = "cluster.agent.disk.size";

    /// <summary>1 while the engine's disk is too full for new replicas.</summary>
    public const string DiskPressed = "cluster.agent.disk.pressed";

    /// <summary>Images removed because nothing needed them.</summary>
    public const string ImagesRemoved = "cluster.agent.images.removed";

    /// <summary>Bytes by which removals of images made the disk freer.</summary>
    public const string ImageBytesFreed = "cluster.agent.images.freed";

    /// <summary>1 while the Docker Engine answers.</summary>
    public const string EngineUp = "cluster.agent.engine.up";

    /// <summary>1 while the node's Consul takes registrations.</summary>
    public const string ConsulUp = "cluster.agent.consul.up";

    /// <summary>What is left of the node's certificate.</summary>
    public const string CertificateRemaining = "cluster.agent.certificate.remaining";

    /// <summary>CPU time that the agent has used.</summary>
    public const string ProcessCpu = "cluster.agent.process.cpu.time";

    /// <summary>Resident memory of the agent.</summary>
    public const string ProcessMemory = "cluster.agent.process.memory.resident";

    /// <summary>Threads of the agent.</summary>
    public const string ProcessThreads = "cluster.agent.process.threads";

    /// <summary>Time since the agent began.</summary>
    public const string Uptime = "cluster.agent.uptime";
}
