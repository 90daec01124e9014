// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Compose;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster deploy</c>: the services of a compose file, until they run.</summary>
internal static class DeployCommand
{
    private sealed record Options(
        Option<string> File, Argument<string?> Stack, Option<bool> Prune, Option<string[]> AllowIgnored, Option<string?> Plan,
        WaitOptions Wait);

    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("deploy", "Deploy a compose file and wait until its services run.",
            "cluster deploy -f shop.yml\ncluster deploy -f shop.yml --timeout 2m staging");
        var options = new Options(
            new Option<string>("--file", "-f") { Description = "Compose file; - reads standard input", HelpName = "FILE", Required = true },
            new Argument<string?>("STACK") { Description = "Name of the stack (default: the file's name, then its folder)",
                Arity = ArgumentArity.ZeroOrOne },
            new Option<bool>("--prune") { Description = "Remove services of the stack that the file does not have" },
            new Option<string[]>("--allow-ignored") { Description = "A key that may be ignored, for example networks; may be repeated",
                HelpName = "KEY", Arity = ArgumentArity.OneOrMore },
            PlanOption.Make(),
            new WaitOptions());
        command.Add(options.Stack);
        command.Add(options.File);
        command.Add(options.Prune);
        command.Add(options.AllowIgnored);
        command.Add(options.Plan);
        options.Wait.AddTo(command);
        return shell.Bind(command, (session, parse, cancellationToken) => RunAsync(session, parse, options, cancellationToken));
    }

    private static async Task<ExitCode> RunAsync(
        CliSession session, ParseResult parse, Options options, CancellationToken cancellationToken)
    {
        var result = ComposeSource.Understood(session, parse.GetValue(options.File)!, parse.GetValue(options.Stack),
            parse.GetValue(options.AllowIgnored) ?? [], "nothing was deployed");
        var services = options.Wait.DeadlineOf(parse) is { } deadline
            ? [.. result.Services.Select(s => s with { ProgressDeadline = deadline })] : result.Services;
        await ShowPlanAsync(session, result.Stack!, services, parse.GetValue(options.Prune), cancellationToken);
        var request = new V1.DeployRequest
        {
            RequestId = RequestId.New(), Stack = result.Stack, Prune = parse.GetValue(options.Prune),
            Plan = parse.GetValue(options.Plan) ?? "",
        };
        request.Services.AddRange(services.Select(s => s.ToWire()));
        var response = await session.Cluster.MutateAsync(
            (invoker, call) => new V1.StackApi.StackApiClient(invoker).DeployAsync(request, call), cancellationToken);
        return await ChangeFlow.FinishAsync(
            session, $"Deploy of {result.Stack}", $"Deployed {result.Stack} release {response.Release}", response.Services, options.Wait,
            parse, cancellationToken);
    }

    private static async Task ShowPlanAsync(
        CliSession session, string stack, IReadOnlyList<ServiceSpec> services, bool isPruning, CancellationToken cancellationToken)
    {
        var snapshot = await ServiceCalls.ListAsync(session, [], stack, withAllocations: false, cancellationToken);
        var running = snapshot.Services.Select(s => s.Name.Name).ToHashSet(StringComparer.Ordinal);
        session.Note($"Plan for stack {stack} on cluster {session.Cluster.ContextName}");
        var unchanged = new List<string>();
        foreach (var spec in services)
        {
            var before = running.Contains(spec.Name.Name)
                ? ServiceCalls.Running(await ServiceCalls.GetAsync(session, spec.Name, cancellationToken)) : null;
            if (before is null) session.Note($"  + {spec.Name.Name}   {PlanText.Describe(spec)}");
            else if (PlanText.Changes(before, spec) is { } changes) session.Note($"  ~ {spec.Name.Name}   {changes}");
            else unchanged.Add(spec.Name.Name);
        }

        if (unchanged.Count > 0) session.Note($"  = {string.Join(", ", unchanged)}   unchanged");
        var left = running.Except(services.Select(s => s.Name.Name)).Order(StringComparer.Ordinal).ToArray();
        foreach (var name in left) session.Note(isPruning ? $"  - {name}" : $"  = {name}   not in the file; kept (--prune removes it)");
    }
}
