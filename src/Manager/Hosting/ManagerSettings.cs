// SPDX-License-Identifier: Apache-2.0
using System.Net;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;
using ClusterManager.Model;

namespace ClusterManager.Manager.Hosting;

/// <summary>What the manager reads from its disk at start.</summary>
internal sealed record ManagerSettings
{
    public required ClusterPaths Paths { get; init; }

    public required NodeFile Node { get; init; }

    public required ManagerIdentity Identity { get; init; }

    public required CertificateWithKey Certificate { get; init; }

    public required ClusterKey ClusterKey { get; init; }

    public required int Port { get; init; }

    /// <summary>Where metrics are served without TLS and to everybody; null: nowhere.</summary>
    public IPEndPoint? MetricsAddress { get; init; }

    /// <summary>The file with the bearer token that may read metrics; it need not exist.</summary>
    public string MetricsTokenFile => Path.Combine(Paths.ManagerDirectory, "metrics.token");

    /// <summary>The file with the token that registries' messages carry; without it none is taken.</summary>
    public string HooksTokenFile => Path.Combine(Paths.ManagerDirectory, "hooks.token");

    /// <summary>Programs that give short-lived credentials of registries; only the machine's owner puts some there.</summary>
    public string HelpersDirectory => Path.Combine(Paths.ManagerDirectory, "credential-helpers");

    /// <summary>The file with what is special about registries; it need not exist, and is read again when it changes.</summary>
    public string RegistriesFile => Path.Combine(Paths.ManagerDirectory, "registries.json");

    /// <summary>Reads everything; all that is wrong is said at once.</summary>
    /// <exception cref="InvalidDataException">Something is missing or damaged.</exception>
    public static async Task<ManagerSettings> LoadAsync(ClusterPaths paths, int port, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var node = (await NodeFile.At(paths).ReadAsync(cancellationToken)).Value;
        if (node is null) problems.Add($"{paths.NodeFile} is missing or damaged: run 'cluster init' or 'cluster join'");
        var certificate = await CertificateWithKey.TryLoadAsync(paths.ManagerCertificate, cancellationToken);
        if (certificate is null)
            problems.Add($"{paths.ManagerCertificate} is missing or damaged: this machine is no manager (join with --manager)");
        var key = await ClusterKey.TryLoadAsync(paths.ClusterKey, cancellationToken);
        if (key is null) problems.Add($"{paths.ClusterKey} is missing or damaged");
        if (!File.Exists(paths.TrustedRoots)) problems.Add($"{paths.TrustedRoots} is missing");
        if (problems.Count > 0) throw new InvalidDataException(string.Join("; ", problems));
        return new ManagerSettings
        {
            Paths = paths, Node = node!, Certificate = certificate!, ClusterKey = key!, Port = port,
            Identity = new ManagerIdentity(
                ClusterId.Parse(node!.ClusterId), NodeId.Parse(node.NodeId), node.NodeName, Endpoint(node.AdvertiseAddress, port),
                node.Incarnation),
        };
    }

    private static string Endpoint(string address, int port) => new IPEndPoint(IPAddress.Parse(address), port).ToString();
}
