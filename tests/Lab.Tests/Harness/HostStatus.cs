// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Lab.Tests.Harness;

/// <summary>What <c>lab.sh status</c> says of a host.</summary>
/// <param name="Name">h1 and so on.</param>
/// <param name="IsOn">It has power.</param>
/// <param name="IsCut">Its link is down.</param>
/// <param name="Roles">What runs on it: engine, supervisor, consul, manager, agent.</param>
public sealed record HostStatus(string Name, bool IsOn, bool IsCut, IReadOnlyList<string> Roles)
{
    /// <summary>Reads one line: name, address, power, link, version of the engine, programs; "-" for nothing.</summary>
    public static HostStatus Parse(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] engine = words[4] == "-" ? [] : ["engine"];
        return new HostStatus(words[0], words[2] == "on", words[3] == "cut", [.. engine, .. words[5..].Where(role => role != "-")]);
    }
}
