// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace ClusterManager.Cli.Commands;

/// <summary>The option <c>--yes</c>. Every command that takes something away accepts it, also where nothing is lost and nobody is
/// asked, so that a script need not know which of them ask.</summary>
internal static class YesOption
{
    /// <summary>Makes the option.</summary>
    public static Option<bool> Make() => new("--yes", "-y") { Description = "Do not ask (CLUSTER_YES=1)" };
}
