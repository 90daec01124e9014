// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using ClusterManager.Agent.Docker;
using ClusterManager.Telemetry;

namespace ClusterManager.Agent.Telemetry;

/// <summary>What the agent counts while it works. An instrument to which nobody listens costs a comparison.</summary>
internal static class AgentMeter
{
    private static readonly Meter Meter = new(TelemetryNames.AgentMeter);
    private static readonly Counter<long> RestartCount = Counter(AgentMetricNames.Restarts);
    private static readonly Counter<long> Pulls = Counter(AgentMetricNames.Pulls);
    private static readonly Counter<double> PullTime = Time(AgentMetricNames.PullTime);
    private static readonly Counter<long> Calls = Counter(AgentMetricNames.EngineCalls);
    private static readonly Counter<double> CallTime = Time(AgentMetricNames.EngineCallTime);
    private static readonly Counter<long> Probes = Counter(AgentMetricNames.Probes);
    private static readonly Counter<long> ImagesRemoved = Counter(AgentMetricNames.ImagesRemoved);
    private static readonly Counter<long> ImageBytesFreed = Counter(AgentMetricNames.ImageBytesFreed);
    private static readonly Counter<long> Repairs = Counter(AgentMetricNames.RegistrationsRepaired);

    /// <summary>Images were removed.</summary>
    /// <param name="images">How many.</param>
    /// <param name="bytes">By how much the disk became freer.</param>
    public static void Swept(int images, long bytes)
    {
        ImagesRemoved.Add(images);
        ImageBytesFreed.Add(bytes);
    }

    /// <summary>An attempt after the first has begun.</summary>
    public static void Restarted() => RestartCount.Add(1);

    /// <summary>A pull has ended.</summary>
    public static void Pulled(bool isDone, TimeSpan elapsed)
    {
        Pulls.Add(1, Tag("outcome", isDone ? "ok" : "failed"));
        PullTime.Add(elapsed.TotalSeconds);
    }

    /// <summary>A call of the engine has ended.</summary>
    /// <param name="call">Which.</param>
    /// <param name="outcome"><c>ok</c>, or what went wrong in a word.</param>
    /// <param name="elapsed">From sending it to its outcome.</param>
    public static void Called(DockerCall call, string outcome, TimeSpan elapsed)
    {
        var kind = Tag("kind", KindOf(call));
        Calls.Add(1, kind, Tag("outcome", outcome));
        CallTime.Add(elapsed.TotalSeconds, kind);
    }

    /// <summary>A probe has answered.</summary>
    public static void Probed(bool isPassed) => Probes.Add(1, Tag("outcome", isPassed ? "passed" : "failed"));

    /// <summary>Entries in Consul were other than they should be.</summary>
    public static void Repaired(int entries) => Repairs.Add(entries);

    // Two words of the path at most, without the object's name: containers/start, images, info.
    private static string KindOf(DockerCall call)
    {
        var parts = call.Path.Split('?')[0].Trim('/').Split('/');
        return parts[0] switch
        {
            "containers" when parts is [_, _, var verb] && verb.All(char.IsAsciiLetterLower) => $"containers/{verb}",
            "containers" when parts is [_, "create" or "json"] => $"containers/{parts[1]}",
            "containers" => call.Method == HttpMethod.Delete ? "containers/remove" : "containers",
            "images" or "networks" or "volumes" or "distribution" or "info" or "version" or "events" => parts[0],
            _ => "other",
        };
    }

    private static Counter<long> Counter(string name) => Meter.CreateCounter<long>(name, Of(name).Unit, Of(name).Help);

    private static Counter<double> Time(string name) => Meter.CreateCounter<double>(name, Of(name).Unit, Of(name).Help);

    private static AgentMetric Of(string name) =>
        AgentMetric.Find(name) ?? throw new ArgumentException($"{name} is not listed.", nameof(name));

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);
}
