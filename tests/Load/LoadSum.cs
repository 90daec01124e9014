// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Load;

/// <summary>What became of all requests to one target.</summary>
public sealed record LoadSum
{
    /// <summary>As <see cref="LoadTarget.Text"/>.</summary>
    public required string Target { get; init; }

    /// <summary>Requests sent, retries not counted again.</summary>
    public required long Requests { get; init; }

    /// <summary>Answers with status 200 in time.</summary>
    public required long Good { get; init; }

    /// <summary>Refused, cut off before or within the answer, without answer, or with another status.</summary>
    public required long Failed { get; init; }

    /// <summary>Of the failed: cut off.</summary>
    public required long Reset { get; init; }

    /// <summary>Good answers that took too long.</summary>
    public required long Late { get; init; }

    /// <summary>
    /// Requests on an open idle connection that was cut off at once (250 ms) and before any byte of the answer, and that were sent once
    /// more on a new connection: no failure, as any client of HTTP must expect it (RFC 9110, section 9.2.2; RFC 9112, section 9.3.1).
    /// </summary>
    public required long Retries { get; init; }

    /// <summary>Connections made.</summary>
    public required long Connections { get; init; }

    /// <summary>The median time to the answer, slow requests included.</summary>
    public required long P50Ms { get; init; }

    /// <summary>99 of 100 were answered in this time.</summary>
    public required long P99Ms { get; init; }

    /// <summary>The longest.</summary>
    public required long MaxMs { get; init; }

    /// <summary>How many answers came from which version.</summary>
    public required IReadOnlyDictionary<string, long> Versions { get; init; }

    /// <summary>Answers by place; through a proxy it is the proxy's.</summary>
    public required IReadOnlyDictionary<string, long> Endpoints { get; init; }

    /// <summary>Failed or late.</summary>
    public long Failures => Failed + Late;
}
