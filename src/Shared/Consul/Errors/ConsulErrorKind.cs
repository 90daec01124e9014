// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>What went wrong, as far as a caller would act differently.</summary>
public enum ConsulErrorKind
{
    /// <summary>The agent could not be reached: the request was never sent, so nothing happened.</summary>
    Unreachable,

    /// <summary>No answer in time. A write may or may not have happened.</summary>
    Timeout,

    /// <summary>The connection ended before the answer. A write may or may not have happened.</summary>
    ConnectionLost,

    /// <summary>
    /// The agent answers, but its servers have no leader just now or cannot be reached. A write may or may not have happened.
    /// </summary>
    NoLeader,

    /// <summary>Too many requests (HTTP 429); nothing happened.</summary>
    Busy,

    /// <summary>The token is missing, unknown, or may not do this.</summary>
    PermissionDenied,

    /// <summary>What was asked for does not exist.</summary>
    NotFound,

    /// <summary>Consul refuses the request as it stands; sending it again will not help.</summary>
    BadRequest,

    /// <summary>Consul failed otherwise (HTTP 500); the text says how.</summary>
    ServerError,

    /// <summary>The answer could not be understood.</summary>
    Protocol,
}
