// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Collections.Immutable;

namespace ClusterManager.Telemetry;

/// <summary>One metric that agents report: the contract between agent and manager. What is not in <see cref="All"/> is dropped.</summary>
/// <param name="Name">Of <see cref="AgentMetricNames"/>.</param>
/// <param name="Unit"><c>s</c>, <c>By</c>, or a word in braces.</param>
/// <param name="Help">What it says, in a sentence.</param>
/// <param name="Kind">Gauge or counter.</param>
/// <param name="Labels">The only keys it may have. Never an allocation, a container or an address: series would grow without end.</param>
public sealed record AgentMetric(string Name, string Unit, string Help, MetricKind Kind, ImmutableArray<string> Labels)
{
    /// <summary>Most samples of one report.</summary>
    public const int SamplesMax = 200;

    /// <summary>Most characters of a label's value.</summary>
    public const int LabelLengthMax = 64;

    /// <summary>Every metric that agents report.</summary>
    public static ImmutableArray<AgentMetric> All { get; } =
    [
        Gauge(AgentMetricNames.Allocations, "{allocation}", "Allocations that the agent has, by state.", "state"),
        Counter(AgentMetricNames.Restarts, "{restart}", "Attempts after the first."),
        Counter(AgentMetricNames.Pulls, "{pull}", "Images pulled, by outcome.", "outcome"),
        Counter(AgentMetricNames.PullTime, "s", "Time spent on pulls."),
        Counter(AgentMetricNames.EngineCalls, "{call}", "Calls of the Docker Engine.", "kind", "outcome"),
        Counter(AgentMetricNames.EngineCallTime, "s", "Time spent on calls of the Docker Engine.", "kind"),
        Counter(AgentMetricNames.Probes, "{probe}", "Health probes by HTTP and TCP, by outcome.", "outcome"),
        Counter(AgentMetricNames.RegistrationsRepaired, "{entry}", "Entries in Consul found other than they should be, and repaired."),
        Counter(AgentMetricNames.ConsulCalls, "{call}", "Calls of the node's Consul by the agent.", "kind", "outcome"),
        Gauge(AgentMetricNames.DiskFree, "By", "Free bytes of a disk.", "disk"),
        Gauge(AgentMetricNames.DiskSize, "By", "Size of a disk.", "disk"),
        Gauge(AgentMetricNames.DiskPressed, "{disk}", "1 while the engine's disk is too full for new replicas."),
        Counter(AgentMetricNames.ImagesRemoved, "{image}", "Images removed because nothing needed them."),
        Counter(AgentMetricNames.ImageBytesFreed, "By", "Bytes by which removals of images made the disk freer."),
        Gauge(AgentMetricNames.EngineUp, "{engine}", "1 while the Docker Engine answers."),
        Gauge(AgentMetricNames.ConsulUp, "{consul}", "1 while the node's Consul takes registrations."),
        Gauge(AgentMetricNames.CertificateRemaining, "s", "What is left of the node's certificate."),
        Counter(AgentMetricNames.ProcessCpu, "s", "CPU time that the agent has used."),
        Gauge(AgentMetricNames.ProcessMemory, "By", "Resident memory of the agent."),
        Gauge(AgentMetricNames.ProcessThreads, "{thread}", "Threads of the agent."),
        Gauge(AgentMetricNames.Uptime, "s", "Time since the agent began."),
    ];

    private static readonly FrozenDictionary<string, AgentMetric> ByName = All.ToFrozenDictionary(one => one.Name, StringComparer.Ordinal);

    /// <summary>The metric of that name; null: no agent should report it.</summary>
    public static AgentMetric? Find(string name) => ByName.GetValueOrDefault(name);

    private static AgentMetric Gauge(string name, string unit, string help, params string[] labels) =>
        new(name, unit, help, MetricKind.Gauge, [.. labels]);

    private static AgentMetric Counter(string name, string unit, string help, params string[] labels) =>
        new(name, unit, help, MetricKind.Counter, [.. labels]);
}
