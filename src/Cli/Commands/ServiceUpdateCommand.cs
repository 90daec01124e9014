// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster service update</c> and <c>cluster update</c>: changes to one service, from the revision that was read.</summary>
internal static class ServiceUpdateCommand
{
    private sealed record Options(
        Argument<string> Name, ServiceFlags Flags, Option<bool> Force, Option<string?> Plan, WaitOptions Wait);

    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("update", "Change a service and wait until the new revision runs.",
            "cluster update web --image registry.lab:5000/web:2\ncluster update web --env LEVEL=debug --env-rm TRACE");
        var options = new Options(
            new Argument<string>("SERVICE") { Description = "The service" },
            new ServiceFlags(isUpdate: true),
            new Option<bool>("--force") { Description = "Replace the containers though nothing changed" },
            PlanOption.Make(),
            new WaitOptions());
        options.Name.CompletionSources.Add(NameCompletion.Services(shell));
        command.Add(options.Name);
        options.Flags.AddTo(command);
        command.Add(options.Force);
        command.Add(options.Plan);
        options.Wait.AddTo(command);
        return shell.Bind(command, (session, parse, cancellationToken) => RunAsync(session, parse, options, cancellationToken));
    }

    private static async Task<ExitCode> RunAsync(
        CliSession session, ParseResult parse, Options options, CancellationToken cancellationToken)
    {
        var name = ServiceName.Parse(parse.GetValue(options.Name)!);
        if (!options.Flags.AnyGiven(parse) && !parse.GetValue(options.Force) && options.Wait.DeadlineOf(parse) is null)
            throw new CliException(ExitCode.BadInput, "no change is given", "cluster update --help");
        var change = Of(session, parse, options.Flags, name, parse.GetValue(options.Force)) with
        {
            Plan = parse.GetValue(options.Plan) ?? "",
        };
        return await SpecChange.RunAsync(session, change, options.Wait, parse, cancellationToken);
    }

    /// <summary>What the flags ask for: the same for an update and for its plan.</summary>
    internal static SpecChange Of(CliSession session, ParseResult parse, ServiceFlags flags, ServiceName name, bool isForced) => new()
    {
        Name = name, What = "Update", Done = revision => $"Updated {name.Display} to revision {revision}", IsForced = isForced,
        Change = before => Changed(session, parse, flags, before),
    };

    private static ServiceSpec Changed(CliSession session, ParseResult parse, ServiceFlags flags, ServiceSpec before)
    {
        var after = FlagReader.Apply(flags, parse, session.Environment, before);
        // The spec still has the number it was created with; what 'scale' set since is kept by naming none.
        return flags.IsCountGiven(parse) ? after : after with { Replicas = null };
    }
}
