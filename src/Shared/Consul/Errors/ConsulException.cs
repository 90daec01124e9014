// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>A call to Consul that failed. Its text names the operation and Consul's own words, never a token, a body or a query.</summary>
/// <param name="kind">What went wrong.</param>
/// <param name="operation">Method and path.</param>
/// <param name="status">The HTTP status, or null when there was no answer.</param>
/// <param name="text">One line for people.</param>
public sealed class ConsulException(ConsulErrorKind kind, string operation, int? status, string text)
    : Exception(status is null ? $"Consul {operation}: {text}" : $"Consul {operation}: {status} {text}")
{
    /// <summary>What went wrong.</summary>
    public ConsulErrorKind Kind { get; } = kind;

    /// <summary>Method and path of the request.</summary>
    public string Operation { get; } = operation;

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public int? Status { get; } = status;

    /// <summary>Consul's words, or ours when it did not answer.</summary>
    public string Text { get; } = text;

    /// <summary>True when Consul may be well again on its own, so that a later try makes sense.</summary>
    public bool IsTransient => Kind is ConsulErrorKind.Unreachable or ConsulErrorKind.Timeout or ConsulErrorKind.ConnectionLost
        or ConsulErrorKind.NoLeader or ConsulErrorKind.Busy or ConsulErrorKind.ServerError;

    /// <summary>True when the request certainly changed nothing.</summary>
    public bool ChangedNothing => Kind is ConsulErrorKind.Unreachable or ConsulErrorKind.Busy or ConsulErrorKind.PermissionDenied
        or ConsulErrorKind.NotFound or ConsulErrorKind.BadRequest;
}
