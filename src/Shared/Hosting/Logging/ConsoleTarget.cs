// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Logging;

/// <summary>Where the readable log lines of a process go besides its file.</summary>
public enum ConsoleTarget
{
    /// <summary>Nowhere: the command line tool.</summary>
    None,

    /// <summary>Standard output: a service under systemd, whose journal collects it.</summary>
    StandardOutput,

    /// <summary>Standard error: a command whose output is its result.</summary>
    StandardError,
}
