// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Output.Views;

/// <summary>A release in a stack's history.</summary>
internal sealed record ReleaseView(
    int Release, string State, string? CreatedAt, string? EndedAt, string Actor, int? RollbackOf, string? Failed, string? Reason,
    string? RollbackReason, IReadOnlyList<ReleaseView.Service> Services)
{
    private const int DigestCharacters = 12;

    /// <summary>One service of it.</summary>
    internal sealed record Service(string Name, string State, int Revision, string? Image, string? Digest);

    /// <summary>For relative times.</summary>
    [JsonIgnore]
    public long CreatedUnixMs { get; init; }

    /// <summary>From the wire.</summary>
    public static ReleaseView Of(V1.ReleaseStatus one) => new(
        one.Number, Words.Of(one.State), TimeText.Rfc3339(one.CreatedUnixMs), TimeText.Rfc3339(one.EndedUnixMs), one.Actor,
        one.RollbackOf == 0 ? null : one.RollbackOf, one.Failed.Length == 0 ? null : one.Failed, TextOf(one.Reason),
        TextOf(one.RollbackReason),
        [.. one.Members.Select(member => new Service(member.Name, Words.Of(member.State), member.Revision,
            member.Image.Length == 0 ? null : member.Image, member.Digest.Length == 0 ? null : member.Digest))])
    {
        CreatedUnixMs = one.CreatedUnixMs,
    };

    /// <summary>A digest's first characters, without its algorithm.</summary>
    public static string Short(string digest)
    {
        var text = digest[(digest.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return text.Length <= DigestCharacters ? text : text[..DigestCharacters];
    }

    private static string? TextOf(V1.Reason? reason) => Words.TextOf(reason) is { Length: > 0 } text ? text : null;
}
