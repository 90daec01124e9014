// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster service rm</c> and <c>cluster rm</c>: services go; their named volumes stay.</summary>
internal static class ServiceRmCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("rm", "Remove services and wait until their containers are gone; named volumes stay.",
            "cluster rm web shop/api");
        var names = new Argument<string[]>("SERVICE") { Description = "Services", Arity = ArgumentArity.OneOrMore };
        names.CompletionSources.Add(NameCompletion.Services(shell));
        var wait = new WaitOptions();
        command.Add(names);
        command.Add(YesOption.Make());
        wait.AddTo(command, withTimeout: false);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var request = new V1.RemoveServicesRequest { RequestId = RequestId.New() };
            request.Names.AddRange(parse.GetValue(names)!.Distinct().Select(n => ServiceName.Parse(n).ToWire()));
            // Asked first, so that a name mistyped removes nothing and the nearest one is suggested.
            await ServiceCalls.ListAsync(session, parse.GetValue(names)!, null, withAllocations: false, cancellationToken);
            foreach (var name in request.Names) session.Note($"- {name.ToModel().Display}");
            var response = await session.Cluster.MutateAsync(
                (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).RemoveAsync(request, options), cancellationToken);
            var all = string.Join(", ", request.Names.Select(n => n.ToModel().Display));
            return await ChangeFlow.FinishAsync(session, $"Removal of {all}", $"Removed {all}", Removed(response), wait, parse,
                cancellationToken);
        });
    }

    /// <summary>The answer's services, all of them as removals.</summary>
    internal static IReadOnlyList<V1.AppliedService> Removed(V1.RemoveServicesResponse response)
    {
        foreach (var service in response.Services) service.Change = V1.AppliedService.Types.Change.Removed;
        return response.Services;
    }
}
