// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Bootstrap;

/// <summary>Making or joining a cluster cannot go on. The message says what, why and what to do.</summary>
/// <param name="code">The process's exit code, as UX's table says.</param>
/// <param name="message">For the operator; no secrets.</param>
internal sealed class BootstrapException(int code, string message) : Exception(message)
{
    /// <summary>Exit code: 1 failed.</summary>
    public const int Failed = 1;

    /// <summary>Exit code: 2 usage or bad input.</summary>
    public const int BadInput = 2;

    /// <summary>Exit code: 7 no manager reachable.</summary>
    public const int NoManager = 7;

    /// <summary>Exit code: 8 refused by a conflict.</summary>
    public const int Conflict = 8;

    /// <summary>Exit code: 9 not permitted.</summary>
    public const int NotPermitted = 9;

    /// <summary>What the process ends with.</summary>
    public int Code { get; } = code;
}
