// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>What the answers to an image look-up amount to.</summary>
internal static class ImageVerdict
{
    /// <summary>The registry's digest, as soon as one agent has it; null: none so far.</summary>
    public static string? Digest(ImageQuery query)
    {
        foreach (var (node, answer) in query.Answers)
            if (query.RegistryNodes.Contains(node) && answer is { Failure: null, Digest.Length: > 0 }) return answer.Digest;
        return null;
    }

    /// <summary>
    /// The image as engines have it: by the digest of its repository, else by its id, which binds it to the nodes that have it. When
    /// engines disagree the one that most have is taken.
    /// </summary>
    public static ResolvedImage? Local(ImageQuery query)
    {
        if (MostCommon(query.Answers.Values.Select(answer => answer.Digest)) is { } digest)
            return new ResolvedImage { Digest = digest, Pinned = ImageReference.Pin(query.Image, digest) };
        if (MostCommon(query.Answers.Values.Select(answer => answer.LocalImageId)) is not { } id) return null;
        var holders = query.Answers.Where(pair => pair.Value.LocalImageId == id).Select(pair => pair.Key);
        return new ResolvedImage { ImageId = id, Nodes = [.. holders], Pinned = id };
    }

    /// <summary>The most definite refusal, and who met it: "there is no such image" before "no access" before "no answer".</summary>
    public static (Reason Reason, NodeId Node)? Failure(ImageQuery query) => query.Answers
        .Where(pair => pair.Value.Failure is not null)
        .OrderBy(pair => Rank(pair.Value.Failure!.Code)).ThenBy(pair => pair.Key)
        .Select(pair => ((Reason, NodeId)?)(pair.Value.Failure!, pair.Key)).FirstOrDefault();

    private static int Rank(ReasonCode code) => code switch
    {
        ReasonCode.ImageNotFound => 0,
        ReasonCode.RegistryDenied => 1,
        ReasonCode.RegistryUnreachable => 2,
        _ => 3,
    };

    private static string? MostCommon(IEnumerable<string> values) => values.Where(value => value.Length > 0)
        .GroupBy(value => value, StringComparer.Ordinal)
        .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
        .FirstOrDefault()?.Key;
}
