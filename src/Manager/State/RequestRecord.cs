// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>A mutation that was carried out: the same request id again is answered from here and changes nothing.</summary>
public sealed record RequestRecord
{
    /// <summary>How many are kept: request n lies in place n mod this.</summary>
    public const int Kept = 256;

    /// <summary>The caller's id.</summary>
    public required string Id { get; init; }

    /// <summary>Counts mutations, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>Who asked.</summary>
    public required string Actor { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The method's name: the same id for another method is refused.</summary>
    public required string Method { get; init; }

    /// <summary>Enough to answer again; never a secret.</summary>
    public ImmutableArray<RequestOutcome> Outcomes { get; init; } = [];
}
