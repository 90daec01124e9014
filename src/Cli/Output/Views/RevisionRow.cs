// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Output.Views;

/// <summary>A revision in a history.</summary>
internal sealed record RevisionRow(
    int Revision, bool Wanted, string Image, string? ResolvedImage, string? CreatedAt, string Actor, string? State, int? Rollout,
    string? EndedAt, string? Reason, bool Served)
{
    /// <summary>For relative times.</summary>
    [JsonIgnore]
    public long CreatedUnixMs { get; init; }

    /// <summary>From the wire.</summary>
    public static RevisionRow Of(V1.RevisionView r) => new(
        r.Number, r.Wanted, r.Image, r.ResolvedImage.Length == 0 ? null : r.ResolvedImage, TimeText.Rfc3339(r.CreatedUnixMs), r.Actor,
        r.State == V1.RolloutState.Unspecified ? null : Words.Of(r.State), r.Rollout == 0 ? null : r.Rollout,
        TimeText.Rfc3339(r.EndedUnixMs), r.Reason.Length == 0 ? null : r.Reason, r.Served)
    {
        CreatedUnixMs = r.CreatedUnixMs,
    };
}
