// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>
/// Whether the managers follow a service's image in its registry (compose <c>x-cluster.track</c>). It concerns the managers only: a change
/// of it alone restarts nothing.
/// </summary>
public sealed record TrackPolicy
{
    /// <summary>The shortest time between two looks: registries count them.</summary>
    public static readonly TimeSpan IntervalMin = TimeSpan.FromSeconds(5);

    /// <summary>The longest time between two looks.</summary>
    public static readonly TimeSpan IntervalMax = TimeSpan.FromHours(24);

    /// <summary>How often a service is looked at that waits for the registry's message.</summary>
    public static readonly TimeSpan WebhookInterval = TimeSpan.FromHours(1);

    /// <summary>Nothing is followed.</summary>
    public static TrackPolicy None { get; } = new();

    /// <summary>What is followed.</summary>
    public TrackKind Kind { get; init; } = TrackKind.None;

    /// <summary>For <see cref="TrackKind.Semver"/>: a <see cref="VersionRange"/> such as <c>^1.2</c>; empty otherwise.</summary>
    public string Range { get; init; } = "";

    /// <summary>What makes the managers look.</summary>
    public TrackVia Via { get; init; } = TrackVia.Poll;

    /// <summary>Time between two looks, 5 s to 24 h. Default 60 s. Services with the same tag share their looks.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The time between two looks as it is.</summary>
    public TimeSpan Period => Via == TrackVia.Webhook ? WebhookInterval : Interval;

    /// <summary>As a user writes it: <c>none</c>, <c>tag</c>, <c>semver ^1.2</c>.</summary>
    public override string ToString() => Kind switch { TrackKind.Tag => "tag", TrackKind.Semver => $"semver {Range}", _ => "none" };
}
