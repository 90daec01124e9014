// SPDX-License-Identifier: Apache-2.0
using System.CommandLine.Completions;
using ClusterManager.Cli.Contexts;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary>Names from the server for the shell's completion: bounded in time, silent on failure.</summary>
internal static class NameCompletion
{
    /// <summary>Names of services.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> Services(CommandShell shell) => _ =>
        Ask(shell, async (cluster, token) =>
    {
        var list = await cluster.ReadAsync(
            (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).ListAsync(new V1.ListServicesRequest(), options),
            shell.Environment.CompletionLimit, token);
        return list.Services.Select(s => Words.NameOf(s.Name));
    });

    /// <summary>Names of nodes.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> Nodes(CommandShell shell) => _ =>
        Ask(shell, async (cluster, token) =>
    {
        var list = await cluster.ReadAsync((invoker, options) => new V1.NodeApi.NodeApiClient(invoker)
            .ListAsync(new V1.ListNodesRequest(), options), shell.Environment.CompletionLimit, token);
        return list.Nodes.Select(n => n.Name);
    });

    // The library asks synchronously; the shell waits for us anyway.
    private static IEnumerable<CompletionItem> Ask(
        CommandShell shell, Func<ClusterConnection, CancellationToken, Task<IEnumerable<string>>> ask)
    {
        try
        {
            var environment = shell.Environment;
            var resolved = ContextResolver.Resolve(environment, ContextFile.Load(ContextFile.PathFor(environment)), null, []);
            using var limit = new CancellationTokenSource(environment.CompletionLimit, environment.Time);
            using var cluster = new ClusterConnection(environment, resolved.Context, _ => { });
            // On the pool: the caller's own context may be what we block.
            var names = Task.Run(() => ask(cluster, limit.Token)).GetAwaiter().GetResult();
            return [.. names.Order(StringComparer.Ordinal).Select(n => new CompletionItem(n))];
        }
        catch (Exception e) when (e is CliException or RpcException or OperationCanceledException or IOException
            or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
