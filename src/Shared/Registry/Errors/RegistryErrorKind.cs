// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>What went wrong, as far as a caller would act differently.</summary>
public enum RegistryErrorKind
{
    /// <summary>The image names no registry, and no default is set. Nothing was sent.</summary>
    NoRegistry,

    /// <summary>There is no such image, tag or platform.</summary>
    NotFound,

    /// <summary>No or wrong credentials, or they may not read this (HTTP 401 and 403).</summary>
    Refused,

    /// <summary>Too many requests (HTTP 429): <see cref="RegistryException.RetryAfter"/> says when to come back.</summary>
    Throttled,

    /// <summary>Not reached, no answer in time, the connection broke, or HTTP 5xx: it may be well again on its own.</summary>
    Unavailable,

    /// <summary>The content is not what its digest says: damaged or replaced on its way.</summary>
    Untrue,

    /// <summary>An answer that cannot be understood, is too large, or leads where we do not follow.</summary>
    Protocol,
}
