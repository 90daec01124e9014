// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ClusterManager.Cli.Compose.Sections;
using ClusterManager.Cli.Compose.Values;
using ClusterManager.Model;

namespace ClusterManager.Cli.Output.Views;

/// <summary>A spec as JSON: keys that stay, durations as texts like 1m30s, sizes in bytes, what is not set as null.</summary>
internal static class SpecJson
{
    /// <summary>The whole spec.</summary>
    public static JsonObject Of(ServiceSpec spec) => new()
    {
        ["name"] = spec.Name.Display,
        ["mode"] = Words.Of(spec.Mode),
        ["replicas"] = spec.Replicas,
        ["container"] = Container(spec.Container),
        ["ports"] = new JsonArray([.. spec.Ports.Select(Port)]),
        ["health"] = spec.Health is { } health ? Health(health) : null,
        ["resources"] = new JsonObject
        {
            ["cpuLimitNano"] = spec.Resources.CpuLimitNano,
            ["memoryLimitBytes"] = spec.Resources.MemoryLimitBytes,
            ["pidsLimit"] = spec.Resources.PidsLimit,
            ["cpuReservationNano"] = spec.Resources.CpuReservationNano,
            ["memoryReservationBytes"] = spec.Resources.MemoryReservationBytes,
        },
        ["constraints"] = Texts(spec.Constraints.Select(c => c.ToString())),
        ["restart"] = new JsonObject
        {
            ["condition"] = Words.Of(spec.Restart.Condition),
            ["delay"] = DurationText.Format(spec.Restart.Delay),
            ["maxAttempts"] = spec.Restart.MaxAttempts,
            ["window"] = DurationText.Format(spec.Restart.Window),
        },
        ["update"] = new JsonObject
        {
            ["parallelism"] = UpdateText.ParallelismOf(spec.Update),
            ["order"] = Words.Of(spec.Update.Order),
            ["delay"] = DurationText.Format(spec.Update.Delay),
            ["monitor"] = spec.Update.Monitor is { } monitor ? DurationText.Format(monitor) : null,
            ["maxFailureRatio"] = spec.Update.MaxFailureRatio,
            ["failureAction"] = Words.Of(spec.Update.FailureAction),
            ["strategy"] = Words.Of(spec.Update.Strategy),
            ["steps"] = Texts(spec.Update.Strategy != UpdateStrategy.Canary ? []
                : StrategyText.StepsOf(spec.Update.CanarySteps).Split(',')),
            ["hold"] = spec.Update.Strategy != UpdateStrategy.Rolling ? DurationText.Format(spec.Update.CanaryHold) : null,
            ["keepOld"] = spec.Update.Strategy == UpdateStrategy.BlueGreen ? DurationText.Format(spec.Update.KeepsOldFor) : null,
            ["gates"] = new JsonArray([.. spec.Update.Gates.Select(Gate)]),
            ["preDeploy"] = Hook(spec.Update.PreDeploy),
            ["postDeploy"] = Hook(spec.Update.PostDeploy),
        },
        ["track"] = new JsonObject
        {
            ["follow"] = spec.Track.ToString(),
            ["via"] = Words.Of(spec.Track.Via),
            ["interval"] = DurationText.Format(spec.Track.Interval),
        },
        ["dependsOn"] = new JsonObject(spec.DependsOn.Select(pair =>
            KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(DependencyText.Of(pair.Value))))),
        ["labels"] = Map(spec.Labels),
        ["progressDeadline"] = DurationText.Format(spec.ProgressDeadline),
        ["drain"] = DurationText.Format(spec.DrainDelay),
    };

    private static JsonObject Container(ContainerSpec c) => new()
    {
        ["image"] = c.Image,
        ["command"] = c.Command is { } command ? Texts(command) : null,
        ["entrypoint"] = c.Entrypoint is { } entrypoint ? Texts(entrypoint) : null,
        ["environment"] = Map(c.Environment),
        ["labels"] = Map(c.Labels),
        ["user"] = c.User,
        ["workingDirectory"] = c.WorkingDirectory,
        ["hostname"] = c.Hostname,
        ["init"] = c.Init,
        ["readOnly"] = c.ReadOnly,
        ["capabilitiesAdded"] = Texts(c.CapabilitiesAdded),
        ["capabilitiesDropped"] = Texts(c.CapabilitiesDropped),
        ["ulimits"] = new JsonArray([.. c.Ulimits.Select(u => (JsonNode)new JsonObject { ["name"] = u.Name, ["soft"] = u.Soft,
            ["hard"] = u.Hard })]),
        ["sysctls"] = Map(c.Sysctls),
        ["stopSignal"] = c.StopSignal,
        ["stopGracePeriod"] = DurationText.Format(c.StopGracePeriod),
        ["extraHosts"] = Texts(c.ExtraHosts.Select(h => $"{h.Hostname}={h.Address}")),
        ["mounts"] = new JsonArray([.. c.Mounts.Select(m => (JsonNode)new JsonObject
        {
            ["kind"] = Words.Of(m.Kind), ["source"] = m.Source, ["target"] = m.Target, ["readOnly"] = m.ReadOnly,
            ["tmpfsSizeBytes"] = m.TmpfsSizeBytes,
            ["tmpfsMode"] = m.TmpfsMode is { } mode ? Convert.ToString(mode, 8) : null,
        })]),
    };

    private static JsonObject Port(PortSpec p) => new()
    {
        ["mode"] = Words.Of(p.Mode), ["target"] = p.Target, ["published"] = p.Published, ["protocol"] = Words.Of(p.Protocol),
        ["hostAddress"] = p.HostAddress,
    };

    private static JsonObject Health(HealthSpec h) => new()
    {
        ["kind"] = Words.Of(h.Kind),
        ["test"] = Texts(h.Test),
        ["port"] = h.Port,
        ["path"] = h.Kind == HealthKind.Http ? h.Path : null,
        ["interval"] = DurationText.Format(h.Interval),
        ["timeout"] = DurationText.Format(h.Timeout),
        ["retries"] = h.Retries,
        ["startPeriod"] = DurationText.Format(h.StartPeriod),
        ["startInterval"] = DurationText.Format(h.StartInterval),
    };

    private static JsonNode Gate(GateSpec g) => new JsonObject
    {
        ["kind"] = Words.Of(g.Kind), ["url"] = g.Url.Length == 0 ? null : g.Url, ["query"] = g.Query.Length == 0 ? null : g.Query,
        ["is"] = g.Kind == GateKind.Prometheus ? StrategyText.IsOf(g) : null,
        ["every"] = g.Kind == GateKind.Approve ? null : DurationText.Format(g.Interval), ["timeout"] = DurationText.Format(g.Timeout),
    };

    private static JsonObject? Hook(HookSpec? hook) => hook is null ? null : new JsonObject
    {
        ["command"] = Texts(hook.Command), ["timeout"] = DurationText.Format(hook.Timeout),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)JsonValue.Create(t))]);

    private static JsonObject Map(ImmutableSortedDictionary<string, string> map) =>
        new(map.Select(p => new KeyValuePair<string, JsonNode?>(p.Key, JsonValue.Create(p.Value))));
}
