// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Net;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;
using ClusterManager.Model;

namespace ClusterManager.Agent.Node;

/// <summary>What the agent reads from its directory before it begins: who it is, and its certificate.</summary>
internal sealed record AgentConfiguration
{
    /// <summary>Where everything lies.</summary>
    public required ClusterPaths Paths { get; init; }

    /// <summary>The node's file.</summary>
    public required NodeFile File { get; init; }

    /// <summary>The same, parsed.</summary>
    public required NodeIdentity Node { get; init; }

    /// <summary>The node's certificate.</summary>
    public required CertificateWithKey Certificate { get; init; }

    /// <summary>The trusted roots.</summary>
    public required TrustBundle Trust { get; init; }

    /// <summary>Reads it all.</summary>
    /// <returns>The configuration, or what is wrong and how to mend it, for a person.</returns>
    public static async Task<(AgentConfiguration? Configuration, string? Problem)> LoadAsync(
        ClusterPaths paths, CancellationToken cancellationToken)
    {
        var read = await NodeFile.At(paths).ReadAsync(cancellationToken);
        if (read.Outcome == SealedReadOutcome.Missing)
            return (null, $"{paths.NodeFile} does not exist: run 'cluster init' or 'cluster join' first");
        if (read.Value is not { } file) return (null, $"{paths.NodeFile} can not be used: {read.Problem}");
        if (!TryIdentify(file, out var node, out var problem)) return (null, $"{paths.NodeFile} can not be used: {problem}");
        if (await CertificateWithKey.TryLoadAsync(paths.NodeCertificate, cancellationToken) is not { } certificate)
            return (null, $"{paths.NodeCertificate} is missing or damaged: join this machine again");
        var pem = await AtomicFile.ReadTextAsync(paths.TrustedRoots, cancellationToken) ?? "";
        if (TrustBundle.TryParse(pem, out var untrusted) is not { } trust)
            return (null, $"{paths.TrustedRoots} can not be used: {untrusted}");
        return (new AgentConfiguration { Paths = paths, File = file, Node = node, Certificate = certificate, Trust = trust }, null);
    }

    private static bool TryIdentify(NodeFile file, [NotNullWhen(true)] out NodeIdentity? node, [NotNullWhen(false)] out string? problem)
    {
        node = null;
        problem = !ClusterId.TryParse(file.ClusterId, out var cluster) ? "its cluster id is not 32 hexadecimal digits"
            : !NodeId.TryParse(file.NodeId, out var id) ? "its node id is not 32 hexadecimal digits"
            : string.IsNullOrEmpty(file.NodeName) ? "it has no node name"
            : !IPAddress.TryParse(file.AdvertiseAddress, out _) ? $"'{file.AdvertiseAddress}' is no IP address"
            : file.ManagerAddresses.IsDefaultOrEmpty ? "it names no manager"
            : file.PortRangeFirst is < 1 or > 65535 || file.PortRangeLast < file.PortRangeFirst || file.PortRangeLast > 65535
                ? $"{file.PortRangeFirst}-{file.PortRangeLast} is no range of ports"
            : !Uri.TryCreate(file.Consul.HttpAddress, UriKind.Absolute, out _) ? $"'{file.Consul.HttpAddress}' is no address of Consul"
            : null;
        if (problem is not null) return false;
        node = new NodeIdentity(cluster, NodeId.Parse(file.NodeId), file.NodeName, file.AdvertiseAddress);
        return true;
    }
}
