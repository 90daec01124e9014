// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;

namespace ClusterManager.Cli.Bootstrap.Checks;

/// <summary>A Consul of somebody's own on this machine.</summary>
internal static class ForeignConsulCheck
{
    private const int ConsulPort = 8500;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Asks the port that ours would have; not when it is not to be free.</summary>
    public static async Task<Finding?> RunAsync(IReadOnlyList<int> ports, CancellationToken cancellationToken) =>
        !ports.Contains(ConsulPort) || !await AnswersAsync(cancellationToken) ? null : new Finding(
            "consul", $"a Consul already answers on 127.0.0.1:{ConsulPort} of this machine and is left as it is",
            "a cluster brings and secures its own. Take another machine, or stop that Consul for good");

    private static async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var consul = new ConsulClient(new ConsulClientOptions { Timeout = Limit });
            await consul.Agent.GetSelfAsync(cancellationToken);
            return true;
        }
        catch (ConsulException error)
        {
            // Whoever refuses for lack of a token is one, too.
            return error.Kind is not (ConsulErrorKind.Unreachable or ConsulErrorKind.Timeout
                or ConsulErrorKind.ConnectionLost or ConsulErrorKind.Protocol);
        }
    }
}
