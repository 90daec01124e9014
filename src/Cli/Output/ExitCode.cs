// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Output;

/// <summary>What the process ends with; <c>cluster help exit-codes</c> prints the same table.</summary>
internal enum ExitCode
{
    /// <summary>Done as asked.</summary>
    Done = 0,

    /// <summary>Failed: image, registry, health, deadline.</summary>
    Failed = 1,

    /// <summary>Usage or bad input, a bad spec included.</summary>
    BadInput = 2,

    /// <summary>Not found.</summary>
    NotFound = 3,

    /// <summary>Rolled back: the old revision runs.</summary>
    RolledBack = 4,

    /// <summary>Cannot be placed.</summary>
    CannotBePlaced = 5,

    /// <summary>The outcome is not known.</summary>
    OutcomeUnknown = 6,

    /// <summary>No manager can be reached.</summary>
    NoManager = 7,

    /// <summary>Refused by a conflict.</summary>
    Conflict = 8,

    /// <summary>Not permitted.</summary>
    NotPermitted = 9,

    /// <summary>Interrupted.</summary>
    Interrupted = 130,
}

/// <summary>The table of exit codes for people.</summary>
internal static class ExitCodes
{
    /// <summary>Each code with its meaning, in order.</summary>
    public static IReadOnlyList<(ExitCode Code, string Meaning)> Table { get; } =
    [
        (ExitCode.Done, "done as asked"),
        (ExitCode.Failed, "failed: image, registry, health or deadline"),
        (ExitCode.BadInput, "usage or bad input, a bad spec included"),
        (ExitCode.NotFound, "not found"),
        (ExitCode.RolledBack, "rolled back: the old revision runs"),
        (ExitCode.CannotBePlaced, "cannot be placed: no node matches, or a port is in use on all of them"),
        (ExitCode.OutcomeUnknown, "outcome not known: the answer was lost, or --wait-limit passed"),
        (ExitCode.NoManager, "no manager reachable: nothing was changed"),
        (ExitCode.Conflict, "refused by a conflict: a port or name held by another service, or the state moved since the plan"),
        (ExitCode.NotPermitted, "not permitted"),
        (ExitCode.Interrupted, "interrupted"),
    ];
}
