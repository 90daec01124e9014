// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Files;

/// <summary>The answer of <see cref="SealedJsonFile{T}.ReadAsync"/>.</summary>
public sealed record SealedJsonResult<T>
    where T : class
{
    /// <summary>What was found.</summary>
    public required SealedReadOutcome Outcome { get; init; }

    /// <summary>
    /// The value; null unless the outcome is <see cref="SealedReadOutcome.Intact"/> or <see cref="SealedReadOutcome.Previous"/>.
    /// </summary>
    public T? Value { get; init; }

    /// <summary>What is wrong, in words for an operator; null when nothing is.</summary>
    public string? Problem { get; init; }
}
