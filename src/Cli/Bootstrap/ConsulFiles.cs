// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Net;
using System.Text;
using ClusterManager.Consul.Provisioning;
using ClusterManager.Hosting.Files;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>Consul's files below <c>consul/</c>.</summary>
internal static class ConsulFiles
{
    /// <summary>The configuration (0600: it holds tokens and the gossip key).</summary>
    public static string Configuration(ClusterPaths paths) => Path.Combine(paths.ConsulDirectory, "config.json");

    /// <summary>Consul's own root.</summary>
    public static string Ca(ClusterPaths paths) => Path.Combine(paths.ConsulDirectory, "ca.pem");

    /// <summary>A server's certificate and key (0600), in one file so that no crash during a renewal can part them.</summary>
    public static string ServerPair(ClusterPaths paths) => Path.Combine(paths.ConsulDirectory, "server.pem");

    /// <summary>The token of this machine's agent (0600).</summary>
    public static string AgentToken(ClusterPaths paths) => Path.Combine(paths.AgentDirectory, "consul.token");

    /// <summary>Writes certificates; the pair is empty for a client, which gets its own from the servers.</summary>
    public static async Task WriteCertificatesAsync(ClusterPaths paths, string caPem, string certificateAndKeyPem,
        CancellationToken cancellationToken)
    {
        await AtomicFile.WriteTextAsync(Ca(paths), caPem, FileModes.Shared, cancellationToken);
        if (certificateAndKeyPem.Length == 0) return;
        await AtomicFile.WriteTextAsync(ServerPair(paths), certificateAndKeyPem, FileModes.Private, cancellationToken);
    }

    /// <summary>Writes the configuration for the version that will read it.</summary>
    public static Task WriteConfigurationAsync(
        ClusterPaths paths, ConsulAgentOptions options, ConsulVersion version, CancellationToken cancellationToken) =>
        AtomicFile.WriteAsync(
            Configuration(paths), Encoding.UTF8.GetBytes(ConsulConfiguration.ToJson(options, version)), FileModes.Private,
                cancellationToken);

    /// <summary>Everything of a machine whose Consul agent joins servers that are there.</summary>
    public static async Task WriteJoinAsync(
        ClusterPaths paths, MachineOptions machine, Wire.V1.ConsulJoin join, ConsulVersion version, CancellationToken cancellationToken)
    {
        await WriteCertificatesAsync(paths, join.CaCertificatePem, join.ServerCertificatePem, cancellationToken);
        var options = Options(paths, machine, join.IsServer, join.GossipKey) with
        {
            RetryJoin = [.. join.Servers], Datacenter = join.Datacenter, Acl = new ConsulAgentAcl(AgentToken: join.AgentToken),
        };
        await WriteConfigurationAsync(paths, options, version, cancellationToken);
        await AtomicFile.WriteTextAsync(AgentToken(paths), join.AgentToken, FileModes.Private, cancellationToken);
        if (join.ManagerToken.Length > 0)
            await AtomicFile.WriteTextAsync(paths.ManagerConsulToken, join.ManagerToken, FileModes.Private, cancellationToken);
    }

    /// <summary>What is the same for servers and clients.</summary>
    public static ConsulAgentOptions Options(ClusterPaths paths, MachineOptions machine, bool isServer, string gossipKey) => new()
    {
        NodeName = machine.Name,
        DataDirectory = Path.Combine(paths.ConsulDirectory, "data"),
        IsServer = isServer,
        BindAddress = machine.Advertise,
        AdvertiseAddress = machine.Advertise,
        GossipKey = gossipKey,
        Tls = isServer ? new ConsulAgentTls(Ca(paths), ServerPair(paths), ServerPair(paths)) : new ConsulAgentTls(Ca(paths)),
        DnsAddresses = ["127.0.0.1", HostRoles.ResolverAddress],
        Recursors = HostResolvers(),
    };

    // The host's resolvers answer what Consul does not; a resolver on loopback cannot be asked from a container, but Consul can ask it.
    private static ImmutableArray<string> HostResolvers()
    {
        try
        {
            return
            [
                .. File.ReadLines("/etc/resolv.conf")
                    .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                    .Where(words => words is ["nameserver", _, ..] && IPAddress.TryParse(words[1], out _)
                        && words[1] != HostRoles.ResolverAddress)
                    .Select(words => words[1])
                    .Take(3),
            ];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
