// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>
/// A call to a registry that failed. Its text names registry and path and the registry's own words, never a credential, a token or a query.
/// </summary>
/// <param name="kind">What went wrong.</param>
/// <param name="registry">The registry that was asked, as images name it.</param>
/// <param name="text">One line for people.</param>
/// <param name="status">The HTTP status, or null when there was no answer.</param>
/// <param name="retryAfter">How long to stay away, when the registry said so or throttles.</param>
public sealed class RegistryException(RegistryErrorKind kind, string registry, string text, int? status = null, TimeSpan? retryAfter = null)
    : Exception(registry.Length == 0 ? text : $"registry {registry}: {text}")
{
    /// <summary>What went wrong.</summary>
    public RegistryErrorKind Kind { get; } = kind;

    /// <summary>The registry that was asked, host and port; empty when none was.</summary>
    public string Registry { get; } = registry;

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public int? Status { get; } = status;

    /// <summary>
    /// How long to stay away. Always set for <see cref="RegistryErrorKind.Throttled"/>, at most a day; null where nobody said anything.
    /// </summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>True when a later try makes sense without anybody's doing.</summary>
    public bool IsTransient => Kind is RegistryErrorKind.Unavailable or RegistryErrorKind.Throttled;
}
