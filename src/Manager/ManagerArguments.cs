// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Manager;

/// <summary>The manager's command line.</summary>
/// <param name="DataDirectory">Null: the default.</param>
/// <param name="Port">Of the API.</param>
/// <param name="Verbose">Log more.</param>
internal sealed record ManagerArguments(string? DataDirectory, int Port, bool Verbose)
{
    /// <summary>Null when the words make no sense.</summary>
    public static ManagerArguments? TryParse(IReadOnlyList<string> args)
    {
        var parsed = new ManagerArguments(null, ManagerIdentity.DefaultPort, false);
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
                case "--verbose":
                    parsed = parsed with { Verbose = true };
                    break;
                default:
                    return null;
            }
        }

        return parsed;
    }
}
