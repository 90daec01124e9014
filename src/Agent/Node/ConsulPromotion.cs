// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using ClusterManager.Consul.Provisioning;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Logging;
using ClusterManager.Hosting.Processes;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Agent.Node;

/// <summary>
/// Makes this node's Consul agent a server when the managers want it (with the third manager all become servers): fetches the server's
/// certificate, rewrites the configuration, restarts Consul. Repeats until it is done; running containers are not concerned.
/// </summary>
internal sealed partial class ConsulPromotion(
    ClusterPaths paths,
    NodeFileKeeper nodeFile,
    ManagerDirectory directory,
    CertificateKeeper certificates,
    TimeProvider time,
    ILogger<ConsulPromotion> logger)
{
    private const string Role = "consul";
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RestartLimit = TimeSpan.FromSeconds(30);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var pause = Look;
            if (directory.WantsConsulServer && await nodeFile.ReadAsync(cancellationToken) is { } node
                && !node.Roles.Contains(NodeRole.ConsulServer) && !await TryPromoteAsync(cancellationToken))
            {
                pause = Retry;
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task<bool> TryPromoteAsync(CancellationToken cancellationToken)
    {
        var pair = Path.Combine(paths.ConsulDirectory, "server.pem");
        var configuration = Path.Combine(paths.ConsulDirectory, "config.json");
        try
        {
            // The renewal brings a server's certificate as soon as the node's record says that it is one.
            if (!await certificates.RenewAsync(cancellationToken) || !File.Exists(pair)) return false;
            var json = await File.ReadAllTextAsync(configuration, cancellationToken);
            var promoted = Encoding.UTF8.GetBytes(ConsulServerPromotion.Promote(json, pair));
            await AtomicFile.WriteAsync(configuration, promoted, FileModes.Private, cancellationToken);
            if (!await HostKeepers.Of(paths, [], time).RestartAsync(Role, RestartLimit, cancellationToken)) return false;
            await nodeFile.UpdateAsync(WithServer, cancellationToken);
            LogPromoted(logger);
            return true;
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            LogFailed(logger, error.Message);
            return false;
        }
    }

    private static NodeFile WithServer(NodeFile node) =>
        node.Roles.Contains(NodeRole.ConsulServer) ? node : node with { Roles = node.Roles.Add(NodeRole.ConsulServer) };

    [LoggerMessage(EventIds.AgentSession + 45, LogLevel.Information, "This node's Consul agent is a server now",
        EventName = "ConsulPromoted")]
    private static partial void LogPromoted(ILogger logger);

    [LoggerMessage(EventIds.AgentSession + 46, LogLevel.Warning, "This node's Consul agent is not a server yet: {Problem}",
        EventName = "ConsulNotPromoted")]
    private static partial void LogFailed(ILogger logger, string problem);
}
