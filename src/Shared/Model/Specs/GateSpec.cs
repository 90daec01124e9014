// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>What has to say yes before a canary's next step, beside the health of its replicas.</summary>
public sealed record GateSpec
{
    /// <summary>Who is asked.</summary>
    public required GateKind Kind { get; init; }

    /// <summary>How long after the step's hold it may stay shut before the rollout goes back, 1 s to 7 days.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Of HTTP: where the question goes. Of Prometheus: its address, without <c>/api/v1/query</c>. Empty otherwise.</summary>
    public string Url { get; init; } = "";

    /// <summary>Of Prometheus: the query; its result is one figure, or all of its figures have to hold. Empty otherwise.</summary>
    public string Query { get; init; } = "";

    /// <summary>Of Prometheus: how the figure has to stand to <see cref="Threshold"/>.</summary>
    public GateComparison Comparison { get; init; } = GateComparison.Less;

    /// <summary>Of Prometheus.</summary>
    public double Threshold { get; init; }

    /// <summary>How often is asked, 1 s to 1 h. Default 15 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether the figure stands as it has to. What is no number never does.</summary>
    public bool Holds(double value) => Comparison switch
    {
        GateComparison.Less => value < Threshold,
        GateComparison.LessOrEqual => value <= Threshold,
        GateComparison.Greater => value > Threshold,
        GateComparison.GreaterOrEqual => value >= Threshold,
        _ => false,
    };
}
