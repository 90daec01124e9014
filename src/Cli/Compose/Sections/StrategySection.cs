// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Compose.Yaml;
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>The key <c>x-cluster.update</c>: in which shape a new revision comes, its steps or its switch, and the gates
/// before them.</summary>
internal static class StrategySection
{
    private sealed class GateDraft
    {
        public required GateSpec Spec { get; set; }

        public bool HasUrl { get; set; }

        public bool HasComparison { get; set; }
    }

    private static readonly KeyTable<ServiceDraft> Keys = new()
    {
        { "strategy", static (c, v, d) => Checked(c, v, d, StrategyText.Strategy, StrategyText.StrategyAllowed) },
        { "steps", static (c, v, d) => ReadSteps(c, v, d) },
        { "hold", static (c, v, d) => Put(d, d.Spec.Update with { Hold = c.Duration(v, TimeSpan.Zero, TimeSpan.FromDays(1)) }) },
        { "keep_old", static (c, v, d) => Put(d, d.Spec.Update with { KeepOld = c.Duration(v, TimeSpan.Zero, TimeSpan.FromDays(1)) }) },
        { "promote", static (c, v, d) => Checked(c, v, d, StrategyText.Promote, StrategyText.PromoteAllowed) },
        { "gates", static (c, v, d) => ReadGates(c, v, d) },
    };

    private static readonly KeyTable<GateDraft> ApproveKeys = Timing(new KeyTable<GateDraft>());

    private static readonly KeyTable<GateDraft> HttpKeys = Timing(new KeyTable<GateDraft>
    {
        { "url", static (c, v, g) => ReadUrl(c, v, g) },
        { "every", static (c, v, g) => ReadInterval(c, v, g) },
    });

    private static readonly KeyTable<GateDraft> PrometheusKeys = Timing(new KeyTable<GateDraft>
    {
        { "url", static (c, v, g) => ReadUrl(c, v, g) },
        { "every", static (c, v, g) => ReadInterval(c, v, g) },
        { "query", static (c, v, g) => g.Spec = g.Spec with { Query = c.FilledText(v) ?? "" } },
        { "is", static (c, v, g) => ReadComparison(c, v, g) },
    });

    private static readonly KeyTable<ServiceDraft> GateKeys = new()
    {
        { "approve", static (c, v, d) => ReadGate(c, v, d, GateKind.Approve, TimeSpan.FromHours(24), ApproveKeys!) },
        { "http", static (c, v, d) => ReadGate(c, v, d, GateKind.Http, TimeSpan.FromMinutes(5), HttpKeys!) },
        { "prometheus", static (c, v, d) => ReadGate(c, v, d, GateKind.Prometheus, TimeSpan.FromMinutes(10), PrometheusKeys!) },
    };

    /// <summary>Reads <c>x-cluster.update</c> into the policy that <c>deploy.update_config</c> has begun, or will go on with.</summary>
    public static void Read(ReadContext context, Value value, ServiceDraft draft) => Keys.Read(context, value, draft);

    private static KeyTable<GateDraft> Timing(KeyTable<GateDraft> table)
    {
        table.Add("timeout", static (c, v, g) => g.Spec = g.Spec with
            { Timeout = c.Duration(v, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)) ?? g.Spec.Timeout });
        return table;
    }

    private static void ReadSteps(ReadContext context, Value value, ServiceDraft draft)
    {
        if (value.Node is not YamlList)
        {
            Checked(context, value, draft, StrategyText.Steps, StrategyText.StepsAllowed);
            return;
        }

        var steps = new List<UpdateStep>();
        foreach (var item in context.Items(value))
        {
            if (context.Text(item) is not { } text) continue;
            if (StrategyText.Step(text) is { } step) steps.Add(step);
            else context.Error(item, $"'{ReadContext.Shown(text)}' is not understood: a number of replicas or a percentage like 25% is");
        }

        Put(draft, draft.Spec.Update with { Steps = [.. steps] });
    }

    private static void ReadGates(ReadContext context, Value value, ServiceDraft draft)
    {
        foreach (var item in context.Items(value)) GateKeys.Read(context, item, draft);
    }

    private static void ReadGate(
        ReadContext context, Value value, ServiceDraft draft, GateKind kind, TimeSpan timeout, KeyTable<GateDraft> keys)
    {
        var gate = new GateDraft { Spec = new GateSpec { Kind = kind, Timeout = timeout } };
        if (!value.IsNull && !keys.Read(context, value, gate)) return;
        if (kind != GateKind.Approve && !gate.HasUrl) context.Error(value, "'url' is needed: who is asked");
        if (kind == GateKind.Prometheus && gate.Spec.Query.Length == 0) context.Error(value, "'query' is needed");
        if (kind == GateKind.Prometheus && !gate.HasComparison) context.Error(value, $"'is' is needed: {StrategyText.IsAllowed}");
        Put(draft, draft.Spec.Update with { Gates = draft.Spec.Update.Gates.Add(gate.Spec) });
    }

    private static void ReadUrl(ReadContext context, Value value, GateDraft gate)
    {
        gate.HasUrl = true;
        if (context.FilledText(value) is { } url) gate.Spec = gate.Spec with { Url = url.TrimEnd('/') };
    }

    private static void ReadInterval(ReadContext context, Value value, GateDraft gate) => gate.Spec = gate.Spec with
        { Interval = context.Duration(value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)) ?? gate.Spec.Interval };

    private static void ReadComparison(ReadContext context, Value value, GateDraft gate)
    {
        gate.HasComparison = true;
        if (context.FilledText(value) is not { } text) return;
        if (StrategyText.Is(text) is { } read) gate.Spec = gate.Spec with { Comparison = read.Comparison, Threshold = read.Threshold };
        else context.Error(value, $"'{ReadContext.Shown(text)}' is not understood: {StrategyText.IsAllowed} is");
    }

    private static void Checked(
        ReadContext context, Value value, ServiceDraft draft, Func<UpdatePolicy, string, UpdatePolicy?> read, string allowed)
    {
        if (context.Text(value) is not { } text) return;
        if (read(draft.Spec.Update, text) is { } changed) Put(draft, changed);
        else context.Error(value, $"'{ReadContext.Shown(text)}' is not understood: {allowed} is");
    }

    private static void Put(ServiceDraft draft, UpdatePolicy update) => draft.Spec = draft.Spec with { Update = update };
}
