// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Files;

/// <summary>The answer of <see cref="AtomicFile.ReadSealedAsync"/>.</summary>
public sealed record SealedReadResult
{
    internal static SealedReadResult Missing { get; } = new() { Outcome = SealedReadOutcome.Missing };

    /// <summary>What was found.</summary>
    public required SealedReadOutcome Outcome { get; init; }

    /// <summary>The content; empty unless <see cref="HasContent"/>.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>What is wrong with the newest generation, in words for an operator; null when nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>True when <see cref="Content"/> is a whole generation, the newest or the one before.</summary>
    public bool HasContent => Outcome is SealedReadOutcome.Intact or SealedReadOutcome.Previous;
}
