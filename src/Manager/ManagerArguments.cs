// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;

namespace ClusterManager.Manager;

/// <summary>The manager's command line.</summary>
/// <param name="DataDirectory">Null: the default.</param>
/// <param name="Port">Of the API.</param>
/// <param name="Verbose">Log more.</param>
/// <param name="MetricsAddress">Where metrics are served without TLS, to everybody who reaches it; null: nowhere.</param>
internal sealed record ManagerArguments(string? DataDirectory, int Port, bool Verbose, IPEndPoint? MetricsAddress)
{
    /// <summary>The same as <c>--metrics-address</c>, for managers that a supervisor starts.</summary>
    public const string MetricsVariable = "CLUSTER_METRICS_ADDRESS";

    /// <summary>Null when the words make no sense.</summary>
    /// <param name="args">The words.</param>
    /// <param name="metricsVariable">The value of <see cref="MetricsVariable"/>.</param>
    public static ManagerArguments? TryParse(IReadOnlyList<string> args, string? metricsVariable = null)
    {
        IPEndPoint? metrics = null;
        if (!string.IsNullOrEmpty(metricsVariable) && !TryAddress(metricsVariable, out metrics)) return null;
        var parsed = new ManagerArguments(null, ManagerIdentity.DefaultPort, false, metrics);
        for (var i = 0; i < args.Count; i++)
        {
            var next = i + 1 < args.Count ? args[i + 1] : null;
            switch (args[i])
            {
                case "--data-dir" when next is not null:
                    parsed = parsed with { DataDirectory = next };
                    i++;
                    break;
                case "--port" when int.TryParse(next, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0
                    and <= 65535:
                    parsed = parsed with { Port = port };
                    i++;
                    break;
                case "--metrics-address" when TryAddress(next, out var address):
                    parsed = parsed with { MetricsAddress = address };
                    i++;
                    break;
                case "--verbose":
                    parsed = parsed with { Verbose = true };
                    break;
                default:
                    return null;
            }
        }

        return parsed;
    }

    private static bool TryAddress(string? text, out IPEndPoint? address) =>
        IPEndPoint.TryParse(text ?? "", out address) && address.Port > 0;
}
